"""``[[tool.tenterhooks.accept]]`` in the text of a TOML file: written, changed, taken out.

What comes out is to be parsed again: some forms of TOML do not let themselves be added to.
"""

from __future__ import annotations

from tenterhooks.core import edits, toml_text
from tenterhooks.core.finding import Edit
from tenterhooks.everything.adopt import toml_lines
from tenterhooks.everything.adopt.toml_lines import BLANK, HEADER, PAIR, Line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from tenterhooks.everything.adopt.accepting import Table

    Keys = tuple[str, ...]

TOP = ("tool", "tenterhooks")
ACCEPT = (*TOP, "accept")


def lines(tables: Sequence[Table]) -> list[str]:
    """Tables as they are written: one a rule, its paths below."""
    found: list[str] = []
    for table in tables:
        found += [""] if found else []
        found.append("[[tool.tenterhooks.accept]]")
        found += [f"{key} = {toml_text.value(table[key])}" for key in ("rule", "reason", "until")]
        paths = table["paths"]
        if isinstance(paths, dict):
            found += ["", "[tool.tenterhooks.accept.paths]"]
            found += [f"{toml_text.string(path)} = {number}" for path, number in paths.items()]
        else:
            found.append(f"paths = {toml_text.value(paths)}")
    return found


def with_new(text: str, new: Sequence[Table], end: str) -> str:
    """A text with more tables: behind those that it has, else at its end. end: of lines."""
    if not new:
        return text
    blocks = _blocks(text)
    position = max((_content_end(part) for part in blocks[-1].parts), default=0) if blocks else 0
    if not 0 < position < len(text):
        return toml_lines.with_end(text, lines(new), end)
    added = "".join(end + line for line in lines(new))
    return text[:position] + added + end + text[position:]


def with_preset(text: str, presets: Sequence[str]) -> str:
    """A text that says which presets are in force."""
    pair = f"preset = {toml_text.value(list(presets))}"
    end = toml_lines.newline(text)
    keys: Keys = ()
    before: Line | None = None  # the first line that speaks of us
    comments: Line | None = None  # the first of the comments just above
    for line in toml_lines.lines(text):
        if line.kind is HEADER:
            keys, is_item = header(text[line.start : line.end])
            if keys[:2] == TOP and before is None:
                before = comments or line
            if keys == TOP and not is_item:
                own = _own_preset(text, line)
                if own is not None:
                    return edits.apply(text, [_value_edit(text, own, list(presets))])
                start = text[line.start : line.end].rstrip("\r\n")
                return text[: line.start] + start + end + pair + end + text[line.end :]
        is_comment = line.kind is BLANK and not text[line.start : line.end].isspace()
        comments = (comments or line) if is_comment else None
    if before is None:
        return toml_lines.with_end(text, ["[tool.tenterhooks]", pair])
    added = end.join(["[tool.tenterhooks]", pair, "", ""])
    return text[: before.start] + added + text[before.start :]


def _own_preset(text: str, header_line: Line) -> Line | None:
    """The pair ``preset`` of the table that begins with a header."""
    is_below = False
    for line in toml_lines.lines(text):
        if line.start == header_line.start:
            is_below = True
        elif is_below and line.kind is HEADER:
            return None
        elif is_below and line.kind is PAIR and _keys_of_pair(text, line) == ("preset",):
            return line
    return None


def edited(text: str, old: Sequence[Table], new: Sequence[Table | None]) -> str:
    """A text whose tables ``old`` became ``new``; None for one that goes. As it was, where they
    have another form than headers in double brackets."""
    blocks = _blocks(text)
    if len(blocks) != len(old):
        return text
    wanted: list[Edit] = []
    for block, before, after in zip(blocks, old, new, strict=True):
        if after is None:
            wanted += [Edit(part[0].start, _end(text, part), "") for part in block.parts]
        elif after != before:
            wanted += _changed(text, block, before, after)
    end = toml_lines.newline(text)
    result = edits.apply(text, wanted)
    if result.endswith(end * 2) and not text.endswith(end * 2):
        result = result.rstrip("\r\n") + end
    return result


