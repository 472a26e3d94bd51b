"""What a repository is made of beside its locks: pinned workflows, a security policy, and git."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

POLICY = """# Security policy

Please report a vulnerability at https://github.com/octo-org/project/security/advisories/new.
"""

STEPS = """\
      - name: Check out
        uses: actions/checkout@{sha}0 # v5.0.{n}
        with:
          persist-credentials: false
      - name: Set up Python ${{{{ matrix.python }}}}
        uses: actions/setup-python@{sha}1 # v6.1.{n}
        with:
          python-version: ${{{{ matrix.python }}}}
          cache: pip
      - name: Install
        run: |
          python -m pip install --upgrade pip
          python -m pip install --require-hashes -r requirements/test.txt
      - name: Test
        env:
          COVERAGE_FILE: .coverage.${{{{ matrix.os }}}}.${{{{ matrix.python }}}}
        run: python -m pytest --cov --cov-report=xml
      - name: Keep the report
        if: ${{{{ !cancelled() }}}}
        uses: actions/upload-artifact@{sha}2 # v4.2.{n}
        with:
          name: coverage-${{{{ matrix.os }}}}-${{{{ matrix.python }}}}
          path: coverage.xml
"""

JOB = """\
  {job}:
    runs-on: ${{{{ matrix.os }}}}
    timeout-minutes: 20
    permissions:
      contents: read
    strategy:
      fail-fast: false
      matrix:
        os: [ubuntu-24.04, windows-2025, macos-15]
        python: ["3.10", "3.11", "3.12", "3.13", "3.14"]
    steps:
"""


PUBLISH = """\
  publish:
    needs: [lint, test, docs]
    runs-on: ubuntu-24.04
    environment: pypi
    permissions:
      id-token: write
    steps:
      - uses: actions/download-artifact@{sha}3 # v4.2.{n}
        with:
          name: dist
          path: dist
      - run: |
          python -m pip install --require-hashes -r requirements/publish.txt
          make check-release VERSION="${{{{ github.ref_name }}}}"
          python -m twine upload --skip-existing dist/*
"""


def workflow(number: int) -> str:
    """A workflow of about four kilobytes, all of it pinned, that publishes in the end."""
    sha = f"{number:039x}"
    jobs = [
        JOB.format(job=job) + STEPS.format(sha=sha, n=number) for job in ("lint", "test", "docs")
    ]
    jobs.append(PUBLISH.format(sha=sha, n=number))
    head = (
        f"name: workflow {number}\non:\n  push:\n    branches: [main]\npermissions: {{}}\njobs:\n"
    )
    return head + "".join(jobs)


def track(top: Path) -> None:
    """Make a folder a git repository that tracks all that is in it."""
    for arguments in (["init", "--quiet"], ["add", "--all"]):
        subprocess.run(["git", *arguments], cwd=top, check=True)
