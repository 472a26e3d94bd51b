"""TH101: archives that are unpacked without a filter."""

from __future__ import annotations

from pathlib import Path

import pytest
from detecting import issues, names_cover, plain, said

FOUND = [
    ("import shutil\nshutil.unpack_archive(p, d)", "MEDIUM", "MEDIUM"),
    ("from shutil import unpack_archive\nunpack_archive(p)", "MEDIUM", "MEDIUM"),
    ("from shutil import unpack_archive as u\nu('a.tar.gz', d)", "MEDIUM", "MEDIUM"),
    ("import shutil\nshutil.unpack_archive(p, d, 'gztar')", "MEDIUM", "MEDIUM"),
    ("import shutil\nshutil.unpack_archive(p, d, filter='fully_trusted')", "HIGH", "HIGH"),
    ("from tarfile import TarFile\nTarFile(p).extractall(d)", "MEDIUM", "HIGH"),
    ("from tarfile import TarFile\nTarFile.open(p).extractall(d)", "MEDIUM", "HIGH"),
    ("from tarfile import open\nopen(p).extractall(d)", "MEDIUM", "HIGH"),
    ("from tarfile import open as o\nwith o(p) as t:\n    t.extractall(d)", "MEDIUM", "HIGH"),
    ("from tarfile import TarFile\nt = TarFile(p)\nt.extractall(d)", "MEDIUM", "HIGH"),
    ("from tarfile import TarFile\nt: T = TarFile(p)\nt.extractall(d)", "MEDIUM", "HIGH"),
    ("from tarfile import TarFile\nif (t := TarFile(p)):\n t.extractall(d)", "MEDIUM", "HIGH"),
    ("from tarfile import TarFile\nt = s = TarFile(p)\ns.extractall(d)", "MEDIUM", "HIGH"),
    ("from tarfile import TarFile\na, t = 1, TarFile(p)\nt.extractall(d)", "MEDIUM", "HIGH"),
    ("from tarfile import TarFile\ndef f(t: TarFile):\n    t.extractall(d)", "MEDIUM", "HIGH"),
    ("from tarfile import TarFile as T\nt = T(p)\ndef f():\n    t.extractall()", "MEDIUM", "HIGH"),
    (
        (
            "from tarfile import TarFile\n"
            "class A:\n"
            "    def __init__(self): self.t = TarFile(p)\n"
            "    def f(self): self.t.extractall(d)"
        ),
        "MEDIUM",
        "HIGH",
    ),
    (
        (
            "from tarfile import TarFile\n"
            "from contextlib import closing\n"
            "with closing(TarFile(p)) as t:\n"
            "    t.extractall(d)"
        ),
        "MEDIUM",
        "HIGH",
    ),
    # Which of the two it is depends on the archive.
    (
        "from tarfile import TarFile\nt = TarFile(p)\nif zipped: t = ZipFile(p)\nt.extractall(d)",
        "MEDIUM",
        "HIGH",
    ),
    ("import tarfile\nt = tarfile.open(p)\nfor m in t: t.extract(m, d)", "MEDIUM", "MEDIUM"),
    ("import tarfile\ntarfile.open(p).extract(member=m, path=d)", "MEDIUM", "MEDIUM"),
    ("import tarfile\nm = first()\ntarfile.open(p).extract(m, d)", "MEDIUM", "MEDIUM"),
    ("import tarfile\nm.mode = 0\ntarfile.open(p).extract(m, d)", "MEDIUM", "MEDIUM"),
    ("import tarfile\ntarfile.open(p).extract(m, filter='fully_trusted')", "HIGH", "HIGH"),
    (
        "import tarfile\ntarfile.open(p).extract(m, filter=tarfile.fully_trusted_filter)",
        "HIGH",
        "HIGH",
    ),
    (
        "from tarfile import TarFile\nTarFile(p).extractall(d, filter='fully_trusted')",
        "HIGH",
        "HIGH",
    ),
    ("from tarfile import TarFile\nTarFile(p).extractall(d, members=None)", "MEDIUM", "HIGH"),
    (
        "from tarfile import TarFile\nt = TarFile(p)\nt.extractall(d, members=t.getmembers())",
        "MEDIUM",
        "HIGH",
    ),
]

