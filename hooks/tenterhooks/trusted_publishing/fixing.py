"""The edits that turn a token for the official action into Trusted Publishing."""

from __future__ import annotations

import re

from tenterhooks.core.edits import apply
from tenterhooks.core.files import File, Unreadable
from tenterhooks.core.finding import Edit
from tenterhooks.formats import yaml
from tenterhooks.trusted_publishing import known
from tenterhooks.trusted_publishing.github import GRANTED, GitHubJob, GitHubStep, grants
from tenterhooks.trusted_publishing.values import EXPRESSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenterhooks.trusted_publishing.assessment import Stored

_ALIAS = re.compile(r"(?:^|[ \t:\[{,-])[&*][\w-]+", re.MULTILINE)
_LOGIN = ("user", "password")
# Line ends for YAML that are none for us.
_ODD_END = re.compile("\r(?!\n)|[\x85\u2028\u2029]")
# Characters: the edits for each password are tried on the whole file. Half a second.
_MOST = 1_000_000
_COMMENT_LINE = re.compile(r"^[ \t]*#", re.MULTILINE)
# What can do with ``contents: read``, whatever the default permissions are.
_MODEST = (
    "actions/checkout",
    "actions/setup-python",
    "actions/upload-artifact",
    "actions/download-artifact",
    "astral-sh/setup-uv",
    "pypa/cibuildwheel",
    "hynek/build-and-inspect-python-package",
    known.OFFICIAL,
)
_NEEDS_TOKEN = re.compile(r"\bgit\b(?![/+-])|\bgh\b|secrets\.")


def edits(found: Stored, file: File) -> Sequence[Edit]:
    """The edits, where they are certain: one upload by the official action with a secret in its
    ``password``, in a job that is otherwise ready. Else none."""
    job = found.job
    step = found.uploads[0].step if len(found.uploads) == 1 else None
    if not isinstance(job, GitHubJob) or not isinstance(step, GitHubStep) or not job.name:
        return ()
    action = found.uploads[0].action
    if action is None or action.name != known.OFFICIAL or not _is_plain(found, job, step, file):
        return ()
    dropped = _drop(step, file)
    granted = () if job.token == GRANTED else _grant(job, file)
    if not dropped or granted is None:
        return ()
    wanted = (*dropped, *granted)
    return wanted if _holds(wanted, job, file) else ()


def _is_plain(found: Stored, job: GitHubJob, step: GitHubStep, file: File) -> bool:
    """Whether nothing about the job makes the answer doubtful."""
    # GitHub does not run such a file.
    if job.document.duplicates or job.node.get("uses") is not None:
        return False
    if file.text.lower().count("password") * len(file.text) > _MOST:
        return False
    secret = step.inputs.get("password")
    if "username" in step.inputs:  # which the action does not know: what is meant is not plain
        return False
    if secret is None or found.source.text is not secret[1] or secret[1].file is not file:
        return False
    match = EXPRESSION.fullmatch(secret[1].value.strip())
    if match is None or not re.fullmatch(r"\s*secrets\.[\w-]+\s*", match.group(1)):
        return False
    if {"pull_request_target", "workflow_call"} & set(job.events) or _ODD_END.search(file.text):
        return False
    return not _ALIAS.search(file.text[job.node.start : job.node.end])


def _drop(step: GitHubStep, file: File) -> Sequence[Edit]:
    """Take ``user`` and ``password`` out of ``with``, and ``with`` itself where nothing is left."""
    given = step.node.get("with")
    if given is None:
        return ()
    pairs = list(given.named())
    wanted = [pair for pair in pairs if pair[0].value.lower() in _LOGIN]
    if len(wanted) == len(pairs):
        if _COMMENT_LINE.search(file.text, given.start, _last(file, given)):
            return ()
        key = next(key for key, value in step.node.named() if value is given)
        return _lines(file, key.start, _last(file, given))
    if file.text[given.start : given.start + 1] == "{":
        return ()
    parts = [_lines(file, key.start, _end(file, value)) for key, value in wanted]
    return [edit for part in parts for edit in part] if all(parts) else ()


def _end(file: File, node: yaml.Node) -> int:
    """Where a node ends, the white space behind it left out."""
    end = node.end
    while end > node.start and file.text[end - 1].isspace():
        end -= 1
    return end


def _last(file: File, mapping: yaml.Node) -> int:
    if file.text[mapping.start : mapping.start + 1] == "{" or not mapping.value:
        return _end(file, mapping)
    return _end(file, mapping.value[-1][1])


