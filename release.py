"""What a release is made with, on any machine as in .github/workflows/release.yml.

    python3 release.py check TAG       the tag, the package and the changelog name one version
    python3 release.py notes TAG       what the changelog says of it
    python3 release.py build FOLDER    the sdist and the wheel of the commit that is checked out
    python3 release.py sbom FOLDER     what the package needs, as locked (CycloneDX)
    python3 release.py test FOLDER [ARGUMENT ...]
                                       the tests, on the wheel that lies there

The same commit gives the same bytes. All tools are those that requirements/ locks.
"""

import datetime as dt
import hashlib
import json
import re
import sys
import tempfile
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import dev

NAME = "tenterhooks"
# Left in the package for `tenterhooks adopt`, which writes it into configurations.
STAMP = f"{NAME}/everything/adopt/COMMIT"
UV = ("-m", "uv", "--quiet", "--no-python-downloads")


def check(arguments: Sequence[str]) -> int:
    """Raises dev.Failure: something names another version, or nothing is told of this one."""
    tag = one(arguments, "TAG")
    for path, version in versions().items():
        if f"v{version}" != tag:
            raise dev.Failure(f"the tag is {tag}, and {path} says {version}")
    section(tag)
    return 0


def notes(arguments: Sequence[str]) -> int:
    """Print the section of the changelog."""
    print(section(one(arguments, "TAG")))
    return 0


def build(arguments: Sequence[str]) -> int:
    """The sdist from the commit alone, and the wheel from the sdist, with no index at hand."""
    folder = Path(one(arguments, "FOLDER")).absolute()
    with dev.setting_up():
        python = dev.environment("build")
    with tempfile.TemporaryDirectory() as temporary:
        source = clone(Path(temporary))
        commit = dev.git("rev-parse", "HEAD")
        (source / "hooks" / STAMP).write_bytes(f"{commit}\n".encode())
        command = [python, *UV, "build", "--no-config", "--offline", "--no-build-isolation"]
        command += ["--force-pep517", "--no-create-gitignore", "--python", python]
        command += ["--out-dir", str(folder), str(source)]
        # The date is that of the commit.
        dev.run(command, variables={**dev.build_variables(python), "SOURCE_DATE_EPOCH": date()})
    for path in sorted(folder.iterdir()):
        print(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}")
    return 0


def sbom(arguments: Sequence[str]) -> int:
    """Write it beside the distributions' folder, under the name of the version."""
    folder = Path(one(arguments, "FOLDER")).absolute()
    with dev.setting_up():
        python = dev.environment("build")
    pins = locked()
    with tempfile.TemporaryDirectory() as temporary:
        source = clone(Path(temporary))
        # uv tells what uv.lock holds; so it locks once more, and may take nothing but the pins.
        lines = json.dumps([f"{name}=={version}" for name, version in pins])
        (source / "uv.toml").write_text(f"constraint-dependencies = {lines}\n", "utf-8")
        here = ["--project", str(source), "--python", python]
        uv = [python, *UV, "--system-certs"]
        dev.run([*uv, "lock", *here])
        export = ["export", "--frozen", "--all-extras", "--no-default-groups"]
        export += ["--format", "cyclonedx1.5", "--output-file", f"{temporary}/sbom.json"]
        dev.run([*uv, *export, *here])
        bill = json.loads(Path(temporary, "sbom.json").read_text("utf-8"))
    folder.mkdir(exist_ok=True)
    path = folder / f"{NAME}-{version()}.cdx.json"
    path.write_bytes(f"{json.dumps(settled(bill, pins), indent=2)}\n".encode())
    print(path.name)
    return 0


