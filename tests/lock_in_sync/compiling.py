"""An index of tiny wheels, and the compilers run on it without a network."""

from __future__ import annotations

import os
import re
import subprocess
import zipfile
from pathlib import Path

from tools import tool

# Name -> versions, what each needs, and its extras.
INDEX: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "alpha": (("1.0", "1.5", "2.0"), ("beta>=1",), ()),
    "beta": (("1.0", "1.5", "2.0"), (), ()),
    "gamma": (("1.0", "1.5", "2.0"), ("beta>=1", "delta>=1; extra == 'fast'"), ("fast",)),
    "delta": (("1.0", "1.5", "2.0"), (), ()),
    "epsilon": (("1.0", "2.0"), ("colour>=1; sys_platform == 'win32'",), ()),
    "colour": (("1.0", "2.0"), (), ()),
    "zeta.eta": (("1.0", "2.0", "3.0a1"), (), ()),
    "theta": (("1.0", "2.0"), ("alpha",), ()),
}
_PIN = re.compile(r"^[A-Za-z0-9][^#\n]*?(?=\s*(?:#|\\?$))", re.MULTILINE)


def build(folder: Path) -> Path:
    """Write the wheels of the index into a folder."""
    folder.mkdir()
    for name, (versions, needs, extras) in INDEX.items():
        for version in versions:
            _wheel(folder, name, version, needs, extras)
    return folder


def _wheel(
    folder: Path, name: str, version: str, needs: tuple[str, ...], extras: tuple[str, ...]
) -> None:
    stem = f"{name.replace('.', '_')}-{version}"
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Provides-Extra: {extra}" for extra in extras]
    lines += [f"Requires-Dist: {need}" for need in needs]
    wheel = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as archive:
        for member, content in (("METADATA", "\n".join(lines) + "\n"), ("WHEEL", wheel)):
            archive.writestr(f"{stem}.dist-info/{member}", content)
        archive.writestr(f"{stem}.dist-info/RECORD", "")


def run(command: str, folder: Path, wheels: Path) -> bool:
    """Run a compiler's command in a folder, with nothing but the wheels to choose from; whether
    it succeeded."""
    words = command.split()
    program = tool(words[0])
    environment = {
        "PATH": f"{Path(program).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(wheels.parent),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheels),
        "UV_NO_INDEX": "1",
        "UV_FIND_LINKS": str(wheels),
        "UV_OFFLINE": "1",
        "UV_CACHE_DIR": str(wheels.parent / "cache"),
        "UV_PYTHON_DOWNLOADS": "never",
    }
    done = subprocess.run(
        [program, *words[1:]], cwd=folder, env=environment, capture_output=True, check=False
    )
    return done.returncode == 0


def pins(text: str) -> list[str]:
    """What a compiled file pins, without hashes and comments."""
    return sorted(match.strip() for match in _PIN.findall(text))