def _lines(file: File, start: int, end: int) -> Sequence[Edit]:
    """Delete the lines from ``start`` to ``end``; nothing where something else stands on them."""
    text = file.text
    begin = text.rfind("\n", 0, start) + 1
    if text[begin:start].strip():
        return ()
    close = text.find("\n", end)
    close = len(text) if close < 0 else close + 1
    rest = text[end:close].strip()
    return [] if rest and not rest.startswith("#") else [Edit(begin, close, "")]


def _grant(job: GitHubJob, file: File) -> Sequence[Edit] | None:
    """Add ``id-token: write`` to what the job is permitted, and keep the rest."""
    own = job.node.get("permissions")
    if own is not None:
        return _extend(own, file)
    outer = job.root.get("permissions")
    if outer is None:
        return _insert(job, [("contents", "read")], file) if _is_modest(job) else None
    if outer.kind is not yaml.MAPPING:
        return None
    kept = [(key.value or "", value.text() or "") for key, value in outer.pairs()]
    if not all(_is_permission(*pair) for pair in kept):
        return None
    return _insert(job, [pair for pair in kept if pair[0] != "id-token"], file)


def _is_permission(name: object, value: str) -> bool:
    return (
        isinstance(name, str)
        and re.fullmatch(r"[a-z-]+", name) is not None
        and value in ("read", "write", "none")
    )


def _holds(wanted: Sequence[Edit], job: GitHubJob, file: File) -> bool:
    """Whether the file, once edited, grants the job what it did and the token."""
    data = apply(file.text, wanted).encode("utf-8")
    try:
        document = yaml.load(File(file.path, file.absolute, file.shown, data))
    except Unreadable:
        return False
    for root in document.roots:
        jobs = root.get("jobs")
        node = jobs.get(job.name) if jobs is not None else None
        if node is not None:
            if job.token == GRANTED:
                return grants(node, root) == GRANTED
            after = _permitted(node, root)
            before = _permitted(job.node, job.root) or {"contents": after.get("contents", "")}
            return {"contents": "", **after} == {"contents": "", **before, "id-token": "write"}
    return False


def _permitted(node: yaml.Node, root: yaml.Node) -> dict[str, str]:
    permissions = node.get("permissions") or root.get("permissions")
    found = permissions.named() if permissions is not None else ()
    return {key.value: value.text() or "" for key, value in found}


def _is_modest(job: GitHubJob) -> bool:
    """Whether a job without any permissions block needs no more than to read the repository."""
    env = job.root.get("env")
    if any(_holds_token(job, node) for node in (job.node, env) if node is not None):
        return False
    for step in job.steps:
        if step.uses is not None:
            name = step.uses.value.partition("@")[0].lower()
            if name not in _MODEST:
                return False
        elif step.script is None or _NEEDS_TOKEN.search(step.script.value):
            return False
    return True


def _holds_token(job: GitHubJob, node: yaml.Node) -> bool:
    text = job.document.file.text[node.start : node.end]
    return "github.token" in text or "GITHUB_TOKEN" in text


def _extend(own: yaml.Node, file: File) -> Sequence[Edit] | None:
    text = file.text
    token = own.get("id-token")
    if token is not None:
        return [Edit(token.start, _end(file, token), "write")]
    if own.kind is not yaml.MAPPING:
        return None
    if text[own.start : own.start + 1] == "{":
        end = _end(file, own) - 1
        gap = ", " if own.value else ""
        at = end
        while text[at - 1] in " \t":
            at -= 1
        return [Edit(at, at, f"{gap}id-token: write")]
    first, last = own.value[0][0], own.value[-1][1]
    indent = " " * (file.position(first.start)[1] - 1)
    line_end = text.find("\n", _end(file, last))
    newline = _newline(file)
    if line_end < 0:
        return [Edit(len(text), len(text), f"{newline}{indent}id-token: write")]
    return [Edit(line_end + 1, line_end + 1, f"{indent}id-token: write{newline}")]


def _insert(job: GitHubJob, kept: list[tuple[str, str]], file: File) -> Sequence[Edit] | None:
    """A permissions block of the job's own, before its steps."""
    steps = next((key for key, _ in job.node.named() if key.value == "steps"), None)
    if steps is None:
        return None
    column = file.position(steps.start)[1] - 1
    begin = file.text.rfind("\n", 0, steps.start) + 1
    if file.text[begin : steps.start].strip():
        return None
    indent, newline = " " * column, _newline(file)
    deeper = indent + " " * (2 if column <= 4 else column // 2)
    lines = [f"{indent}permissions:"]
    lines += [f"{deeper}{name}: {value}" for name, value in (*kept, ("id-token", "write"))]
    return [Edit(begin, begin, "".join(line + newline for line in lines))]


def _newline(file: File) -> str:
    return "\r\n" if "\r\n" in file.text else "\n"
