"""TH110: characters that a reader does not see, and identifiers that are not what they look like.

Sources: Unicode Technical Standard 39, "Unicode Security Mechanisms"; Unicode Technical Standard
55, "Unicode Source Code Handling"; PEP 672, "Unicode-related Security Considerations for Python".
The bidirectional controls that Bandit's B613 knows are left to it.
"""

from __future__ import annotations

import re
import unicodedata

from tenterhooks.bandit.detections.plugin import HIGH, MEDIUM, detection, found

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.bandit.detections.plugin import Context, Issue

    Fault = tuple[int, int, str, str]

_HIDDEN = re.compile(
    "[\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200e\u2060-\u2065\u206a-\u206f\u3164\ufeff"
    "\uffa0\ufff9-\ufffb\ufe00-\ufe0f\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
_JOINERS = frozenset("\u200c\u200d")
_MARKS = frozenset("\u061c\u200e")
_VARIATIONS = re.compile("[\ufe00-\ufe0f]")
_IDEOGRAPHIC_VARIATIONS = re.compile("[\U000e0100-\U000e01ef]")
_TAGS = re.compile("[\U000e0020-\U000e007f]+")
# So many in a row carry a message, or code.
_MESSAGE = 4
_MOST_TAGS = 10
_KEYCAPS = "0123456789#*"
_BLACK_FLAG = "\U0001f3f4"
_RIGHT_TO_LEFT = re.compile("[\u0590-\u061b\u061d-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
# Thai, Lao, Tibetan, Burmese and Khmer: a zero-width space is where a line may break.
_WITHOUT_SPACES = re.compile("[\u0e00-\u109f\u1780-\u17ff]")
# Letters of Cyrillic, Greek, Armenian and Cherokee that most fonts draw as Latin ones. The Greek
# small letters of formulas (nu, rho, upsilon, ...) are left out, omicron is not.
_LOOKALIKES = re.compile(
    "[\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0455\u0456\u0458\u04bb\u0501\u051b\u051d\u0475"
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0405\u0406\u0408"
    "\u03bf\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
    "\u0585\u0578\u057d\u13aa\u13de\u13a1\u13a2]"
)
_VISUAL_CONFUSION = 1007
_LATIN = re.compile("[A-Za-z]")
_WORDS = re.compile(r"\w+")


@detection("TH110", "File")
def invisible_characters(context: Context) -> Issue:
    """The first such character of a file (Bandit takes one finding of a file's test), one on a
    line without ``nosec`` before one that is suppressed."""
    stream = context.file_data
    stream.seek(0)
    data = stream.read()
    if data.isascii():
        return None
    lines = _decoded(data)
    suppressed: Fault | None = None
    for fault in _faults(lines):
        if "nosec" not in lines[fault[0]]:
            return _finding(fault)
        suppressed = suppressed or fault
    return _finding(suppressed) if suppressed else None


def _finding(fault: Fault) -> Issue:
    line, column, message, severity = fault
    issue = found(message, severity, _VISUAL_CONFUSION, HIGH, line + 1)
    issue.col_offset = column
    issue.linerange = [line + 1]
    return issue


def _decoded(data: bytes) -> list[str]:
    """The lines of a source, as Python splits them, without the mark at its start."""
    import io
    import tokenize

    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except SyntaxError:  # Python's parser lets wrong bytes in comments pass
        encoding = "utf-8"
    source = data.decode(encoding, "replace").removeprefix("\ufeff")
    return source.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _faults(lines: list[str]) -> Iterator[Fault]:
    """(line, column, message, severity), in order; lines and columns counted from nought."""
    words: dict[int, list[tuple[int, str]]] | None = None
    for number, line in enumerate(lines):
        if line.isascii():
            continue
        both_ways = _RIGHT_TO_LEFT.search(line) is not None
        for run in _HIDDEN.finditer(line):
            if not _is_proper(line, run.start(), run.group(), both_ways):
                severity = HIGH if len(run.group()) >= _MESSAGE else MEDIUM
                yield number, run.start(), _hidden_text(run.group()), severity
                break
        if any(not it.isascii() and _suspicion(it) for it in _WORDS.findall(line)):
            words = _identifiers(lines) if words is None else words
            for column, message in words.get(number, []):
                yield number, column, message, HIGH


def _hidden_text(run: str) -> str:
    codes = sorted({f"U+{ord(it):04X}" for it in run})
    said = ", ".join(codes[:3]) + (", ..." if len(codes) > 3 else "")
    what = f"{len(run)} invisible characters" if len(run) > 1 else "An invisible character"
    return (
        f"{what} ({said}): what is here is not what a reader sees. Delete, or write as an escape"
        ' such as "\\u200b".'
    )


def _is_proper(line: str, start: int, run: str, both_ways: bool) -> bool:
    """Whether the writing system around it calls for the characters. both_ways: some of the line
    is written from right to left."""
    before = line[start - 1 : start] if start else ""
    is_foreign = bool(before) and not before.isascii()
    if _TAGS.fullmatch(run):
        return before == _BLACK_FLAG and run[-1] == "\U000e007f" and len(run) < _MOST_TAGS
    if len(run) > 2:
        return False
    if set(run) == {"\u200b"}:
        return _WITHOUT_SPACES.match(before) is not None
    if run in _MARKS:
        return both_ways
    if _IDEOGRAPHIC_VARIATIONS.fullmatch(run):
        return is_foreign and unicodedata.category(before) == "Lo"
    if _VARIATIONS.fullmatch(run):
        return is_foreign or (before != "" and before in _KEYCAPS)
    # A joiner in Persian or Hindi, or between two emoji, after a variation selector perhaps.
    return is_foreign and set(_VARIATIONS.sub("", run[:1]) + run[1:]) <= _JOINERS


def _suspicion(word: str) -> str:
    """Why an identifier is not what it looks like; else nothing."""
    plain = unicodedata.normalize("NFKC", word)
    if plain.isascii():
        styled = [it for it in word if not it.isascii() and _is_styled(it)]
        return f"is read by Python as `{plain}`" if len(styled) > 1 else ""
    alike = _LOOKALIKES.findall(word)
    if not alike:
        return ""
    if _LATIN.search(word):
        return f"mixes Latin letters with {unicodedata.name(alike[0]).lower()}"
    foreign = [it for it in word if not it.isascii() and it.isalpha()]
    return "has no Latin letter, and looks as if" if len(alike) == len(foreign) > 1 else ""


def _is_styled(letter: str) -> bool:
    """Bold, script, full-width and the like; subscripts and superscripts are formulas."""
    return not unicodedata.decomposition(letter).startswith(("<sub>", "<super>"))


def _identifiers(lines: list[str]) -> dict[int, list[tuple[int, str]]]:
    """The suspect identifiers of a source, by line; strings and comments are anybody's."""
    import io
    import tokenize

    found: dict[int, list[tuple[int, str]]] = {}
    try:
        for token in tokenize.generate_tokens(io.StringIO("\n".join(lines) + "\n").readline):
            if token.type == tokenize.NAME and not token.string.isascii():
                why = _suspicion(token.string)
                if why:
                    shown = ascii(token.string)[1:-1]
                    text = f"The identifier `{shown}` {why}. Write it in one script."
                    found.setdefault(token.start[0] - 1, []).append((token.start[1], text))
    except (tokenize.TokenError, SyntaxError):
        pass  # Bandit has parsed the file: what came before still counts.
    return found