SILENT = [
    "import shutil\nshutil.unpack_archive(p, d, filter='data')",
    "import shutil\nshutil.unpack_archive(p, d, 'tar', 'data')",
    "import shutil\nshutil.unpack_archive(p, d, filter=chosen)",
    "import shutil\nshutil.unpack_archive('a.zip', d)",
    "import shutil\nshutil.unpack_archive(f'{name}.WHL', d)",
    "import shutil\nshutil.unpack_archive(p, d, 'zip')",
    "import shutil\nshutil.unpack_archive(p, d, **options)",
    "unpack_archive(p, d)",
    "from mine import unpack_archive\nunpack_archive(p, d)",
    "from tarfile import TarFile\nTarFile(p).extractall(d, filter='data')",
    "from tarfile import TarFile\nTarFile(p).extractall(d, filter='tar')",
    "from tarfile import TarFile\nTarFile(p).extractall(d, filter=checked)",
    "from tarfile import TarFile\nTarFile(p).extractall(d, **options)",
    "from tarfile import TarFile\nTarFile(p).extractall(d, members=safe(m))",
    "from tarfile import TarFile\nTarFile(p).extractall(d, chosen)",
    "from tarfile import TarFile\nTarFile(p).extract('one.txt', d)",
    "from tarfile import TarFile\nTarFile(p).extractfile(m)",
    "import tarfile\nm = 'a/README'\ntarfile.open(p).extract(m, d)",
    "import tarfile\nt = tarfile.open(p)\nfor m in t:\n    m.name = base(m)\n    t.extract(m, d)",
    "from tarfile import TarFile\nTarFile(p).extract(m, d, filter='data')",
    # What B202 says already.
    "import tarfile\ntarfile.open(p).extractall(d)",
    # Not a tar archive, or nobody knows.
    "from tarfile import TarFile\nfrom zipfile import ZipFile\nZipFile(p).extractall(d)",
    "from tarfile import TarFile\ndef f(t):\n    t.extractall(d)",
    "from tarfile import TarFile\nt = TarFile(p)\nt = ZipFile(p)\nt.extractall(d)",
    "from tarfile import TarFile\nt = TarFile(p)\ndef f(t):\n    t.extractall(d)",
    "from tarfile import TarFile\nt = t2 = None\nt.extractall(d)\nt = TarFile(p)",
    "import pandas\nframe.str.extract(pattern)",
    "extract(m)",
    "t.extractall()",
    (
        "from tarfile import TarFile\n"
        "with ZipFile(p) as a:\n"
        "    a.extractall(d)\n"
        "with TarFile(p) as a:\n"
        "    a.extractall(d, filter='data')"
    ),
    (
        "from tarfile import TarFile\n"
        "if x:\n"
        "    a = ZipFile(p)\n"
        "    a.extractall(d)\n"
        "else:\n"
        "    a = TarFile(p)\n"
        "    a.extractall(d, filter='data')"
    ),
]


@pytest.mark.parametrize(("source", "severity", "confidence"), FOUND)
def test_found(source: str, severity: str, confidence: str) -> None:
    assert said("TH101", source) == [(source.count("\n") + 1, severity, confidence)]
    assert names_cover("TH101", source)


@pytest.mark.parametrize("source", SILENT)
def test_silent(source: str) -> None:
    assert said("TH101", source) == []


def test_it_says_what_to_do() -> None:
    (issue,) = issues("TH101", FOUND[0][0])
    assert 'filter="data"' in issue.text
    assert issue.cwe.id == 22
    assert issue.test == "unsafe_archive_extraction"


def test_names_that_stand_for_each_other_come_to_an_end() -> None:
    assert said("TH101", "a = b\nb = a\na.extractall()\nself.x = self.x\nself.x.extract(m)") == []


def test_in_plain_bandit(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("from tarfile import TarFile\n\nTarFile(p).extractall(d)\n", "utf-8")
    (result,) = plain("TH101", file)
    assert (result["line_number"], result["test_id"]) == (3, "TH101")
