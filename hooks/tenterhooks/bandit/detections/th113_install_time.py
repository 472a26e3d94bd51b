"""TH113: what a build or an installation fetches, starts in a shell, or unwraps and executes.

``setup.py``, a build backend in the tree, and the build hooks of Hatch and PDM run with the rights
of whoever types ``pip install``. Tools that compile and ``git describe`` are what they are for.

Sources: setuptools documentation, "Extending or Customizing Setuptools"; PEP 517, "In-tree build
backends"; Hatch documentation, "Custom build hook"; PDM documentation, "Build hooks".
"""

from __future__ import annotations

import ast
import os.path

from tenterhooks.bandit.detections import commands, names, trees
from tenterhooks.bandit.detections.plugin import HIGH, MEDIUM, detection, found

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tenterhooks.bandit.detections.plugin import Context, Issue

    _Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

_NO_INTEGRITY_CHECK = 494
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_FETCHERS = frozenset(
    {
        *("urllib.request.urlopen", "urllib.request.urlretrieve", "urllib2.urlopen"),
        *("urllib.urlopen", "urllib.urlretrieve", "six.moves.urllib.request.urlretrieve"),
        *("six.moves.urllib.request.urlopen", "urllib.request.build_opener", "wget.download"),
        *("socket.socket", "socket.create_connection", "ftplib.FTP", "pycurl.Curl"),
        *("http.client.HTTPConnection", "http.client.HTTPSConnection", "urllib3.PoolManager"),
        *("urllib3.request", "requests.Session", "httpx.Client", "aiohttp.ClientSession"),
        *(f"requests.{it}" for it in ("get", "post", "put", "request")),
        *(f"httpx.{it}" for it in ("get", "post", "put", "request", "stream")),
    }
)
_EXECUTORS = frozenset({"exec", "eval", "builtins.exec", "builtins.eval"})
_UNWRAPPERS = frozenset(
    {"b64decode", "b32decode", "b85decode", "a85decode", "decompress", "fromhex", "unhexlify"}
    | {"urlsafe_b64decode", "loads"}
)
_CALLS = commands.NAMES | {it.rpartition(".")[2] for it in _FETCHERS} | {"exec", "eval"}
_DOWNLOADERS = frozenset({"curl", "wget", "aria2c", "Invoke-WebRequest", "iwr"})
_INTERPRETERS = frozenset({"sh", "bash", "zsh", "powershell", "pwsh", "nc", "ncat", "osascript"})
_MANAGERS = {
    "pip": ("install", "download"),
    "pip3": ("install", "download"),
    "uv": ("pip", "add"),
    "easy_install": (),
    "npm": ("install", "i", "add"),
    "yarn": ("install", "add"),
    "pnpm": ("install", "add"),
    "brew": ("install",),
    "apt": ("install",),
    "apt-get": ("install",),
    "yum": ("install",),
    "dnf": ("install",),
    "conda": ("install",),
    "git": ("clone",),
    "go": ("get",),
    "gem": ("install",),
}
_ROLES = frozenset({"setup.py", "hatch_build.py", "pdm_build.py"})
# Commands of setuptools that a build or an installation goes through.
_COMMANDS = frozenset(
    {
        *("build", "build_py", "build_ext", "build_clib", "build_scripts", "install", "develop"),
        *("install_lib", "install_data", "install_scripts", "install_egg_info", "egg_info"),
        *("bdist_wheel", "bdist_egg", "sdist", "dist_info", "editable_wheel", "easy_install"),
    }
)
_HOOKS = frozenset(
    {
        *("build_wheel", "build_sdist", "build_editable", "prepare_metadata_for_build_wheel"),
        *("get_requires_for_build_wheel", "get_requires_for_build_sdist"),
    }
)
_BY_HAND = frozenset({"publish", "upload", "tag", "release", "test", "docs", "clean"})
_WHEN = "when the package is built or installed, with the rights of whoever does it"


@detection("TH113", "Call", names=_CALLS)
def runs_at_install_time(context: Context) -> Issue:
    """Network, shells and unwrapped code in the files that an installation runs."""
    if context.call_function_name not in _CALLS or not _has_role(context):
        return None
    said = _fault(context.node, context.import_aliases)
    return said if said is not None and _is_at_install(context) else None


