"""Near-valid files: the tokens of a real one cut, doubled, moved and nested, and hostile ones put
in. All that is random comes from one source, so that a number tells what a file was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from fuzz.seeds import Seed

Tokens = list[str]
Act = Callable[[Tokens, Random, Sequence[Seed], Sequence[str]], None]

MOST = 100_000
_SLICE = (1, 1, 1, 2, 3, 5, 8, 20, 60)
_ROUNDS = (1, 1, 1, 1, 2, 2, 3, 4, 6)
_TIMES = (2, 2, 3, 5, 20, 60, 300)

HOSTILE = (
    *"[]{}()<>'\"`|:;,.=-+*&!%@#$?\\/~^",
    *(" ", "\t", "\n", "\r", "\r\n", "\n\n", "\n  ", "\n    - ", "\\\n", "\v", "\f", "\x85"),
    *("\0", "\x1b[31m", "\x7f", "\ufeff", "\u2028", "\u2029", "\u202e", "\u0130", "\u0131"),
    *("\ud800", "\udcff", "\U0001f600", "\u200b", "\u00df", "\u1e9e", "\ufffe", "\u0660"),
    *("&a ", "*a", "<<: *a\n", "!!binary ", "!<", "? ", "|-\n", ">+9\n", "---\n", "...\n", "%TAG "),
    *('"""', "'''", "[[", "]]", "{{", "}}", "${{ ", " }}", "$(", "${", "#{", "<<EOF\n", "EOF\n"),
    *("null", "true", "nan", "-0", "0x", "1e999", "9" * 20, "0" * 400, "9" * 5000, "2026-02-30"),
    *("::error::", "##[error]", "##vso[", "\\N{", "\\ud800", "\\U00110000", "\\x0", "%0A", "../"),
    *("# tenterhooks: ignore[", "# nosec B", "# tenterhooks: ignore[a, b] c\n", "sha256:", "md5:"),
    *("file:///etc", "git+ssh://a@b:c", "http://[::1", "a" * 300, "a/" * 60, "==", "===1.0.*"),
)
_LONG = (
    *("[", "{", "(", "- ", "a: ", "? ", "!a ", "&a ", "*", "'", '"', "\\", "$(", "${", "${{", "`"),
    *(
        "a",
        " ",
        "\t",
        "\n",
        "\r",
        ",",
        "a,",
        "a=",
        "#",
        "-",
        "--",
        "a.",
        "./",
        "../",
        "0",
        "=",
        "<",
    ),
    *("%TAG ! x\n", "| ", "&& ", "; ", "@", "a\\\n", "[a]\n", "[[a]]\n", "a.", "\\x", "a[", "**/"),
    *("*?", "\u0130", "$A", "<<A\n", "a a ", "if ", "not ", "or ", "and (", "{%", "\x00", "e"),
)


def mutated(
    seed: Seed, random: Random, others: Sequence[Seed], words: Sequence[str], most: int = MOST
) -> bytes:
    """The bytes of a file that was made of ``seed``, at most ``most`` of them.

    others: what slices are taken from. words: what the format is made of.
    """
    tokens = list(seed.tokens)
    acts = _GENTLE if random.random() < 0.6 else _ACTS
    for _ in range(random.choice(_ROUNDS)):
        random.choice(acts)(tokens, random, others, words)
    text = "".join(tokens)
    if random.random() < 0.06:
        text = random.choice(_WHOLE)(text, random)
    return text.encode("utf-8", "surrogateescape" if "\ud800" not in text else "surrogatepass")[
        :most
    ]


def _span(tokens: Tokens, random: Random) -> tuple[int, int]:
    start = random.randrange(len(tokens) + 1)
    return start, min(len(tokens), start + random.choice(_SLICE))


def _lines(tokens: Tokens, random: Random) -> tuple[int, int]:
    """Some whole lines."""
    ends = [index + 1 for index, token in enumerate(tokens) if token[-1:] in "\r\n"]
    starts = [0, *ends]
    first = random.randrange(len(starts))
    last = min(len(starts) - 1, first + random.choice(_SLICE))
    return starts[first], starts[last] if last > first else len(tokens)


def _cut(tokens: Tokens, random: Random, _: Sequence[Seed], __: Sequence[str]) -> None:
    start, end = _span(tokens, random)
    del tokens[start:end]


def _cut_lines(tokens: Tokens, random: Random, _: Sequence[Seed], __: Sequence[str]) -> None:
    start, end = _lines(tokens, random)
    del tokens[start:end]


def _double(tokens: Tokens, random: Random, _: Sequence[Seed], __: Sequence[str]) -> None:
    start, end = random.choice((_span, _lines))(tokens, random)
    at = random.randrange(len(tokens) + 1)
    tokens[at:at] = tokens[start:end]


def _move(tokens: Tokens, random: Random, _: Sequence[Seed], __: Sequence[str]) -> None:
    start, end = random.choice((_span, _lines))(tokens, random)
    moved = tokens[start:end]
    del tokens[start:end]
    at = random.randrange(len(tokens) + 1)
    tokens[at:at] = moved


def _swap(tokens: Tokens, random: Random, _: Sequence[Seed], __: Sequence[str]) -> None:
    if tokens:
        one, two = random.randrange(len(tokens)), random.randrange(len(tokens))
        tokens[one], tokens[two] = tokens[two], tokens[one]


def _replace(tokens: Tokens, random: Random, _: Sequence[Seed], words: Sequence[str]) -> None:
    if tokens:
        tokens[random.randrange(len(tokens))] = random.choice(words)


def _name(tokens: Tokens, random: Random, _: Sequence[Seed], words: Sequence[str]) -> None:
    """A word for a word, which leaves most files what they are."""
    for _try in range(5):
        new, at = random.choice(words), random.randrange(len(tokens) + 1)
        if at < len(tokens) and tokens[at][:1].isalnum() and new[:1].isalnum():
            tokens[at] = new
            return


def _copy(tokens: Tokens, random: Random, _: Sequence[Seed], __: Sequence[str]) -> None:
    """A line once more, right below it."""
    start, end = _lines(tokens, random)
    tokens[end:end] = tokens[start:end] * random.choice((1, 1, 1, 2, 5))


def _of_another(tokens: Tokens, random: Random, others: Sequence[Seed], _: Sequence[str]) -> None:
    """Lines of another file, put between lines."""
    other = random.choice(others).tokens
    start, end = _lines(other, random)
    at = _lines(tokens, random)[0]
    tokens[at:at] = other[start:end]


def _harm_word(tokens: Tokens, random: Random, _: Sequence[Seed], __: Sequence[str]) -> None:
    """Something hostile at the end of a word, where a value may go on."""
    at = random.randrange(len(tokens) + 1)
    if at < len(tokens) and tokens[at][:1].isalnum():
        tokens[at] += random.choice(HOSTILE)


def _put(tokens: Tokens, random: Random, _: Sequence[Seed], words: Sequence[str]) -> None:
    tokens.insert(random.randrange(len(tokens) + 1), random.choice(words))


def _harm(tokens: Tokens, random: Random, _: Sequence[Seed], __: Sequence[str]) -> None:
    tokens.insert(random.randrange(len(tokens) + 1), random.choice(HOSTILE))


def _harm_instead(tokens: Tokens, random: Random, _: Sequence[Seed], __: Sequence[str]) -> None:
    start, end = _span(tokens, random)
    tokens[start:end] = [random.choice(HOSTILE)]


def _splice(tokens: Tokens, random: Random, others: Sequence[Seed], _: Sequence[str]) -> None:
    other = random.choice(others).tokens
    start, end = random.choice((_span, _lines))(other, random)
    at, to = random.choice((_span, _lines))(tokens, random)
    tokens[at : random.choice((at, to))] = other[start:end]


def _repeat(tokens: Tokens, random: Random, _: Sequence[Seed], __: Sequence[str]) -> None:
    start, end = random.choice((_span, _lines))(tokens, random)
    times = random.choice(_TIMES)
    if times * (end - start) < MOST // 8:
        tokens[end:end] = tokens[start:end] * times


def _names(tokens: Tokens, random: Random, _: Sequence[Seed], __: Sequence[str]) -> None:
    """Lines again and again, each time of another name, as a generator would write them: what
    costs more than its share shows where nothing is the same."""
    start, end = _lines(tokens, random)
    unit = tokens[start:end]
    words = [index for index, token in enumerate(unit[:20]) if token[:1].isalpha()]
    times = random.choice(_TIMES)
    if not words or times * len(unit) > MOST // 8:
        return
    at = random.choice(words[:2])
    for number in range(times):
        tokens[end:end] = [*unit[:at], f"{unit[at]}{number}", *unit[at + 1 :]]


def _indent(tokens: Tokens, random: Random, _: Sequence[Seed], __: Sequence[str]) -> None:
    start, end = _lines(tokens, random)
    more = random.choice(("", " ", "  ", "    ", "\t", "  - "))
    for index in range(start, min(end, start + 400)):
        if tokens[index][-1:] in "\r\n":
            if more and index + 1 < end:
                tokens[index] += more
            elif not more and index + 1 < end and tokens[index + 1].isspace():
                tokens[index + 1] = tokens[index + 1][2:] or ""


def _nest(tokens: Tokens, random: Random, _: Sequence[Seed], __: Sequence[str]) -> None:
    start, end = _span(tokens, random)
    first, last = random.choice(("[]", "{}", "()", '""', "''", "``", ("${{", "}}"), ("$(", ")")))
    times = random.choice(_TIMES)
    tokens[end:end] = [last * times]
    tokens[start:start] = [first * times]


def _long(tokens: Tokens, random: Random, _: Sequence[Seed], words: Sequence[str]) -> None:
    unit = random.choice(_LONG if random.random() < 0.7 else words) or "a"
    most = random.choice((30, 300, 300, 3000, 3000, 30_000))
    tokens.insert(random.randrange(len(tokens) + 1), unit * (most // len(unit) + 1))


def _number(tokens: Tokens, random: Random, _: Sequence[Seed], __: Sequence[str]) -> None:
    places = [index for index, token in enumerate(tokens) if token.isdigit()]
    if places:
        new = random.choice(("0", "-1", "1e9", "9" * 19, "9" * 4500, "0x", "1.5", "\u0665", ""))
        tokens[random.choice(places)] = new


_ACTS: tuple[Act, ...] = (
    *(_cut, _cut, _cut_lines, _double, _move, _swap, _replace, _replace, _put, _put),
    *(_harm, _harm, _harm_instead, _splice, _splice, _repeat, _names, _indent, _nest, _number),
    *(_long,),
)
_GENTLE: tuple[Act, ...] = (
    *(_name, _name, _name, _name, _name, _cut_lines, _copy, _of_another, _of_another),
    *(_names, _number, _harm_word),
)
_WHOLE: tuple[Callable[[str, Random], str], ...] = (
    lambda text, _: text.replace("\n", "\r\n"),
    lambda text, _: text.replace("\n", "\r"),
    lambda text, _: "\ufeff" + text,
    lambda text, _: "\ufeff\ufeff" + text,
    lambda text, random: text[: random.randrange(len(text) + 1)],
    lambda text, random: text[random.randrange(len(text) + 1) :],
    lambda text, random: text * random.choice((2, 3, 20)),
    lambda text, _: text.upper(),
    lambda text, _: text.replace("  ", "\t"),
    lambda text, _: text.replace("\n", " "),
    lambda text, _: text + text[::-1],
)
