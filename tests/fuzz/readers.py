"""What is done to a hostile file: the readers of YAML, TOML, JSON, requirements and locks, and what
must hold of what they say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from fuzz.seeds import Seed

from tenterhooks.core import toml, toml_text
from tenterhooks.core.files import File
from tenterhooks.formats import yaml

Act = Callable[[Seed, bytes], object]


class Broken(Exception):
    """What was done raised nothing, and was wrong all the same."""


def of_file(function: Callable[[File], object]) -> Act:
    return lambda seed, data: spent(function(seed.file(data)))


def spent(found: object) -> None:
    """Generators are run to their end."""
    if isinstance(found, Iterator):
        for _ in found:
            pass


# YAML and TOML


def _shape(document: yaml.Document) -> list[object]:
    """All nodes, each once, with what they hold."""
    numbers: dict[int, int] = {}
    found: list[object] = []
    waiting = list(reversed(document.roots))
    while waiting:
        node = waiting.pop()
        known = numbers.get(id(node))
        if known is not None:
            found.append(known)
            continue
        numbers[id(node)] = len(numbers)
        found.append((node.kind, node.start, node.end, node.plain, node.text()))
        inner = [it for pair in node.pairs() for it in pair] or list(node.items())
        waiting += reversed(inner)
    return found


def of_yaml(seed: Seed, data: bytes) -> None:
    """By libyaml, all places and comments asked for."""
    document = yaml.load(seed.file(data))
    waiting, seen = list(document.roots), set[int]()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        line, column = document.place(node)
        if line < 1 or column < 1:
            raise Broken(f"a node at {line}:{column}")
        if node.kind is yaml.SCALAR:
            document.comment(node), document.rest_is_free(node), document.line_end(node)
        if not document.lines(node):
            raise Broken("a node on no line")
        waiting += [it for pair in node.pairs() for it in pair] or list(node.items())


def of_pure_yaml(seed: Seed, data: bytes) -> None:
    """By the parser in Python, and what libyaml makes of it, which must be the same."""
    file = seed.file(data)
    if len(file.text) > 20_000:
        return
    pure = yaml._by_pure_parser(file)
    if _shape(pure) != _shape(yaml.load(file)):
        raise Broken("the two parsers do not agree")


def of_toml(seed: Seed, data: bytes) -> None:
    """All keys have a place, and it is in the file."""
    file = seed.file(data)
    waiting: list[tuple[tuple[Any, ...], Any]] = [((), toml.load(file))]
    for _ in range(2000):
        if not waiting:
            return
        path, value = waiting.pop()
        if path:
            line, column = toml.locate(file, path)
            if not 1 <= line <= len(file.starts()) or column < 1:
                raise Broken(f"{path} at {line}:{column}")
        if isinstance(value, dict):
            waiting += [((*path, key), it) for key, it in value.items()]
        elif isinstance(value, list):
            waiting += [((*path, number), it) for number, it in enumerate(value)]


def of_toml_text(seed: Seed, data: bytes) -> None:
    """What is written says what was read."""
    import tomli

    for key, value in toml.load(seed.file(data)).items():
        plain = _without_dates(value)
        text = f"{toml_text.key(key)} = {toml_text.value(plain)}"
        if tomli.loads(text) != {key: plain}:
            raise Broken("TOML that was written says something else")


def _without_dates(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_dates(it) for key, it in value.items()}
    if isinstance(value, list):
        return [_without_dates(it) for it in value]
    if isinstance(value, (dt.date, dt.time, float)):
        return str(value)
    return value


def of_json(seed: Seed, data: bytes) -> None:
    from tenterhooks.formats import json

    json.locate(seed.file(data), ("a", 1, "b"))


# Requirements and locks


def of_compiled(seed: Seed, data: bytes) -> None:
    from tenterhooks.formats import compile_command, compiled

    file = seed.file(data)
    compiled.is_compiled(file)
    compiled.load(file)
    for line in file.text.split("\n")[:20]:
        compile_command.parse(line)


def of_lock(seed: Seed, data: bytes) -> None:
    """By all that look into locks."""
    from tenterhooks.formats.locks import filenames, hashes, origins, pdm, poetry, pylock, uv, weak

    own = {"uv.lock": uv, "poetry.lock": poetry, "pdm.lock": pdm}
    reader = own.get(seed.path.rpartition("/")[2])
    if reader is None and "pylock" in seed.path:
        reader = pylock
    looks: list[Callable[[File], object]] = [hashes.load, origins.load, weak.check]
    looks += [filenames.foreign, *([reader.load] if reader else [])]
    _all(looks, seed.file(data))


def _all(looks: Sequence[Callable[[File], object]], file: File) -> None:
    """Each is tried, whether another one could read the file or not."""
    from fuzz.watch import ALLOWED

    for look in looks:
        try:
            spent(look(file))
        except ALLOWED:
            continue


def words_of_locks(seed: Seed, data: bytes) -> None:
    """Versions, specifiers and markers, a line each."""
    from tenterhooks.lock_in_sync import markers, specifiers

    lines = seed.file(data).text.split("\n")[:40]
    for one, other in zip(lines, lines[1:] + lines[:1], strict=True):
        specifiers.meets(one, other)
        specifiers.same_specifier(one, other)
        tree = markers.parse(one)
        if markers.is_valid(one) and tree is not None:
            spent(markers.atoms_of(tree))
