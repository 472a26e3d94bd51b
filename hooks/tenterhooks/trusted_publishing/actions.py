"""What an action, a deployment provider or a reusable workflow uploads, and is given for it."""

from __future__ import annotations

import re

from tenterhooks.trusted_publishing import commands, index, known
from tenterhooks.trusted_publishing.uploads import Mention, Upload, is_of_others, is_pypi_name
from tenterhooks.trusted_publishing.values import Scope, Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.formats.pipeline import Step
    from tenterhooks.trusted_publishing.flow import Flow
    from tenterhooks.trusted_publishing.known import Action

_CREDENTIAL_NAME = re.compile(r"token|passw|api[-_]?key", re.IGNORECASE)
_PYPI_SECRET = re.compile(r"\bsecrets\s*\.\s*\w*pypi\w*", re.IGNORECASE)
_ADDRESS_INPUT = re.compile(r"url|registry|server|index|repository$", re.IGNORECASE)
_ELSEWHERE = ("docker/", "actions/", "github/", "aws-actions/", "codecov/", "conda-incubator/")
_MAPPED = re.compile(r"\|[ \t]*([A-Za-z_]\w*)[ \t]*(?:;|$)", re.MULTILINE)
_PAIR = re.compile(r"^[ \t]*([\w-]+)[ \t]*:[ \t]*(\S.*)?$", re.MULTILINE)


def uses(flow: Flow, step: Step, scope: Scope) -> None:
    """Note the upload of a step that uses something, and credentials handed to it."""
    if step.uses is None:
        return
    name = _name(step.uses.value)
    inputs = {key: Source(text) for key, (_, text) in step.inputs.items()}
    if name.endswith("wretry.action") and "action" in inputs:
        retried = _name(inputs["action"].value)
        given = dict(_pairs(inputs["with"])) if "with" in inputs else {}
        _use(flow, step, scope, retried, given, Source(inputs["action"].text))
    else:
        _use(flow, step, scope, name, inputs, Source(step.uses))


def _name(uses: str) -> str:
    """``owner/repo/path`` in lower case, without a version."""
    image = uses.strip().removeprefix("docker://").removeprefix("ghcr.io/")
    return image.partition("@")[0].partition(":")[0].lower().rstrip("/")


def _pairs(source: Source) -> Iterator[tuple[str, Source]]:
    """Inputs that are handed on as the text of a mapping."""
    for match in _PAIR.finditer(source.value):
        if match.group(2):
            value = match.group(2).rstrip()
            found = Source(source.text, value.strip("\"'"), match.start(2), len(value))
            yield match.group(1).lower(), found


def _use(
    flow: Flow, step: Step, scope: Scope, name: str, inputs: dict[str, Source], at: Source
) -> None:
    action = known.ACTIONS.get(name)
    if name.startswith(known.SECRET_ACTIONS):
        _fetch(flow, step, name)
    elif action is not None:
        _act(flow, step, scope, action, inputs, at)
    elif name.startswith((".", "$")) or ("/" in name and not name.startswith(_ELSEWHERE)):
        _hand_over(flow, step, scope, inputs)
    elif name == "twineauthenticate":
        _twine_authenticate(flow, inputs)


def _act(
    flow: Flow,
    step: Step,
    scope: Scope,
    action: Action,
    inputs: dict[str, Source],
    at: Source,
) -> None:
    tool = known.TOOLS.get(action.tool)
    upload = Upload(action.name, tool, at, step.where, step, scope)
    upload.action = action
    names = [inputs[key] for key in action.names if key in inputs]
    urls = [inputs[key] for key in action.urls if key in inputs]
    if action.switch in inputs and inputs[action.switch].value.strip() == "false":
        return
    if action.command is not None:
        command = inputs.get(action.command[0])
        if command is None or command.value.strip() not in action.command[1].split():
            return
        upload.subcommand = command.value.strip()
        if "args" in inputs and "--help" in inputs["args"].value:
            return
        _from_arguments(upload, inputs.get("args"), names, urls)
    if tool is not None and not names and not urls:
        urls += [scope.variables[key] for key in tool.env_urls if key in scope.variables]
        names += [scope.variables[key] for key in tool.env_names if key in scope.variables]
    upload.index = index.decide(urls, names, {}, scope, action.tool)
    upload.credentials += [(key, inputs[key]) for key in action.passwords if key in inputs]
    variables = (*action.variables, *(tool.env_passwords if tool is not None else ()))
    upload.credentials += [
        (key, scope.variables[key]) for key in variables if key in scope.variables
    ]
    upload.user = next((inputs[key] for key in action.users if key in inputs), None)
    if upload.credentials or action.trusted or action.has_settings:
        flow.upload(upload)