class _Block:
    """The lines of one acceptance, header by header, and what each header says behind
    ``accept``."""

    def __init__(self) -> None:
        self.parts: list[list[Line]] = []
        self.inner: list[Keys] = []

    def pairs(self, text: str) -> Iterator[tuple[Keys, Line]]:
        for part, keys in zip(self.parts, self.inner, strict=True):
            for line in part:
                if line.kind is PAIR:
                    yield (*keys, *_keys_of_pair(text, line)), line


def _blocks(text: str) -> list[_Block]:
    """The ``[[tool.tenterhooks.accept]]`` of a text, in order."""
    blocks: list[_Block] = []
    is_ours = False
    for line in toml_lines.lines(text):
        if line.kind is HEADER:
            keys, is_item = header(text[line.start : line.end])
            is_ours = keys[: len(ACCEPT)] == ACCEPT
            if is_item and keys == ACCEPT:
                blocks.append(_Block())
            if is_ours and blocks:
                blocks[-1].parts.append([])
                blocks[-1].inner.append(keys[len(ACCEPT) :])
        if is_ours and blocks:
            blocks[-1].parts[-1].append(line)
    return blocks


def header(text: str) -> tuple[Keys, bool]:
    """The keys of a header, and whether it begins an item of a list."""
    if "tenterhooks" not in text and "\\" not in text:
        return (), False
    keys, inner = _walked(text)
    return keys, isinstance(inner, list)


def _keys_of_pair(text: str, line: Line) -> Keys:
    return _walked(text[line.start : toml_lines.value_start(text, line.start)] + "0")[0]


def _walked(text: str) -> tuple[Keys, Any]:
    """The keys of a TOML text that has one, and what is in the innermost."""
    import tomli

    keys: Keys = ()
    inner: Any = tomli.loads(text)
    while isinstance(inner, dict) and inner:
        name, inner = next(iter(inner.items()))
        keys = (*keys, name)
    return keys, inner


def _content_end(part: list[Line]) -> int:
    """Where the last line ends that says something."""
    return max(line.end for line in part if line.kind is not BLANK)


def _end(text: str, part: list[Line]) -> int:
    """The same, with the blank lines behind it."""
    end = _content_end(part)
    for line in part:
        if line.start == end and text[line.start : line.end].isspace():
            end = line.end
    return end


def _changed(text: str, block: _Block, old: Table, new: Table) -> Iterator[Edit]:
    for keys, line in block.pairs(text):
        if keys == ("until",) and old["until"] != new["until"]:
            yield _value_edit(text, line, new["until"])
        elif keys == ("paths",) and old["paths"] != new["paths"]:
            yield from _changed_paths(text, line, old["paths"], new["paths"])
        elif keys[:1] == ("paths",) and len(keys) == 2:
            number = new["paths"].get(keys[1])
            if number is None:
                yield Edit(line.start, line.end, "")
            elif number != old["paths"][keys[1]]:
                yield _value_edit(text, line, number)


def _changed_paths(text: str, line: Line, old: Any, new: Any) -> Iterator[Edit]:
    """An inline table, or a list; one over several lines may have comments, which stay."""
    if isinstance(new, dict) or "\n" not in text[line.start : line.end].rstrip():
        yield _value_edit(text, line, new)
        return
    for name, (start, end) in zip(old, toml_lines.items(text, line), strict=True):
        if name not in new:
            yield Edit(text.rfind("\n", 0, start) + 1, text.find("\n", end) + 1, "")


def _value_edit(text: str, line: Line, data: Any) -> Edit:
    start = toml_lines.value_start(text, line.start)
    return Edit(start, toml_lines.value_end(text, line), toml_text.value(data))
