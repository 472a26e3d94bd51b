"""Google Cloud Build's configurations: one job, whose steps run in containers.

Source: Google Cloud documentation, "Build configuration file schema", "Substituting variable
values" and "Use secrets from Secret Manager". ``$$NAME`` is how a build writes the shell's
``$NAME``, as ``$NAME`` would be a substitution: here it is the latter.
"""

from __future__ import annotations

import os
import re

from tenterhooks.core.files import Unreadable
from tenterhooks.formats import yaml
from tenterhooks.formats.pipeline import Job, Step, Text, Variable, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.files import File

PATHS = r"(^|/)(([^/]*[-_.])?cloudbuild[^/]*|\.?cloudbuild/([^/]+/)*[^/]+)\.(ya?ml|json)$"
_SHELLS = {
    **dict.fromkeys(("sh", "bash", "ash", "dash", "ksh", "zsh"), "sh"),
    **dict.fromkeys(("pwsh", "powershell"), "pwsh"),
}
_SAFE = r"[\w@%+=:,./$*{}~?-]+"
_MAX_WORK = 250_000  # aliases make much of little
_CIPHERTEXT = "a value encrypted with Cloud KMS"


def jobs(file: File) -> Iterator[Job]:
    """The one job of a build, steps that are repeated by an alias once; none where the file has
    no steps. Raises Unreadable."""
    document = yaml.load(file)
    for root in document.roots:
        for key, value in reversed([*root.pairs()]):
            if key.value == "steps":
                build = _Build(document, root)
                nodes = {id(node): node for node in value.items() if node.kind is yaml.MAPPING}
                steps = [build.step(node) for node in nodes.values()]
                yield Job("cloudbuild", "build", text_of(document, key), build.variables(), steps)
                break