def _from_arguments(
    upload: Upload, arguments: Source | None, names: list[Source], urls: list[Source]
) -> None:
    """What ``args: --repository testpypi -p X`` says."""
    if arguments is None or upload.tool is None:
        return
    from tenterhooks.formats import shell
    from tenterhooks.trusted_publishing.words import source_of

    tool, text = upload.tool, arguments.text
    words = [word for command in shell.commands(text.value) for word in command.words]
    options = commands.options(words, tool)
    upload.options = options
    names += [source_of(options[name], text) for name in tool.names if name in options]
    urls += [source_of(options[name], text) for name in tool.urls if name in options]
    upload.credentials += [
        (name, source_of(options[name], text)) for name in tool.passwords if name in options
    ]


def _hand_over(flow: Flow, step: Step, scope: Scope, inputs: dict[str, Source]) -> None:
    """Credentials for PyPI that an action is given of which nothing else is known."""
    if step.is_opened or _is_private(inputs):
        return
    for name, text in step.inputs.values():
        if is_pypi_credential(name, text.value):
            flow.mentions.append(Mention(name, Source(text), "", scope))
    for variable in step.variables:
        if is_pypi_name(variable.name):
            source = Source(variable.text)
            flow.mentions.append(Mention(variable.name, source, "", scope))


def is_pypi_credential(name: str, value: str) -> bool:
    """Whether an input of this name and value hands over a credential for PyPI."""
    if is_pypi_name(name) or name.upper() in known.CREDENTIALS:
        return True
    secret = _PYPI_SECRET.search(value) if _CREDENTIAL_NAME.search(name) else None
    return secret is not None and not is_of_others(name + secret.group())


def _is_private(inputs: dict[str, Source]) -> bool:
    """Whether an address among the inputs is that of another index."""
    found = [
        index.by_address(source.value)
        for name, source in inputs.items()
        if _ADDRESS_INPUT.search(name) and "://" in source.value
    ]
    return known.PRIVATE in found and not {known.PYPI, known.TESTPYPI} & set(found)


def _fetch(flow: Flow, step: Step, name: str) -> None:
    """Variables that an action fills from where secrets are stored: those of its own environment
    (1Password), or those that its input maps to (Vault: ``path key | NAME ;``)."""
    for variable in step.variables:
        if variable.text.value.startswith("op://"):
            flow.keep({variable.name: Source(variable.text)})
    if "secrets" in step.inputs:
        source = Source(step.inputs["secrets"][1])
        for match in _MAPPED.finditer(source.value):
            found = source.part(match.start(1), len(match.group(1)))
            found.origin = f"a secret that {name} fetches"
            flow.keep({match.group(1): found})


def _twine_authenticate(flow: Flow, inputs: dict[str, Source]) -> None:
    """Azure's task: an artifact feed is private; a service connection has a stored token."""
    connection = inputs.get("pythonuploadserviceconnection")
    if connection is not None and connection.value.strip():
        connection.origin = f"the service connection {connection.value.strip()}"
        flow.authenticated = connection
    elif "artifactfeed" in inputs:
        flow.is_private = True


def called(flow: Flow, secrets: dict[str, Source], inputs: dict[str, Source], scope: Scope) -> None:
    """Secrets that a job passes to a reusable workflow of another repository."""
    if _is_private(inputs):
        return
    for name, source in secrets.items():
        if is_pypi_credential(name, source.value):
            flow.mentions.append(Mention(name, source, "", scope))
