"""The grammar of environment markers (PEP 508), read in one pass."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    # Alternatives, each of parts that must all hold.
    Tree = list[list["Atom | Tree"]]

MAX_DEPTH = 50
_TOKEN = re.compile(
    r"""[ \t]*(?:(?P<parenthesis>[()])|(?P<string>'[^']*'|"[^"]*")"""
    r"|(?P<operator>===|==|~=|!=|<=|>=|<|>|in\b|not[ \t]+in\b)|(?P<logic>(?:and|or)\b)"
    r"|(?P<variable>[a-z_.]+\b))"
)
_VARIABLES = {
    "python_version",
    "python_full_version",
    "os_name",
    "sys_platform",
    "platform_release",
    "platform_system",
    "platform_version",
    "platform_machine",
    "platform_python_implementation",
    "implementation_name",
    "implementation_version",
    "extra",
    "extras",
    "dependency_groups",
}
_OLD_NAMES = {
    "os.name": "os_name",
    "sys.platform": "sys_platform",
    "platform.version": "platform_version",
    "platform.machine": "platform_machine",
    "platform.python_implementation": "platform_python_implementation",
    "python_implementation": "platform_python_implementation",
}


class Atom:
    """A comparison. turned: the value stands at the left. number: its place among those that are
    looked at together. variable: empty where two variables or two values are compared."""

    __slots__ = ("number", "operator", "turned", "value", "variable")

    def __init__(self, variable: str, operator: str, value: str, *, turned: bool) -> None:
        self.variable = variable
        self.operator = operator
        self.value = value
        self.turned = turned
        self.number = 0


def is_valid(marker: str) -> bool:
    return parse(marker) is not None


def parse(marker: str) -> Tree | None:
    """The alternatives of a marker, in one pass; None where it is not valid, or nests deeper
    than anyone's does. The empty marker has one alternative, of nothing."""
    root: Tree = [[]]
    if not marker.strip(" \t"):
        return root
    trees = [root]
    tokens = _tokens(marker)
    wants_logic = False
    for kind, text in tokens:
        if wants_logic != (kind == "logic" or text == ")"):
            return None
        wants_logic = text != "(" and kind != "logic"
        if kind not in ("logic", "parenthesis"):
            atom = _atom((kind, text), next(tokens, None), next(tokens, None))
            if atom is None:
                return None
            trees[-1][-1].append(atom)
        elif not _nested(text, trees):
            return None
    return root if wants_logic and len(trees) == 1 else None


def _nested(text: str, trees: list[Tree]) -> bool:
    """Open or close a tree, or begin its next alternative; False where that cannot be."""
    if text == "or":
        trees[-1].append([])
    elif text == "(":
        inner: Tree = [[]]
        trees[-1][-1].append(inner)
        trees.append(inner)
    elif text == ")":
        trees.pop()
    return 0 < len(trees) <= MAX_DEPTH


def _tokens(marker: str) -> Iterator[tuple[str, str]]:
    position = 0
    end = len(marker.rstrip(" \t"))
    while position < end:
        found = _TOKEN.match(marker, position)
        if found is None:
            yield "", ""
            return
        kind = found.lastgroup or ""
        yield kind, found[kind]
        position = found.end()


def _atom(
    left: tuple[str, str], operator: tuple[str, str] | None, right: tuple[str, str] | None
) -> Atom | None:
    if operator is None or right is None or operator[0] != "operator":
        return None
    one, other = _operand(*left), _operand(*right)
    if one is None or other is None:
        return None
    sign = "not in" if operator[1].startswith("not") else operator[1]
    is_name, turned = left[0] == "variable", right[0] == "variable"
    if is_name is turned:
        return Atom("", sign, f"{one} {other}", turned=False)
    return Atom(one, sign, other, turned=False) if is_name else Atom(other, sign, one, turned=True)


def _operand(kind: str, text: str) -> str | None:
    if kind == "variable":
        name = _OLD_NAMES.get(text, text)
        return name if name in _VARIABLES else None
    if kind != "string":
        return None
    if text.isprintable() and "\\" not in text:
        return text[1:-1]
    return _python_string(text)


def _python_string(text: str) -> str | None:
    """Strings are Python's, with all their escapes."""
    import ast
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return str(ast.literal_eval(text))
        except (SyntaxError, ValueError):
            return None


def atoms_of(tree: Tree) -> Iterator[Atom]:
    for parts in tree:
        for part in parts:
            if isinstance(part, Atom):
                yield part
            else:
                yield from atoms_of(part)