def _fault(call: ast.Call, aliases: Mapping[str, str]) -> Issue:
    function = names.spelled(call.func, aliases)
    if function in _FETCHERS:
        text = f"{function} reaches into the network {_WHEN}. Ship the file in the source"
        return found(f"{text} distribution, or check its hash.", HIGH, _NO_INTEGRITY_CHECK, HIGH)
    if function in _EXECUTORS:
        if not call.args or not _is_unwrapped(call.args[0]):
            return None
        text = f"{function} runs decoded code {_WHEN}. Write the code out."
        return found(text, HIGH, _NO_INTEGRITY_CHECK, HIGH)
    command = commands.started(call, aliases)
    for words in command.lists if command is not None else ():
        what = _what(words)
        if what:
            text = (
                f"`{what}` runs {_WHEN}. Ship what it brings, or name it in build-system.requires."
            )
            return found(text, MEDIUM, _NO_INTEGRITY_CHECK, HIGH)
    return None


def _is_unwrapped(code: ast.expr) -> bool:
    return any(
        isinstance(it, ast.Call) and trees.last_name(it) in _UNWRAPPERS for it in ast.walk(code)
    )


def _what(words: Sequence[str]) -> str:
    """The word of a command that fetches or opens a shell, with what it is told to do."""
    for at, word in enumerate(words[:6]):
        base = word.replace("\\", "/").rpartition("/")[2].removesuffix(".exe")
        if base in _DOWNLOADERS:
            return base
        if base in _INTERPRETERS and not at and "-c" in words:
            return f"{base} -c"
        if base in _MANAGERS:
            told = words[at + 1 : at + 4]
            wanted = _MANAGERS[base]
            verb = next((it for it in told if it in wanted), "")
            return f"{base} {verb}".strip() if verb or not wanted else ""
    return ""


def _has_role(context: Context) -> bool:
    """Whether an installation runs the file; asked before anything that costs."""
    path = str(context.filename)
    if os.path.basename(path) in _ROLES:
        return True
    module = _module_of(context.node)
    plan = None if module is None else _plan(module)
    if plan is None or not plan.has_hook:
        return False
    if plan.is_backend is None:
        plan.is_backend = _is_named(path)
    return plan.is_backend


def _is_named(path: str) -> bool:
    """Whether the nearest pyproject names the file as its backend, found by ``backend-path``."""
    module = os.path.splitext(os.path.basename(path))[0]
    folder = os.path.dirname(os.path.abspath(path))
    for _ in range(8):
        try:
            with open(os.path.join(folder, "pyproject.toml"), "rb") as stream:
                data = stream.read(1_000_000)
        except OSError:
            folder = os.path.dirname(folder)
            continue
        return b"backend-path" in data and module in _backend(data)
    return False


def _backend(data: bytes) -> list[str]:
    import tomli

    try:
        system = tomli.loads(data.decode()).get("build-system")
    except ValueError:
        return []
    backend = system.get("build-backend") if isinstance(system, dict) else None
    return backend.partition(":")[0].split(".") if isinstance(backend, str) else []


class _Plan:
    """What of a module runs. reached: the functions, and the commands of a build or an
    installation. has_hook: it has one of PEP 517. is_backend: a pyproject names it as a backend,
    None as long as nobody has looked."""

    __slots__ = ("has_hook", "is_backend", "reached")

    def __init__(self) -> None:
        self.reached: set[int] = set()
        self.has_hook = False
        self.is_backend: bool | None = None


def _module_of(node: ast.AST) -> ast.Module | None:
    top = node
    for parent in trees.parents(node):
        top = parent
    return top if isinstance(top, ast.Module) else None


def _plan(module: ast.Module) -> _Plan:
    """Remembered on the tree, which is asked for every candidate in it."""
    known: _Plan | None = getattr(module, "_tenterhooks_plan", None)
    if known is None:
        known = _made(list(trees.own_nodes(module)))
        module._tenterhooks_plan = known  # type: ignore[attr-defined]  # noqa: SLF001
    return known


