"""Reading GitHub's workflows and actions into jobs and steps, local actions opened in their place.

Sources: GitHub documentation, "Workflow syntax", "Metadata syntax", "Reusing workflows".
"""

from __future__ import annotations

import posixpath
import re

from tenterhooks.core.files import Unreadable
from tenterhooks.formats import workflow, yaml
from tenterhooks.formats.pipeline import Text, Variable, text_of
from tenterhooks.trusted_publishing import budget
from tenterhooks.trusted_publishing.contexts import Context
from tenterhooks.trusted_publishing.github import (
    DENIED,
    OPEN,
    GitHubJob,
    GitHubStep,
    grants,
    scalar,
)
from tenterhooks.trusted_publishing.local import local_action
from tenterhooks.trusted_publishing.values import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.files import File, Repository

_MAX_STEPS = 1000
_MAX_DEPTH = 10
_LONGEST_FOLDER = 500
_HOSTED = ("ubuntu-", "windows-", "macos-")
# A job without any of these is given nothing to log in with, and names nothing that uploads.
_SIGNS = (
    *("pypi", "twine", "publish", "flit", "maturin", "release", "deploy", "secrets", "token"),
    *("passw", "write-all", " ./", " $/", "'./", "'$/", '"./', '"$/'),
)
_NO_SH = ("pwsh", "powershell", "cmd", "perl", "ruby", "node", "rscript", "julia", "cmake")
_NEVER = re.compile(r"(?:\$\{\{)?\s*(?:false|!\s*true)\s*(?:\}\})?", re.IGNORECASE)


def jobs(file: File, repository: Repository) -> list[GitHubJob]:
    """The jobs of a workflow that can ever run, or the steps of an action as one job. Steps are
    read where a job may have something to do with an upload.

    Raises Unreadable.
    """
    text = file.text.lower()
    if len(text) != len(file.text):  # the small letter of a Turkish I is two characters
        text = file.text
    if not _has_signs(text, 0, len(text)):
        return []
    document = workflow.load(file).document
    found: list[GitHubJob] = []
    for root in document.roots:
        runs, node = root.get("runs"), root.get("jobs")
        if node is not None:
            env = root.get("env")
            anywhere = env is not None and _has_signs(text, env.start, env.end)
            for job in _jobs(node, root, document):
                found.append(job)
                if anywhere or _has_signs(text, job.node.start, job.node.end):
                    read_steps(job, repository)
        elif runs is not None and runs.get("steps") is not None:
            job = GitHubJob("", text_of(document, root), runs, root, document)
            read_steps(job, repository)
            found.append(job)
    return found


def _has_signs(text: str, start: int, end: int) -> bool:
    """Whether a part of a text in lower case has anything that could come of an upload."""
    if any(text.find(sign, start, end) >= 0 for sign in _SIGNS):
        return True
    return text.count("upload", start, end) > text.count("upload-artifact", start, end)


def _jobs(jobs: yaml.Node, root: yaml.Node, document: yaml.Document) -> Iterator[GitHubJob]:
    seen: set[int] = set()
    for key, node in jobs.named():
        if id(node) in seen or node.kind is not yaml.MAPPING:
            continue
        seen.add(id(node))
        if not _NEVER.fullmatch(scalar(node, "if")):
            yield _job(key, node, root, document)


def _job(key: yaml.Node, node: yaml.Node, root: yaml.Node, document: yaml.Document) -> GitHubJob:
    job = GitHubJob(key.value, text_of(document, key), node, root, document)
    container = node.get("container")
    job.variables = (
        *_variables(document, root),
        *_variables(document, node),
        *(_variables(document, container) if container is not None else ()),
    )
    granted = grants(node, root)
    only_called = set(job.events) == {"workflow_call"}
    job.token = granted or (OPEN if only_called else DENIED)
    return job


def _machines(job: GitHubJob, repository: Repository) -> list[str]:
    """The labels that ``runs-on`` can be, ``?`` among them where that cannot be known."""
    node = job.node.get("runs-on")
    if node is not None and node.kind is yaml.SEQUENCE:
        return [item.text() or "?" for item in node.items()]
    text = node.text() if node is not None else None
    if text is None:
        return []
    from tenterhooks.formats import expression

    names = [text]
    inner = expression.whole(text)
    if inner is not None:
        names = []
        context = Context(job, repository, None)
        for value in expression.values(inner):
            if value.literal is not None:
                names.append(value.literal)
            else:
                sources = context.lookup(value.path) or ()
                names += [item.value if isinstance(item, Source) else "?" for item in sources]
    return names


def _variables(document: yaml.Document, node: yaml.Node) -> tuple[Variable, ...]:
    """What the ``env`` of a workflow, a job or a step sets; of one that many share, made once."""
    env = node.get("env")
    if env is None:
        return ()
    made = document.file.once(_Made).variables
    if id(env) not in made:
        made[id(env)] = tuple(
            Variable(key.value, text_of(document, value))
            for key, value in env.named()
            if value.kind is yaml.SCALAR
        )
    return made[id(env)]


class _Made:
    """The variables of a file, by the node that has them."""

    def __init__(self, _: File) -> None:
        self.variables: dict[int, tuple[Variable, ...]] = {}


