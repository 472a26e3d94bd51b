"""What must hold before one of Bandit's own tests can find anything, told in a cheaper way.

Each condition is necessary, never more: the test itself still decides. They were read from the
tests of the version that ``loading.PROVED`` names and hold for no other. A test that is not in
these tables always runs. What those of this project need is told in ``detections.needs`` and hangs
on the test as ``needs``.
"""

from __future__ import annotations

import ast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    Condition = Callable[[str], bool]
    Names = Callable[[Any], Condition]
    # Given a node and what is imported under another name; for `File`, the file's bytes.
    OfNode = Callable[[Any, Mapping[str, str]], bool]
    # Given a path and bytes.
    OfFile = Callable[[str, bytes], bool]

_VERSIONED_KEYWORDS = ("method", "ssl_version")
_IMPORTS = ("Import", "ImportFrom")
_SHELL = ("subprocess", "shell", "no_shell")
_SAFE_STRINGS = ("mark_safe", "SafeText", "SafeUnicode", "SafeString", "SafeBytes")
_PASSWORDS = ("pas", "pwd", "token", "secret")
_ASYMMETRIC = "cryptography.hazmat.primitives.asymmetric"
_HUGGING_FACE = (
    "from_pretrained",
    "load_dataset",
    "hf_hub_download",
    "snapshot_download",
    "repository_id",
)


class CallGuard:
    """When a test of calls has to run: by the call's qualified name, or by one of its keywords.

    Both None: always. A condition that is None beside one that is not never holds. where: in
    which files at all. all_where: in which files for every call.
    """

    __slots__ = ("all_where", "keyword", "named", "where")

    def __init__(self, named: Condition | None = None, keyword: Condition | None = None) -> None:
        self.named = named
        self.keyword = keyword
        self.where: OfFile | None = None
        self.all_where: OfFile | None = None

    @property
    def always(self) -> bool:
        return self.named is None and self.keyword is None


def for_call(function: Any, config: Any) -> CallGuard:
    """The guard of a test of calls, given its configuration."""
    needed = _needs(function).get("Call")
    if needed is not None:
        return _needed(needed)
    if not function.__module__.startswith("bandit."):
        return CallGuard()
    name = function.__name__
    try:
        named = _NAMED[name](config) if name in _NAMED else None
        keyword = _KEYWORD.get(name)
    except (AttributeError, KeyError, TypeError):
        # Configuration of a shape that the test will complain about itself.
        return CallGuard()
    return CallGuard(named, keyword)


def _needs(function: Any) -> dict[str, Any]:
    is_ours = function.__module__.startswith("tenterhooks.")
    return getattr(function, "needs", {}) if is_ours else {}


def _needed(calls: Any) -> CallGuard:
    names, keywords = calls.names, calls.keywords
    guard = CallGuard(
        None if names is None else lambda name: name in names or name.rpartition(".")[2] in names,
        None if keywords is None else lambda name: name in keywords,
    )
    guard.where, guard.all_where = calls.where, calls.all_where
    return guard


def holds(condition: Condition, name: str) -> bool:
    """Whether a condition holds; one that breaks does, so that its test runs and says why."""
    try:
        return condition(name)
    except Exception:  # noqa: BLE001 - see above
        return True


def _exact(*names: str) -> Names:
    wanted = frozenset(names)
    return lambda _: lambda name: name in wanted


def _last(*names: str) -> Names:
    wanted = frozenset(names)
    return lambda _: lambda name: name.rpartition(".")[2] in wanted


def _within_last(word: str) -> Names:
    return lambda _: lambda name: word in name.rpartition(".")[2]


def _root(*names: str) -> Names:
    wanted = frozenset(names)
    return lambda _: lambda name: name.partition(".")[0] in wanted


def _part(parts: tuple[str, ...], *last: str) -> Names:
    wanted = frozenset(parts)

    def condition(name: str) -> bool:
        pieces = name.split(".")
        return not wanted.isdisjoint(pieces) and (not last or pieces[-1] in last)

    return lambda _: condition


def _listed(*keys: str) -> Names:
    """The name is in one of the lists that the configuration has under ``keys``."""

    def make(config: Any) -> Condition:
        if not config:
            return lambda _: False
        lists = [config[key] for key in keys]
        return lambda name: any(name in names for names in lists)

    return make


def _markup(config: Any) -> Condition:
    more = config.get("extend_markup_names", [])
    return lambda name: name in ("markupsafe.Markup", "flask.Markup") or name in more


def _blacklisted(config: Any) -> Condition:
    names = {name for entry in config.get("Call", ()) for name in entry["qualnames"]}
    names |= {"importlib.import_module", "importlib.__import__"}
    return lambda name: name in names


def password_like(name: str) -> bool:
    """Whether a name can look like a password's: what Bandit looks for has one of these in it."""
    # Its expression takes U+017F and U+212A for letters of ASCII.
    low = name.lower()
    return not name.isascii() or any(word in low for word in _PASSWORDS)


