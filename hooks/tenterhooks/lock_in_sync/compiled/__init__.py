"""Compiled requirements against what they were compiled from: pip-compile, uv pip compile, uv
export and pip-compile-multi. None of them records more than its command and its comments; what
compiling again would surely change can be told from those, and nothing more is said."""

from __future__ import annotations

from tenterhooks.core.finding import Finding
from tenterhooks.formats import compiled as compiled_format
from tenterhooks.formats.compile_command import UV_EXPORT
from tenterhooks.formats.compiled import is_compiled as is_compiled
from tenterhooks.lock_in_sync import given, rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import SimpleNamespace

    from tenterhooks.core.files import File, Repository


def check(lock: File, repository: Repository, options: SimpleNamespace) -> Iterator[Finding]:
    """Findings of one compiled file. Raises Unreadable: not text."""
    from tenterhooks.lock_in_sync.compiled import exported, foreign, multi, required
    from tenterhooks.lock_in_sync.compiled.context import Context

    named = given.sources(options.compiled).get(lock.path, ())
    context = Context(compiled_format.load(lock), repository, named)
    command = context.command
    if command is not None and command.tool == UV_EXPORT:
        found, unknown = exported.check(context.compiled, command, repository)
    elif context.is_of_build:
        found, unknown = [], context.unknown
    else:
        found, unknown = [*required.check(context), *foreign.check(context)], context.unknown
        found += multi.check(context.compiled, context.inputs, repository, found)
    yield from found
    if unknown and options.strict:
        message = f"whether {lock.path} is in sync is not known: {unknown}"
        yield Finding(lock.path, 1, 1, rules.UNDECIDED.name, message)


def sources(file: File, repository: Repository, named: Sequence[str] = ()) -> list[File]:
    """The inputs of a compiled file, with what they include; named: those that the user named.
    Raises Unreadable: not text."""
    from tenterhooks.lock_in_sync.compiled import declared, exported, inputs

    compiled = compiled_format.load(file)
    found = inputs.find(compiled, repository, named)
    if found.command is not None and found.command.tool == UV_EXPORT:
        paths = exported.sources(compiled, found.command, repository)
    else:
        paths = declared.read(found, repository).paths
    return [repository.file(path) for path in paths]
