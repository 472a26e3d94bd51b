"""The way around: Bandit's own manager over one file, for a version that the driver is not
proved to agree with."""

from __future__ import annotations

import io

from tenterhooks.bandit import installed
from tenterhooks.bandit.loading import Broken
from tenterhooks.bandit.model import Issue, Result
from tenterhooks.bandit.nosec import comments

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tenterhooks.bandit.ruleset import Ruleset

_ERRORS = "bandit.core.tester"


def scan(data: bytes, path: str, ruleset: Ruleset) -> Result:
    """What Bandit says of one file. Raises Broken, installed.Missing."""
    import warnings

    result = Result()
    crashes = _Crashes()
    with crashes, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        manager = _manager(ruleset)
        manager._parse_file(path, io.BytesIO(data), [path])  # noqa: SLF001 - there is no other
    metrics = manager.metrics.data[path]
    result.loc, result.nosec = metrics["loc"], metrics["nosec"]
    result.skipped_tests = metrics["skipped_tests"]
    result.issues = [_issue(found) for found in manager.results]
    if manager.skipped:
        result.failure = manager.skipped[0][1]
    elif crashes.said:
        result.failure = "a test of Bandit's crashed"
        result.detail = crashes.said[0]
    if not ruleset.ignore_nosec:
        result.comments = {line: it.text for line, it in comments(data).items()}
    return result


def _manager(ruleset: Ruleset) -> Any:
    try:
        core: Any = __import__("bandit.core", fromlist=["config", "manager", "extension_loader"])
        loader: Any = __import__("bandit.core.extension_loader", fromlist=["x"])
    except ImportError as error:
        raise installed.Missing(f"bandit cannot be used: {error}") from None
    _compare(ruleset.installed, loader.MANAGER)
    config = core.config.BanditConfig()
    config._config.update(ruleset.options)  # noqa: SLF001 - it takes files only
    profile: dict[str, Any] = {"include": set(ruleset.tests), "exclude": set(ruleset.skips)}
    if ruleset.blacklist:
        profile["blacklist"] = ruleset.blacklist
    return core.manager.BanditManager(
        config, "file", quiet=True, profile=profile, ignore_nosec=ruleset.ignore_nosec
    )


def _compare(found: installed.Installed, extensions: Any) -> None:
    """Bandit drops a plugin that does not import without a word."""
    loaded = set(extensions.plugin_names) | set(extensions.blacklists_mgr.names())
    for entry in found.entries:
        if entry.name not in loaded:
            raise Broken(
                f"the Bandit plugin {entry.name} of {entry.distribution} ({entry.module}) "
                "cannot be loaded"
            )


def _issue(found: Any) -> Issue:
    return Issue(
        found.fname,
        found.test_id,
        found.test,
        found.severity,
        found.confidence,
        found.text,
        found.cwe.id,
        found.lineno,
        found.col_offset,
        found.end_col_offset,
        found.linerange,
        _url(found.test_id),
    )


def _url(test_id: str) -> str:
    docs: Any = __import__("bandit.core.docs_utils", fromlist=["x"])
    loader: Any = __import__("bandit.core.extension_loader", fromlist=["x"])
    entry = loader.MANAGER.blacklist_by_id.get(test_id, {})
    kept = dict(entry)
    try:
        return str(docs.get_url(test_id))
    finally:
        entry.update(kept)  # it writes the name of the page over the name of the test


class _Crashes:
    """What Bandit logs, while this is open, of tests that broke; it says it nowhere else."""

    def __init__(self) -> None:
        import logging

        self.said: list[str] = []
        self._logger = logging.getLogger("bandit")
        self._handler = logging.Handler(logging.ERROR)
        self._handler.emit = self._keep  # type: ignore[method-assign]
        # Whoever wants to hear less of Bandit must not make a crash a pass.
        self._tester = logging.getLogger(_ERRORS)
        self._before = (self._tester.level, self._tester.disabled)

    def _keep(self, record: Any) -> None:
        if record.name == _ERRORS:
            self.said.append(record.getMessage().splitlines()[0])

    def __enter__(self) -> None:
        self._tester.setLevel("ERROR")
        self._tester.disabled = False
        self._logger.addHandler(self._handler)
        self._propagates, self._logger.propagate = self._logger.propagate, False

    def __exit__(self, *_: object) -> None:
        self._logger.removeHandler(self._handler)
        self._logger.propagate = self._propagates
        level, self._tester.disabled = self._before
        self._tester.setLevel(level)
