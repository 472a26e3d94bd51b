"""The table of supported versions, held against the version of the project."""

from __future__ import annotations

import re

from tenterhooks.core import parsed, toml
from tenterhooks.core.files import Unreadable
from tenterhooks.security_policy.document import MAX_LINE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.files import Repository
    from tenterhooks.security_policy.document import Document

    Line = tuple[int, str]
    Row = tuple[int, list[str]]
    Version = tuple[int, ...]

_FINAL = re.compile(r"v?(\d{1,9}(?:\.\d{1,9}){0,5})(?:\.?post\d{1,9})?(?:\+[\w.]{1,50})?", re.ASCII)
_RULE = re.compile(r"[\s|+:=\u2500-\u257f-]{3,}")
_SIMPLE = re.compile(r"\s{0,20}=+(?: +=+)+\s*")
_CELL = re.compile(r"\s{0,40}(\* )?\s{0,10}- ?(.*)")
_OF_PROJECT = re.compile(r"version|release|branch|series")
_OF_OTHERS = re.compile(
    r"python|django|node|\bos\b|operating|platform|java|api|protocol|schema|database|postgres|image"
)
_SUPPORTED = re.compile(r"support|status|security|maintain|fixes|updates|patche")
_REFUSED = re.compile(
    r":(?:x|no_entry|negative_squared_cross_mark|cross_mark|heavy_multiplication_x|red_circle):"
    r"|[\u274c\u2717\u2718\u2715\u2716\u00d7\U0001f534\U0001f6ab\u26d4\u274e]"
    r"|^\W*(?:no|none|not|never|unsupported|end[ -]of|eol\b(?! *[:\d])|deprecated|x|obsolete)\b"
)
_TO_COME = re.compile(
    r"develop|beta|alpha|pre-?release|upcoming|future|unreleased|planned|soon|next"
)
_NUMBER = r"v?\.?(\d{1,9}(?:\.(?:\d{1,9}|[x*]))*)"
_TERM = re.compile(
    r"(>=|=>|\u2265|<=|=<|\u2264|>|<|\^|~=|~>|~|===?|=)?\s*"
    r"(?:versions?\s+|releases?\s+)?"
    r"(before|below|until|up to|older than|prior to|since|from|after)?\s*"
    + _NUMBER
    + r"\s*(\+|(?:and|or|&)\s+(?:above|up|upwards?|newer|later|higher|greater|onwards?|beyond)"
    r"|(?:and|or|&)\s+(?:below|older|earlier|lower|less|prior|before))?"
)
_RANGE = re.compile(_NUMBER + r"\s*(?:-|\u2013|\u2014|to|through|until|\.\.\.?)\s*" + _NUMBER)
_SIGNS = {
    "=>": ">=", "\u2265": ">=", "=<": "<=", "\u2264": "<=", "before": "<", "below": "<",
    "until": "<=", "up to": "<=", "older than": "<", "prior to": "<", "since": ">=",
    "from": ">=", "after": ">", "~>": "~", "~=": "~",
}  # fmt: skip


def outdated(repository: Repository, document: Document) -> Iterator[tuple[int, str]]:
    """Where and how the one table of supported versions leaves out the version of the project.

    Nothing where that version is not static and final, or where a row that grants support
    cannot be read.
    """
    tables = [
        (table, columns)
        for table in _tables(document.plain)
        if table and (columns := _columns(table))
    ]
    if len(tables) != 1:
        return
    text = project_version(repository)
    version = parse(text)
    if version is None:
        return
    (header, *rows), (which, marks) = tables[0]
    refusal = None
    for start, cells in rows:
        if len(cells) <= max(which, *marks):
            continue
        mark = " ".join(cells[column] for column in marks)
        includes = covers(cells[which], version)
        if _REFUSED.search(mark):
            if includes and _TO_COME.search(mark):
                return
            refusal = refusal or (start if includes else None)
        elif includes or includes is None:
            return
    if refusal is not None:
        yield refusal, f"the table refuses support to {text}, the version of the project"
    else:
        yield header[0], f"the table supports no version like {text}, that of the project"


def project_version(repository: Repository) -> str:
    """The static version in pyproject.toml or setup.cfg; empty where there is none."""
    project = toml.or_empty(repository.file("pyproject.toml"))
    tool = parsed.table(project, "tool")
    if "poetry-dynamic-versioning" in tool:
        return ""
    for table in (parsed.table(project, "project"), parsed.table(tool, "poetry")):
        if isinstance(table.get("version"), str):
            return str(table["version"])[:50]
    if "version" in str(parsed.table(project, "project").get("dynamic", "")):
        return ""
    try:
        text = repository.file("setup.cfg").text
    except Unreadable:
        return ""
    section = re.search(r"^\[metadata\][^\[]*", text, re.MULTILINE)
    found = (
        re.search(r"^version[ \t]*[=:][ \t]*(\S+)[ \t]*$", section.group(), re.MULTILINE)
        if section
        else None
    )
    return found.group(1)[:50] if found else ""