def read_steps(job: GitHubJob, repository: Repository) -> None:
    """Read the steps of a job, if that was not done."""
    if job.steps:
        return
    machines = _machines(job, repository)
    job.hosted = bool(machines) and all(name.startswith(_HOSTED) for name in machines)
    job.on_windows = bool(machines) and all(name.startswith("windows-") for name in machines)
    steps = job.node.get("steps")
    if steps is not None:
        found: list[GitHubStep] = []
        context = Context(job, repository, None)
        _expand(steps, context, job.document, None, found, 0)
        job.steps = tuple(found)


def _flat(steps: yaml.Node) -> Iterator[yaml.Node]:
    """The steps of a list, those inside ``parallel`` included."""
    waiting = [iter(steps.items())]
    seen: set[int] = set()
    while waiting:
        node = next(waiting[-1], None)
        if node is None:
            waiting.pop()
            continue
        inner = node.get("parallel") if node.kind is yaml.MAPPING else node
        if inner is None:
            yield node
        elif id(inner) not in seen:
            seen.add(id(inner))
            waiting.append(iter(inner.items()))


def _expand(
    steps: yaml.Node,
    context: Context,
    document: yaml.Document,
    anchor: Text | None,
    found: list[GitHubStep],
    depth: int,
) -> None:
    """Add steps, and in the place of a local composite action its own."""
    for node in _flat(steps):
        if len(found) >= _MAX_STEPS or _NEVER.fullmatch(scalar(node, "if")):
            continue
        budget.of(context.job.document.file).spend(budget.STEP)
        step = _step(node, context, document, anchor)
        found.append(step)
        context.steps.append(step)
        action = local_action(step.uses.value if step.uses else "", context.repository)
        if action is not None and depth < _MAX_DEPTH:
            _expand_action(action, step, context, found, depth)


def _expand_action(
    action: File, step: GitHubStep, context: Context, found: list[GitHubStep], depth: int
) -> None:
    try:
        inner = workflow.load(action).document
    except Unreadable:
        return
    for root in inner.roots:
        runs = root.get("runs")
        steps = runs.get("steps") if runs is not None else None
        if steps is None:
            continue
        step.is_opened = True
        given = {}
        inputs = root.get("inputs")
        for key, node in inputs.named() if inputs is not None else ():
            default = node.get("default")
            if default is not None:
                given[key.value.lower()] = Source(text_of(inner, default))
        given.update({name: Source(text) for name, (_, text) in step.inputs.items()})
        nested = Context(context.job, context.repository, _outer(given, context))
        _expand(steps, nested, inner, step.uses and (step.where), found, depth + 1)


def _outer(given: dict[str, Source], context: Context) -> dict[str, Source]:
    """Inputs handed down through two actions: ``${{ inputs.x }}`` means the outer one's."""
    if context.given is None:
        return given
    from tenterhooks.formats import expression

    found = {}
    for name, source in given.items():
        inner = expression.whole(source.value)
        values = expression.values(inner) if inner is not None else []
        path = values[0].path if len(values) == 1 else ()
        is_input = path[:1] == ("inputs",) and len(path) == 2
        found[name] = context.given.get(path[1], source) if is_input else source
    return found


def _step(
    node: yaml.Node, context: Context, document: yaml.Document, anchor: Text | None
) -> GitHubStep:
    uses, run = node.get("uses"), node.get("run")
    where = anchor or text_of(document, uses or run or node)
    step = GitHubStep(node, where, context.lookup)
    step.uses = text_of(document, uses) if uses is not None else None
    step.script = text_of(document, run) if run is not None else None
    shell = scalar(node, "shell") or _default(context.job, "shell")
    step.shell = _shell(shell or ("pwsh" if context.job.on_windows else ""))
    step.folder = _folder(
        scalar(node, "working-directory") or _default(context.job, "working-directory")
    )
    step.variables = tuple(_variables(document, node))
    given = node.get("with")
    for key, value in given.named() if given is not None else ():
        step.inputs[key.value.lower()] = (key.value, text_of(document, value))
    return step


def _default(job: GitHubJob, key: str) -> str:
    for node in (job.node, job.root):
        defaults = node.get("defaults")
        run = defaults.get("run") if defaults is not None else None
        if scalar(run, key):
            return scalar(run, key)
    return ""


def _shell(text: str) -> str:
    """What is not known, such as ``micromamba-shell {0}``, ends in a shell."""
    name = posixpath.basename(text.strip().split(" ", 1)[0].replace("\\", "/")).lower()
    name = name.removesuffix(".exe")
    if name.startswith("python"):
        return "python"
    return {"powershell": "pwsh"}.get(name, name) if name in _NO_SH else "sh"


def _folder(text: str) -> str:
    text = re.sub(r"^\$\{\{\s*github\.workspace\s*\}\}/?|^\$\{?GITHUB_WORKSPACE\}?/?", "", text)
    if "$" in text or text.startswith("/"):
        return ""
    folder = posixpath.normpath(text)
    odd = folder == "." or folder.startswith("..") or len(folder) > _LONGEST_FOLDER
    return "" if odd else folder