_NAMED: dict[str, Names] = {
    "blacklist": _blacklisted,
    "django_extra_used": _last("extra"),
    "django_mark_safe": _last(*_SAFE_STRINGS),
    "django_rawsql_used": _last("RawSQL"),
    "exec_used": _exact("exec"),
    "flask_debug_true": lambda _: lambda name: name.endswith(".run"),
    "hashlib": _part(("hashlib", "crypt")),
    "huggingface_unsafe_download": _last(*_HUGGING_FACE),
    "jinja2_autoescape_false": _part(("jinja2",), "Environment"),
    "linux_commands_wildcard_injection": _listed("shell", "subprocess"),
    "logging_config_insecure_listen": _exact("logging.config.listen"),
    "markupsafe_markup_xss": _markup,
    "paramiko_calls": _last("exec_command"),
    "pytorch_load": _exact("torch.load", "torch.serialization.load"),
    "request_with_no_cert_validation": _root("requests", "httpx"),
    "request_without_timeout": _root("requests", "httpx"),
    "set_bad_file_permissions": _within_last("chmod"),
    "snmp_crypto_check": _exact("pysnmp.hlapi.UsmUserData"),
    "snmp_insecure_version_check": _exact("pysnmp.hlapi.CommunityData"),
    "ssh_no_host_key_verification": _last("set_missing_host_key_policy"),
    "ssl_with_no_version": _exact("ssl.wrap_socket"),
    "start_process_with_a_shell": _listed("shell"),
    "start_process_with_no_shell": _listed("no_shell"),
    "start_process_with_partial_path": _listed(*_SHELL),
    "subprocess_popen_with_shell_equals_true": _listed("subprocess"),
    "subprocess_without_shell_equals_true": _listed("subprocess"),
    "tarfile_unsafe_members": _within_last("extractall"),
    "use_of_mako_templates": _part(("mako",), "Template"),
    "weak_cryptographic_key": _exact(
        f"{_ASYMMETRIC}.dsa.generate_private_key",
        f"{_ASYMMETRIC}.rsa.generate_private_key",
        f"{_ASYMMETRIC}.ec.generate_private_key",
        "Crypto.PublicKey.DSA.generate",
        "Crypto.PublicKey.RSA.generate",
        "Cryptodome.PublicKey.DSA.generate",
        "Cryptodome.PublicKey.RSA.generate",
    ),
    "yaml_load": _part(("yaml",), "load"),
}

_KEYWORD: dict[str, Condition] = {
    "any_other_function_with_shell_equals_true": lambda name: name == "shell",
    "hardcoded_password_funcarg": password_like,
    "ssl_with_bad_version": lambda name: name in _VERSIONED_KEYWORDS,
}


def _only(kind: type[ast.AST]) -> OfNode:
    return lambda node, _: len(node.body) == 1 and node.body[0].__class__ is kind


def _has_defaults(node: Any, _: Mapping[str, str]) -> bool:
    return bool(node.args.defaults)


def _has_password(node: Any, _: Mapping[str, str]) -> bool:
    given = node.args
    return bool(given.defaults) and any(password_like(it.arg) for it in given.args)


def _imports(config: Any) -> OfNode:
    """One of the names that a statement imports begins like a blacklisted one."""
    # `from . import x` is tested as an Import, against what is listed for ImportFrom.
    entries = [entry for kind in _IMPORTS for entry in config.get(kind, ())]
    starts = tuple(name for entry in entries for name in entry["qualnames"])

    def condition(node: Any, _: Mapping[str, str]) -> bool:
        prefix = f"{node.module}." if getattr(node, "module", None) else ""
        return any((prefix + alias.name).startswith(starts) for alias in node.names)

    return condition


def _bad_defaults(config: Any) -> OfNode:
    """A default has one of the names that the configuration lists."""
    listed = config.get("bad_protocol_versions") if isinstance(config, dict) else None
    if not isinstance(listed, list) or not all(isinstance(it, str) and it for it in listed):
        return _has_defaults
    return lambda node, _: any(
        it.__class__ is ast.Attribute and it.attr in listed for it in node.args.defaults
    )


_NODES: dict[str, OfNode] = {
    "try_except_continue": _only(ast.Continue),
    "try_except_pass": _only(ast.Pass),
    "hardcoded_password_default": _has_password,
    "trojansource": lambda data, _: may_turn_text(data),
}
_CONFIGURED: dict[str, Callable[[Any], OfNode]] = {"ssl_with_bad_defaults": _bad_defaults}


def for_node(function: Any, config: Any, kind: str) -> OfNode | None:
    """The guard of a test of any other node, of type ``kind``; None where there is none."""
    needed: OfNode | None = _needs(function).get(kind)
    if needed is not None or not function.__module__.startswith("bandit."):
        return needed
    name = function.__name__
    if name == "blacklist":
        return _imports(config) if kind in _IMPORTS else None
    return _CONFIGURED[name](config) if name in _CONFIGURED else _NODES.get(name)


def may_turn_text(data: bytes) -> bool:
    """Whether a file can have one of the characters that B613 looks for.

    They are U+200F, U+202A..E and U+2066..9; only UTF-8 writes them in a way that is known here.
    """
    return b"\xe2\x80" in data or b"\xe2\x81" in data or has_cookie(data)


def has_cookie(data: bytes) -> bool:
    """Whether the first two lines may name an encoding (PEP 263)."""
    first = data.find(b"\n")
    return b"coding" in data[: data.find(b"\n", first + 1) if first >= 0 else len(data)]


def may_name(data: bytes, *identifiers: bytes) -> bool:
    """Whether one of the identifiers can be in a source. They take no escape, but Python folds
    letters that are alike, and a declared encoding may hide them."""
    return not data.isascii() or has_cookie(data) or any(it in data for it in identifiers)