def _made(nodes: list[ast.AST]) -> _Plan:
    plan = _Plan()
    functions = {it.name: it for it in nodes if isinstance(it, _FUNCTIONS)}
    classes = {it.name: it for it in nodes if isinstance(it, ast.ClassDef)}
    registered = dict(_registered(nodes))
    commands = {key: classes[name] for name, key in registered.items() if name in classes}
    hooks = _HOOKS & functions.keys()
    plan.has_hook = bool(hooks)
    waiting: list[_Definition] = [it for it in classes.values() if _is_command(it, registered)]
    waiting += [*(functions[name] for name in hooks), *_used(nodes, functions, commands)]
    while waiting:
        it = waiting.pop()
        if id(it) not in plan.reached:
            plan.reached.add(id(it))
            waiting += _used(ast.walk(it), functions, commands)
            bases = [trees.last_name(base) for base in getattr(it, "bases", ())]
            waiting += [classes[name] for name in bases if name in classes]
    return plan


def _used(
    nodes: Iterable[ast.AST],
    functions: Mapping[str, _Definition],
    commands: Mapping[str, _Definition],
) -> Iterator[_Definition]:
    """The functions that are named, and the commands that ``run_command("js")`` runs."""
    for node in nodes:
        if isinstance(node, ast.Name) and node.id in functions:
            yield functions[node.id]
        elif isinstance(node, ast.Call) and node.args and trees.last_name(node) == "run_command":
            command = commands.get(names.text(node.args[0]) or "")
            if command is not None:
                yield command


def _registered(nodes: list[ast.AST]) -> Iterator[tuple[str, str]]:
    """Class and command of ``cmdclass={"build_py": Build}``, or of a mapping of that name."""
    for node in nodes:
        for holder, value in _kept(node):
            if isinstance(holder, ast.Subscript) and _is_cmdclass(holder.value):
                yield trees.last_name(value), names.text(holder.slice) or ""
            elif _is_cmdclass(holder) and isinstance(value, ast.Dict):
                for key, it in zip(value.keys, value.values, strict=True):
                    yield trees.last_name(it), (names.text(key) or "") if key else ""


def _kept(node: ast.AST) -> Iterator[tuple[ast.expr | None, ast.expr | None]]:
    """What a statement, an argument or a mapping keeps under which name, or text."""
    if isinstance(node, ast.keyword):
        yield ast.Constant(node.arg), node.value
    elif isinstance(node, ast.Assign):
        yield from ((target, node.value) for target in node.targets)
    elif isinstance(node, ast.AnnAssign):
        yield node.target, node.value
    elif isinstance(node, ast.Dict):
        yield from zip(node.keys, node.values, strict=True)


def _is_cmdclass(holder: ast.expr | None) -> bool:
    """``cmdclass``, ``"cmdclass"``, ``arguments["cmdclass"]``."""
    if isinstance(holder, ast.Subscript):
        holder = holder.slice
    if isinstance(holder, ast.Constant):
        return holder.value == "cmdclass"
    return trees.last_name(holder) == "cmdclass"


def _is_command(node: ast.ClassDef, registered: Mapping[str, str]) -> bool:
    command = registered.get(node.name)
    if command is not None:
        return command in _COMMANDS
    bases = {trees.last_name(base).lower().removeprefix("_") for base in node.bases}
    return bool(bases & _COMMANDS) or bool(bases & {"buildhookinterface", "sdistcommand"})


def _is_at_install(context: Context) -> bool:
    module = _module_of(context.node)
    if module is None or os.path.basename(str(context.filename)) == "pdm_build.py":
        return True
    plan = _plan(module)
    outermost: ast.AST | None = None
    for parent in trees.parents(context.node):
        if isinstance(parent, ast.If) and _asks_by_hand(parent.test):
            return False
        if isinstance(parent, (*_FUNCTIONS, ast.ClassDef)):
            outermost = parent
    return outermost is None or id(outermost) in plan.reached


def _asks_by_hand(test: ast.expr) -> bool:
    """``if sys.argv[-1] == "publish"``."""
    nodes = list(ast.walk(test))
    asked = any(isinstance(it, ast.Attribute) and it.attr == "argv" for it in nodes)
    return asked and any((names.text(it) or "") in _BY_HAND for it in nodes)
