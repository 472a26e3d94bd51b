"""A practice as data: what it is called, what it reads, what it can be told, how it checks."""

from __future__ import annotations

import os
import re
from types import SimpleNamespace

from tenterhooks.core.finding import Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from typing import Any

    from tenterhooks.core.files import File, Repository
    from tenterhooks.core.finding import Finding

UNREADABLE = Rule("unreadable-file", "A file that a hook must check cannot be read as text.")
INVALID = Rule("invalid-file", "A file that a hook must check is not valid in its format.")
SHARED_RULES = (UNREADABLE, INVALID)
UNUSED_IGNORE = Rule("unused-ignore", "An ignore comment silences nothing.")
UNUSED_ACCEPTANCE = Rule("unused-acceptance", "The configuration accepts what is not found.")
EXPIRED_ACCEPTANCE = Rule(
    "expired-acceptance", "The day up to which findings are accepted is over."
)
# Those of the command that runs all practices, for only that one sees enough to judge.
WHOLE_RULES = (UNUSED_IGNORE, UNUSED_ACCEPTANCE, EXPIRED_ACCEPTANCE)
_OTHERS = {"core", "everything", "formats", "pages"}


class Option:
    """One thing a practice can be told, on the command line and in configuration alike.

    name: ``policy-url`` is ``--policy-url`` and ``policy-url = ...`` and ``options.policy_url``.
    kind: ``flag`` (bool), ``text`` (str or None), ``number`` (int or None) or ``list`` (repeatable,
        list of str).
    validate: returns what is wrong with one value, or None.
    asked: it is for the command line alone. What writes is for whoever runs the hook to ask for,
        not for the repository.
    """

    __slots__ = ("asked", "help", "kind", "metavar", "name", "validate")

    def __init__(
        self,
        name: str,
        kind: str,
        help: str,
        metavar: str | None = None,
        validate: Callable[[Any], str | None] | None = None,
        *,
        asked: bool = False,
    ) -> None:
        self.name = name
        self.kind = kind
        self.help = help
        self.metavar = metavar
        self.validate = validate
        self.asked = asked

    @property
    def attribute(self) -> str:
        return self.name.replace("-", "_")

    def default(self) -> Any:
        """The value where nothing is said."""
        return {"flag": False, "text": None, "number": None, "list": []}[self.kind]


class Practice:
    """One practice.

    id: the hook's id and console script.
    title: one sentence on what it demands.
    files: regular expression of the paths it looks at (the manifest's ``files``).
    check: ``check(file, repository, options)`` yields findings for one file; where ``files`` is
        None it is called once for the repository with ``file`` None.
    selects: options that switch rules on: option name -> their names.
    prepare: ``prepare(files, repository, options)`` is called once with all files of a run before
        they are checked; what it returns is ``options.prepared`` for ``check``, and the ``notes``
        that it has in the end are told to the user beside the findings. May raise ConfigError,
        GitError.
    background: ``prepare`` starts work that goes on while other practices check; those are not
        kept waiting for it. ``options.beside`` tells whether there are any.
    alone: what it finds in a file depends on that file alone, and on no other.
    is_available: whether what it needs beside this package is installed.
    others: gives the names of another tool's rules, which its findings bear as well.
    opt_in: those of them that are off by default.
    more_settings: gives what another tool's files configure of it, and where, for the options of a
        run. May raise ConfigError.
    presets: names of the presets that all its rules belong to which are on by default.
    more: ``more(repository, options)`` gives the paths of tracked files beside those of ``files``,
        which their names do not tell; asked for where no files are passed.
    """

    def __init__(
        self,
        id: str,
        title: str,
        rules: Sequence[Rule],
        check: Callable[[Any, Repository, SimpleNamespace], Iterator[Finding]],
        files: str | None = None,
        options: Sequence[Option] = (),
        selects: dict[str, Sequence[str]] | None = None,
        more: Callable[[Repository, SimpleNamespace], Iterable[str]] | None = None,
        prepare: Callable[[Sequence[File], Repository, SimpleNamespace], Any] | None = None,
        is_available: Callable[[], bool] = lambda: True,
        others: Callable[[], Collection[str]] | None = None,
        opt_in: Collection[str] = (),
        presets: frozenset[str] = frozenset(),
        background: bool = False,
        more_settings: Callable[[Repository, SimpleNamespace], Iterable[tuple[str, str]]]
        | None = None,
        alone: bool = False,
    ) -> None:
        self.id = id
        self.title = title
        self.rules = tuple(rules)
        self.check = check
        self.pattern = files
        self.options = tuple(options)
        self.selects = selects or {}
        self.more = more
        self.prepare = prepare
        self.is_available = is_available
        self.others = others
        self.opt_in = opt_in
        self.presets = presets
        self.background = background
        self.more_settings = more_settings
        self.alone = alone

    def names(self) -> set[str]:
        """The names of all rules that its findings can bear, but for those that all hooks share."""
        return {rule.name for rule in self.rules} | set(self.others() if self.others else ())

    def defaults(self, **values: Any) -> SimpleNamespace:
        """The options where nothing is said, overridden by ``values``."""
        options = {option.attribute: option.default() for option in self.options}
        return SimpleNamespace(**{**options, "select": [], "beside": False, **values})

    def switched(self, options: SimpleNamespace) -> set[str]:
        """Names of the rules that the options switch on."""
        chosen = set(options.select)
        for name, rules in self.selects.items():
            if getattr(options, name.replace("-", "_")):
                chosen.update(rules)
        return chosen

    def active(self, options: SimpleNamespace) -> set[str]:
        """Names of the rules that are on where nobody narrows them down."""
        chosen = self.switched(options)
        return {rule.name for rule in self.rules if rule.default or rule.name in chosen}

    @property
    def files(self) -> re.Pattern[str] | None:
        """``pattern``, compiled when it is wanted: a runner passes names that fit."""
        return re.compile(self.pattern) if self.pattern else None

    def wants(self, file: File) -> bool:
        return self.pattern is not None and re.search(self.pattern, file.path) is not None


def practice_ids() -> list[str]:
    """The hook ids of this installation, from the names of its modules: adding a practice
    changes nothing here."""
    folder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    names = {name.removesuffix(".py") for name in os.listdir(folder)}
    modules = {name for name in names if name.isidentifier() and not name.startswith("_")}
    return sorted(name.replace("_", "-") for name in modules - _OTHERS)