class _Build:
    """One build. Its secrets are looked up by the names of the variables that hold them."""

    def __init__(self, document: yaml.Document, root: yaml.Node) -> None:
        self._document = document
        self._root = root
        self._secrets = dict(_secrets(root))
        self._left = _MAX_WORK

    def variables(self) -> list[Variable]:
        """Substitutions, and what ``options`` sets for all steps."""
        found = []
        for key, value in _get(self._root, "substitutions").pairs():
            if key.kind is yaml.SCALAR:
                found.append(Variable(key.value, self._text_of(value)))
        return [*found, *self._environment(_get(self._root, "options"))]

    def step(self, node: yaml.Node) -> Step:
        """One step; its place is that of its ``id``, else of the name of its image."""
        image = self._text(node, "name")
        where = self._text(node, "id") or image or self._text_of(node)
        script, shell = self._script(node)
        folder = _folder(_get(node, "dir").text() or "")
        variables = [*self._environment(node)]
        return Step(where, script, shell, folder, variables, None if script else image)

    def _text_of(self, node: yaml.Node) -> Text:
        """A scalar as a Text. Raises Unreadable where there are too many of them."""
        text = text_of(self._document, node)
        self._spend(1 + (len(text.value) + text.start - node.start) // 100)
        return text

    def _spend(self, amount: int) -> None:
        self._left -= amount
        if self._left < 0:
            message = f"expands to more than {_MAX_WORK} values, too many to be meant"
            raise Unreadable(message, rule="invalid-file")

    def _text(self, node: yaml.Node, key: str) -> Text | None:
        value = node.get(key)
        return self._text_of(value) if value and value.kind is yaml.SCALAR else None

    def _script(self, step: yaml.Node) -> tuple[Text | None, str]:
        """The commands of a step and the interpreter of them: ``script``, the text that a shell
        is given with ``-c``, or the words of a single command."""
        script = self._text(step, "script")
        if script is not None:
            return _unescaped(script), _shebang(script.value)
        entrypoint = self._text(step, "entrypoint")
        text, shell = self._shell_text(entrypoint, [*_get(step, "args").items()])
        if text is not None:
            return _unescaped(self._text_of(text)), shell
        return self._words(step, entrypoint), "sh"

    def _shell_text(
        self, entrypoint: Text | None, args: list[yaml.Node]
    ) -> tuple[yaml.Node | None, str]:
        """What a shell, as the entrypoint or as the first argument without one, is given to run
        with ``-c``, and which shell that is."""
        self._spend(len(args) // 100)
        program = entrypoint.value if entrypoint else args[0].text() if args else None
        shell = _SHELLS.get(_name(program or ""), "")
        text = _command(args if entrypoint else args[1:], shell) if shell else None
        return text, shell

    def _words(self, step: yaml.Node, entrypoint: Text | None) -> Text | None:
        """Entrypoint and arguments as a shell would have them written."""
        args = step.get("args")
        words = [entrypoint.value] if entrypoint else []
        items = args.items() if args and args.kind is yaml.SEQUENCE else [args]
        words += [self._text_of(it).value for it in items if it and it.kind is yaml.SCALAR]
        if not words:
            return None
        line = " ".join(map(_quoted, words))
        if args is None:
            return entrypoint
        start, end = self._document.content(args), args.end
        return _unescaped(Text(line, self._document.file, start, end))

    def _environment(self, holder: yaml.Node) -> Iterator[Variable]:
        """What ``env`` and ``secretEnv`` of a step or of the options set."""
        for node in _get(holder, "env").items():
            text = self._text_of(node)
            name, equals, value = text.value.partition("=")
            if equals:
                start = self._document.file.text.find("=", text.start, text.end) + 1
                yield Variable(name, _unescaped(Text(value, text.file, start, text.end)))
        for node in _get(holder, "secretEnv").items():
            text = self._text_of(node)
            text.stored = self._secrets.get(text.value, "Secret Manager's secret")
            name, text.value = text.value, f"$${text.value}"
            yield Variable(name, text)


def _secrets(root: yaml.Node) -> Iterator[tuple[str, str]]:
    """Variables that a build has secrets for, and where it has them from. Of the old form
    (``secrets``) and of the new ones; that of the Secret Manager last, as it has a name."""
    available = _get(root, "availableSecrets")
    for group, key in ((_get(root, "secrets"), "secretEnv"), (_get(available, "inline"), "envMap")):
        for item in {id(item): item for item in group.items()}.values():
            for name, _ in _get(item, key).pairs():
                yield name.text() or "", _CIPHERTEXT
    for item in _get(available, "secretManager").items():
        version = _get(item, "versionName").text() or "secret"
        yield _get(item, "env").text() or "", f"Secret Manager's {version}"


_NOTHING = yaml.Node(yaml.SCALAR, "", 0, 0, plain=True)


def _get(node: yaml.Node, key: str) -> yaml.Node:
    return node.get(key) or _NOTHING


def _command(args: list[yaml.Node], shell: str) -> yaml.Node | None:
    """The text behind ``-c``, which may stand with other options (``-ec``, ``-o pipefail``);
    None where a shell is given a file to run."""
    takes_word = False
    for index, node in enumerate(args):
        word = node.text() or ""
        if _is_command(word, shell):
            return next((node for node in args[index + 1 :] if _is_text(node)), None)
        if shell == "sh" and not takes_word and word[:1] not in ("-", "+"):
            return None
        takes_word = word[-1:] in ("o", "O")
    return None


def _is_command(word: str, shell: str) -> bool:
    if shell == "pwsh":
        return word.lower() in ("-c", "-command")
    return word[:1] == "-" and word[1:].isalpha() and "c" in word


def _is_text(node: yaml.Node) -> bool:
    return bool(node.text()) and not node.value.startswith("-")


def _shebang(script: str) -> str:
    """The interpreter that a script names in its first line; Cloud Build's own is ``sh``."""
    words = script.split("\n", 1)[0][2:].split() if script.startswith("#!") else []
    names = [_name(word) for word in words if not word.startswith("-")]
    name = names[1] if names[:1] == ["env"] and len(names) > 1 else "".join(names[:1])
    return _SHELLS.get(name, name or "sh")


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _quoted(word: str) -> str:
    """A word as a shell takes it for one; variables stay variables, and wildcards wildcards."""
    if re.fullmatch(_SAFE, word):
        return word
    if "$" in word:
        return '"' + re.sub(r'(["\\`])', r"\\\1", word) + '"'
    return "'" + word.replace("'", "'\\''") + "'"


def _unescaped(text: Text) -> Text:
    text.value = text.value.replace("$$", "$")
    return text


def _folder(path: str) -> str:
    """A ``dir``, which begins at ``/workspace``, where the repository is."""
    inside = re.sub(r"^/workspace(?=/|$)", ".", path)
    folder = os.path.normpath(inside).replace(os.sep, "/") if inside else ""
    return "" if folder == "." else folder
