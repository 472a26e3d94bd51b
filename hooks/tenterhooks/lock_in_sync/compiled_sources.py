"""lock-untrusted-source in compiled requirements: repositories without a commit, plain http, and
an index beside the first that nothing asked for."""

from __future__ import annotations

import re

from tenterhooks.core.files import Unreadable
from tenterhooks.formats import compiled as compiled_format
from tenterhooks.formats import requirements
from tenterhooks.formats.names import normal
from tenterhooks.lock_in_sync import compiled, hosts, undeclared
from tenterhooks.lock_in_sync.faults import COMMIT, HTTPS, RESTORE, Fault, plain, undeclared_fault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.files import File, Repository
    from tenterhooks.formats.requirements import Line, Requirements

_URL = re.compile(r"(?:[\w.-]+(?:\[[^\]]*\])?[ \t]*@[ \t]*)?((?:(git|hg)\+)?[a-z+]+://[^\s;]+)")
_NAME = re.compile(r"[\s@\[#=;]")
_INDEXES = ("--index-url", "--extra-index-url", "--find-links")


def faults(file: File, repository: Repository) -> Iterator[Fault]:
    """Faults of one compiled file. Raises Unreadable: not text."""
    document = requirements.load(file)
    strange = _undeclared(file, repository)
    for line in document.lines:
        if line.requirement is None:
            yield from _options(document, line, repository)
        elif line.start in strange:
            name = _NAME.split(line.requirement, maxsplit=1)[0]
            yield undeclared_fault(name, document.position(line.start), strange[line.start])
        else:
            yield from _requirement(document, line)


def _undeclared(file: File, repository: Repository) -> dict[int, str]:
    """Where a line starts -> the address that it takes a package from, of those that neither an
    input names nor anything that is not from an index asks for."""
    entries = compiled_format.load(file).entries
    direct = {id(entry): _URL.match(entry.text) for entry in entries if "://" in entry.text}
    if not any(direct.values()):
        return {}
    inputs = compiled.sources(file, repository)
    if not inputs:
        return {}
    project = undeclared.Project(file, repository, inputs)
    pinned = {normal(_NAME.split(entry.text)[0]) for entry in entries if "==" in entry.text}
    return {
        entry.line.start: found[1]
        for entry in entries
        if (found := direct.get(id(entry)))
        and not project.names(found[1].rpartition("@")[0] or found[1])
        and entry.via
        and all(_is_innocent(item, pinned) for item in entry.via)
    }


def _is_innocent(via: str, pinned: set[str]) -> bool:
    """Whether what an entry is there for is an input, which was read, or comes from an index."""
    return via.startswith(("-r ", "-c ")) or normal(via) in pinned


def _requirement(document: Requirements, line: Line) -> Iterator[Fault]:
    text = line.requirement or ""
    found = _URL.match(text)
    where = hosts.address(found[1]) if found else None
    if found is None or where is None:
        return
    name = (
        re.split(r"[\s@\[#]", text, maxsplit=1)[0] if "@" in text[: found.start(1)] else str(where)
    )
    place = document.position(line.start)
    if where.is_plain:
        yield Fault(name, place, plain(where), HTTPS)
    if found[2]:
        revision = where.path.rpartition("@")[2] if "@" in where.path else ""
        if not COMMIT.fullmatch(revision):
            what = f"at {revision[:60]}" if revision else "at no commit"
            message = f"is taken from a repository {what}, which can move"
            yield Fault(name, place, message, "name the full commit, and compile again")


def _options(document: Requirements, line: Line, repository: Repository) -> Iterator[Fault]:
    for option in _INDEXES:
        for url in line.options.get(option, ()):
            where = hosts.address(url)
            if where is None:
                continue
            place = document.position(line.start)
            if where.is_plain:
                yield Fault(option, place, plain(where), HTTPS)
            # The first index may be anybody's, a company's: then all comes from it.
            if option != "--index-url" and not _is_asked_for(document.file, url, repository):
                message = f"{where} is an index that no input names"
                fix = f"if it is meant, name it in an input, with {option}; {RESTORE}"
                yield Fault(option, place, message, fix)


def _is_asked_for(file: File, url: str, repository: Repository) -> bool:
    """Whether the command in the head of a compiled file names an index, or one of its inputs;
    True as well where no input is known."""
    name = hosts.index(url)
    comments = "\n".join(line for line in file.text.splitlines() if line.startswith("#"))
    inputs = compiled.sources(file, repository)
    if name == hosts.PUBLIC or not inputs:
        return True
    texts = [comments]
    for source in inputs:
        try:
            texts.append(source.text)
        except Unreadable:
            continue
    # What the environment fills in is not known here.
    return any(name in text or "://$" in text or "://%" in text for text in texts)