def test(arguments: Sequence[str]) -> int:
    """The tests in a new environment, where the wheel is installed and the checkout is not."""
    if not arguments:
        raise dev.Failure("test takes FOLDER")
    (wheel,) = Path(arguments[0]).absolute().glob("*.whl")
    with dev.setting_up():
        dev.wheels(dev.environment("run"))
    with tempfile.TemporaryDirectory() as temporary:
        dev.run([sys.executable, "-m", "venv", temporary])
        python = dev.interpreter(Path(temporary))
        dev.pip(python, "install", *dev.HASHED, "requirements/test.txt")
        dev.pip(python, "install", "--no-index", "--no-deps", str(wheel))
        where = f"import {NAME}, sys; sys.exit({NAME}.__file__.startswith(sys.prefix) < 1)"
        dev.run([python, "-c", where], failure="the tests would not look at the wheel")
        return dev.pytest(python, arguments[1:])


COMMANDS: Mapping[str, dev.Command] = {
    "check": check,
    "notes": notes,
    "build": build,
    "sbom": sbom,
    "test": test,
}


def main(argv: Sequence[str]) -> int:
    """Run one command. Returns its exit code, or 2 where it could not be run."""
    return dev.one_of(COMMANDS, argv, "release.py", __doc__)


def one(arguments: Sequence[str], name: str) -> str:
    """The only argument. Raises dev.Failure."""
    if len(arguments) != 1:
        raise dev.Failure(f"this takes {name}, and nothing else")
    return arguments[0]


def versions() -> dict[str, str]:
    """Each place that holds the version -> what it says."""
    places = {
        "pyproject.toml": r'^version = "(.+)"$',
        f"hooks/{NAME}/__init__.py": r'^__version__ = "(.+)"$',
    }
    found = {}
    for path, pattern in places.items():
        match = re.search(pattern, (dev.ROOT / path).read_text("utf-8"), re.MULTILINE)
        found[path] = match[1] if match else "nothing"
    return found


def version() -> str:
    """The version of the package."""
    return versions()["pyproject.toml"]


def section(tag: str) -> str:
    """What the changelog says of a tag. Raises dev.Failure: nothing, or with no date."""
    text = (dev.ROOT / "CHANGELOG.md").read_text("utf-8")
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        head, _, body = part.partition("\n")
        if re.fullmatch(rf"{re.escape(tag[1:])} - \d{{4}}-\d\d-\d\d", head) and body.strip():
            return body.strip()
    raise dev.Failure(f"CHANGELOG.md has no section `## {tag[1:]} - YEAR-MONTH-DAY`")


def clone(folder: Path) -> Path:
    """A copy of the commit that is checked out: no change and no new file of this folder."""
    dev.git("clone", "--quiet", "--no-local", "--depth=1", dev.ROOT.as_uri(), str(folder / NAME))
    return folder / NAME


def date() -> str:
    """When the commit was made, in seconds."""
    return dev.git("log", "-1", "--format=%ct")


def locked() -> dict[tuple[str, str], set[str]]:
    """Name and version -> hashes, as the hooks' requirements have them."""
    text = (dev.ROOT / "requirements" / "hooks.txt").read_text("utf-8").replace("\\\n", " ")
    found = {}
    for line in text.splitlines():
        match = re.match(r"([a-z0-9-]+)==([^ ]+)", line)
        if match:
            found[match[1], match[2]] = set(re.findall(r"--hash=sha256:([0-9a-f]{64})", line))
    return found


def settled(bill: dict[str, Any], pins: Mapping[tuple[str, str], set[str]]) -> dict[str, Any]:
    """A bill of materials with the date of the commit and a name made of its content. Raises
    dev.Failure: it has something that is not locked, or with a hash that is not."""
    for part in bill["components"]:
        files = [each for each in part["externalReferences"] if each["type"] == "distribution"]
        known = pins.get((part["name"], part["version"]), set())
        kept = [it for it in files if {each["content"] for each in it["hashes"]} <= known]
        if not kept:
            raise dev.Failure(f"{part['name']} {part['version']} is not what is locked")
        part["externalReferences"] = kept
    at = dt.datetime.fromtimestamp(int(date()), dt.timezone.utc)
    bill["metadata"]["timestamp"] = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    del bill["serialNumber"]
    content = json.dumps(bill, sort_keys=True)
    return {**bill, "serialNumber": uuid.uuid5(uuid.NAMESPACE_OID, content).urn}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