def parse(text: str) -> Version | None:
    """The numbers of a final version; None for any other, and for 0.0.0, which holds a place."""
    match = _FINAL.fullmatch(text.strip())
    if not match:
        return None
    version = tuple(int(part) for part in match.group(1).split("."))
    return version if any(version) else None


def covers(cell: str, version: Version) -> bool | None:
    """Whether a cell such as ``>= 1.2, < 2`` or ``5.1.x`` includes ``version``; None where it
    cannot be read."""
    text = re.sub(r"\([^()]{0,200}\)|<[a-z/][^<>]{0,100}>|[`*_\[\]]", " ", cell.replace(".*", ".x"))
    text = " ".join(text.replace("&lt;", "<").replace("&gt;", ">").replace("\\", "").split())
    span = _RANGE.fullmatch(text)
    if span:
        return _holds(">=", span.group(1), version) and _holds("<=", span.group(2), version)
    both = re.search(r"[<>][^<>]*[<>]", text)
    results = []
    for part in re.split(r"[,;/]| and (?=[\dv<>=])| or (?=[\dv<>=])|(?<=[\dx]) (?=[<>=])", text):
        term = _TERM.fullmatch(part.strip())
        if term is None:
            return None
        sign, word, number, after = term.groups()
        sign = sign or word or ""
        if after:
            sign = ">=" if after == "+" or _UPWARD.search(after) else "<="
        results.append(_holds(_SIGNS.get(sign, sign), number, version))
    return all(results) if both else any(results)


_UPWARD = re.compile(r"above|up|newer|later|higher|greater|onward|beyond")


def _holds(sign: str, number: str, version: Version) -> bool:
    """Lenient where ``3.2`` may mean 3.2.0 or all of 3.2."""
    limit = []
    for part in number.split("."):
        if not part.isdigit():
            break
        limit.append(int(part))
    bound = tuple(limit)
    near = (version + (0,) * 10)[: len(bound)]
    if sign == "<":
        return near < bound
    if sign == "<=":
        return near <= bound
    if sign == ">":
        return near > bound or version[: len(bound)] == bound
    if sign == ">=":
        return near >= bound
    if sign in ("^", "~"):
        kept = 1 if sign == "^" else max(1, min(2, len(bound)))
        return near >= bound and near[:kept] == bound[:kept]
    return near == bound


def _columns(table: list[Row]) -> tuple[int, list[int]] | None:
    """The column of versions and those of support, by the header; None for another table."""
    header = table[0][1]
    of_project = [
        number
        for number, cell in enumerate(header)
        if _OF_PROJECT.search(cell) and not _OF_OTHERS.search(cell)
    ]
    if not of_project:
        return None
    which = of_project[0]
    marks = [n for n, cell in enumerate(header) if n != which and _SUPPORTED.search(cell)]
    return (which, marks) if marks and len(table) > 1 else None


def _tables(plain: str) -> Iterator[list[Row]]:
    """The tables of a text in Markdown or reStructuredText, each with its header first."""
    lines = []
    offset = 0
    for line in plain.split("\n"):
        # A line that no table has counts as one that ends it.
        lines.append((offset, line if len(line) <= MAX_LINE else ""))
        offset += len(line) + 1
    block: list[Line] = []
    for number, (start, line) in enumerate(lines):
        if line.strip().startswith(".. list-table"):
            yield _list_table(lines[number + 1 :])
        if line.strip():
            block.append((start, line))
        else:
            yield _piped(block) or _simple(block)
            block = []
    yield _piped(block) or _simple(block)


def _piped(block: list[Line]) -> list[Row]:
    """The rows between bars: Markdown, a grid of reStructuredText, or one in box characters."""
    rows = []
    for start, line in block:
        bars = line.strip().replace("\u2502", "|")
        if "|" in bars and not _RULE.fullmatch(bars):
            cells = bars.strip("|").split("|")
            rows.append((start + len(line) - len(line.lstrip()), [cell.strip() for cell in cells]))
    return rows


def _simple(block: list[Line]) -> list[Row]:
    """The rows of a simple table of reStructuredText, whose columns are as wide as its rules."""
    spans: list[tuple[int, int]] = []
    rows = []
    for start, line in block:
        if _SIMPLE.fullmatch(line):
            spans = [match.span() for match in re.finditer("=+", line)]
        elif spans:
            cells = [line[first:last] for first, last in spans[:-1]] + [line[spans[-1][0] :]]
            rows.append((start, [cell.strip() for cell in cells]))
    return rows


def _list_table(lines: list[Line]) -> list[Row]:
    """The rows of a ``list-table`` that ``lines`` begin with."""
    rows: list[Row] = []
    for start, line in lines[:MAX_LINE]:
        item = _CELL.match(line)
        if item and item.group(1):
            rows.append((start, []))
        if item and rows:
            rows[-1][1].append(item.group(2).strip())
        elif line.strip() and not line.startswith((" ", "\t")):
            break
    return rows
