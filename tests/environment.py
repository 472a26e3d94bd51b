"""How large an environment is, and by which packages.

Run as `python tests/environment.py FOLDER ...` with folders of packages (`site-packages`).
"""

from __future__ import annotations

import csv
import os
import re
import sys
from pathlib import Path
from typing import NamedTuple

MEGABYTE = 1024 * 1024
# What makes an environment in the first place, and installs into it.
SEEDED = {"pip", "setuptools", "wheel"}
_BYTE_CODE = (".pyc", ".pyo")
_COMPILED = (".so", ".pyd")


class Package(NamedTuple):
    """An installed package. Bytes of what it came with, of the compiled part of that, and of the
    byte code that was made of it."""

    name: str
    source: int
    compiled: int
    byte_code: int

    @property
    def total(self) -> int:
        return self.source + self.byte_code

    def __str__(self) -> str:
        parts = [f"{self.total / MEGABYTE:5.1f} MB {self.name}"]
        if self.compiled:
            parts.append(f"compiled {self.compiled / MEGABYTE:.1f}")
        if self.byte_code:
            parts.append(f"byte code {self.byte_code / MEGABYTE:.1f}")
        return ", ".join(parts)


def packages(folder: Path) -> dict[str, Package]:
    """What is installed in a folder of packages: normal name -> package."""
    found = {}
    for record in sorted(folder.glob("*.dist-info/RECORD")):
        name = record.parent.name.split("-")[0]
        package = measured(re.sub(r"[-_.]+", "-", name).lower(), folder, record)
        found[package.name] = package
    return found


def measured(name: str, folder: Path, record: Path) -> Package:
    """The package whose files a RECORD lists; byte code counts whether it is listed or not."""
    with record.open(encoding="utf-8", newline="") as stream:
        files = {folder / row[0] for row in csv.reader(stream) if row}
    for file in [file for file in files if file.suffix == ".py"]:
        files.update((file.parent / "__pycache__").glob(f"{file.stem}.*.pyc"))
    sizes = {file: os.lstat(file).st_size for file in files if os.path.lexists(file)}
    byte_code = sum(size for file, size in sizes.items() if file.suffix in _BYTE_CODE)
    compiled = sum(size for file, size in sizes.items() if file.suffix in _COMPILED)
    return Package(name, sum(sizes.values()) - byte_code, compiled, byte_code)


def table(found: dict[str, Package]) -> str:
    """The packages, the largest first, and the sum of all but the installers."""
    lines = [str(package) for package in sorted(found.values(), key=lambda it: -it.total)]
    own = sum(it.total for it in found.values() if it.name not in SEEDED)
    return "\n".join([*lines, f"{own / MEGABYTE:5.1f} MB in {len(found.keys() - SEEDED)} packages"])


if __name__ == "__main__":
    print(*(table(packages(Path(folder))) for folder in sys.argv[1:]), sep="\n\n")
