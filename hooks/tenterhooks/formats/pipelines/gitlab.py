"""GitLab's pipelines: the jobs as they are once all files, templates and defaults are merged.

Source: GitLab documentation, "CI/CD YAML syntax reference" and "Optimize GitLab CI/CD
configuration files". As in GitLab, files are merged first, then ``extends``, then
``!reference``. ``rules:variables`` and ``run`` are not looked at; of a ``parallel:matrix``
each variable has the first of its values.
"""

from __future__ import annotations

from tenterhooks.formats import yaml
from tenterhooks.formats.pipeline import IdToken, Job, Step, Text, Variable
from tenterhooks.formats.pipelines import gitlab_includes
from tenterhooks.formats.pipelines.gitlab_values import Values, is_mapping, is_null

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tenterhooks.core.files import File, Repository
    from tenterhooks.formats.pipelines.gitlab_values import Place, Value

PATHS = (
    r"(^|/)([^/]*\.gitlab-ci\.ya?ml"
    r"|\.gitlab(-ci)?/(?!(issue|merge_request)_templates/).+\.ya?ml)$"
)
_GLOBAL = {
    *("after_script", "before_script", "cache", "default", "image", "include", "services"),
    *("spec", "stages", "types", "variables", "workflow"),
}
_SCRIPTS = ("before_script", "script", "after_script")
_KEEPERS = {
    "akeyless": "Akeyless",
    "aws_secrets_manager": "AWS Secrets Manager",
    "azure_key_vault": "Azure Key Vault",
    "gcp_secret_manager": "Google Cloud's Secret Manager",
    "gitlab_secrets_manager": "GitLab's Secrets Manager",
    "vault": "HashiCorp Vault",
}
_FALSE = ("false", "no", "off")
_MAX_EXTENDS = 11
_MAX_REFERENCES = 10
_MAX_LISTS = 20  # ten lists in lists, and a reference in each

roots = gitlab_includes.roots


def jobs(file: File, repository: Repository) -> Iterator[Job]:
    """The jobs of the pipeline that begins in ``file``, hidden ones left out, in the order in
    which the merged files name them.

    Raises Unreadable: the file is no YAML, or comes to more than can be meant.
    """
    pipeline = _Pipeline(file, repository)
    for name, (key, _) in pipeline.values.entries(pipeline.root).items():
        if not name.startswith(".") and name not in _GLOBAL and is_mapping(pipeline.job(name)):
            yield pipeline.read(name, key)


class _Pipeline:
    """The merged configuration. root: all of it. values: what to look it up with."""

    def __init__(self, file: File, repository: Repository) -> None:
        self.values = Values()
        self.root: Value = tuple(gitlab_includes.layers(file, repository, self.values))
        self._extended: dict[str, Value] = {}
        self._partial: set[str] = set()
        self._variables = self._pairs(self.values.get(self.root, "variables"))

    def read(self, name: str, key: Place) -> Job:
        """One job. name: its name, which stands at ``key``."""
        job = self.job(name)
        steps = [] if self._is_bridge(job) else [*self._steps(job)]
        variables = [*self._inherited(job), *self._own_variables(job)]
        tokens = [*self._id_tokens(job)]
        found = Job("gitlab", name, self.values.text(key), variables, steps, tokens)
        found.is_partial = name in self._partial
        return found

    def job(self, name: str, above: tuple[str, ...] = ()) -> Value:
        """What stands under a name, laid over all that it extends; of those the last one wins,
        and each lies over what it extends itself."""
        if name in self._extended:
            return self._extended[name]
        own = self.values.get(self.root, name)
        if name in above or len(above) > _MAX_EXTENDS or not is_mapping(own):
            return own
        merged: Value = ()
        for base in self._words(self.values.get(own, "extends")):
            value = self.job(base, (*above, name))
            if not value or base in self._partial:
                self._partial.add(name)
            merged = self.values.over(merged, value if is_mapping(value) else ())
        self._extended[name] = self.values.over(merged, own)
        return self._extended[name]

    def _settled(self, value: Value) -> Value:
        """What ``!reference [job, key, ...]`` stands for; any other value as it is."""
        for _ in range(_MAX_REFERENCES):
            if not value or not self.values.is_reference(value[0]):
                return value
            path = self._words(value, follow=False)
            value = self.job(path[0]) if path else ()
            for name in path[1:]:
                value = self.values.get(value, name)
        return ()

    def _get(self, value: Value, *path: str) -> Value:
        """What stands at the end of a path, references followed on the way."""
        for name in path:
            value = self._settled(self.values.get(value, name))
        return value

    def _scalars(self, value: Value, *, follow: bool = True) -> Iterator[Text]:
        """A scalar, or all scalars of lists in lists, in order."""
        waiting = [(value, 0)]
        while waiting:
            found, depth = waiting.pop()
            found = self._settled(found) if follow else found
            self.values.spend(1)
            if not found or depth > _MAX_LISTS:
                continue
            if found[0].node.kind is yaml.SCALAR and not found[0].node.is_null:
                yield self.values.text(found[0])
            items = reversed(self.values.items(found[0]))
            waiting += [((item,), depth + 1) for item in items]

    def _words(self, value: Value, *, follow: bool = True) -> list[str]:
        return [text.value for text in self._scalars(value, follow=follow)]

    def _is_bridge(self, job: Value) -> bool:
        """Whether a job starts another pipeline, and runs nothing itself."""
        return not is_null(self.values.get(job, "trigger"))

    def _keyword(self, job: Value, name: str) -> Value:
        """A keyword of a job, else of ``default``, else, as it was written once, of the whole
        pipeline. What is null is not there."""
        found = self.values.get(job, name)
        if is_null(found) and name != "script" and self._inherits(job, "default", (name,)):
            found = self.values.get(self.values.get(self.root, "default"), name)
            if is_null(found) and name in _SCRIPTS:
                found = self.values.get(self.root, name)
        return self._settled(found)

    def _inherits(self, job: Value, what: str, names: Iterable[str]) -> set[str]:
        """Those of some names that ``inherit`` lets a job have of ``default`` or ``variables``."""
        allowed = self._get(job, "inherit", what)
        if allowed and allowed[0].node.kind is yaml.SEQUENCE:
            return set(names).intersection(self._words(allowed))
        is_off = bool(allowed) and self.values.text(allowed[0]).value.lower() in _FALSE
        return set() if is_off else set(names)

    def _steps(self, job: Value) -> Iterator[Step]:
        """A step for each command, as GitLab runs them: one shell for ``before_script`` and
        ``script``, another for ``after_script``."""
        for keyword in _SCRIPTS:
            for text in self._scalars(self._keyword(job, keyword)):
                yield Step(text, text)

    def _inherited(self, job: Value) -> list[Variable]:
        self.values.spend(len(self._variables))
        if is_null(self.values.get(job, "inherit")):
            return self._variables
        allowed = self._inherits(job, "variables", (it.name for it in self._variables))
        return [it for it in self._variables if it.name in allowed]

    def _own_variables(self, job: Value) -> Iterator[Variable]:
        yield from self._pairs(self.values.get(job, "variables"))
        yield from self._matrix(job)
        yield from self._secrets(job)

    def _pairs(self, value: Value) -> list[Variable]:
        """Variables, each a scalar or a mapping with its ``value``."""
        found = []
        for name, (_, inner) in self.values.entries(self._settled(value)).items():
            told = self._settled(inner)
            told = self._get(told, "value") if is_mapping(told) else told
            if told and told[0].is_scalar:
                found.append(Variable(name, self.values.text(told[0])))
        return found

    def _matrix(self, job: Value) -> list[Variable]:
        """The variables of ``parallel:matrix``, each with the first of its values."""
        first: dict[str, Text] = {}
        matrix = self._get(job, "parallel", "matrix")
        for row in self.values.items(matrix[0]) if matrix else ():
            for name, (_, value) in self.values.entries(self._settled((row,))).items():
                text = next(self._scalars(value), None)
                if text is not None:
                    first.setdefault(name, text)
        return [Variable(name, text) for name, text in first.items()]

    def _secrets(self, job: Value) -> Iterator[Variable]:
        """What the runner fetches from elsewhere; the place is that of what says from where."""
        for name, (_, value) in self.values.entries(self._get(job, "secrets")).items():
            told = self.values.entries(self._settled(value))
            keeper = next((it for it in _KEEPERS if it in told), "")
            where = self.values.text(value[0])
            stored = _KEEPERS.get(keeper, "a secrets manager")
            yield Variable(name, Text(f"${name}", where.file, where.start, where.end, stored))

    def _id_tokens(self, job: Value) -> Iterator[IdToken]:
        tokens = self._keyword(job, "id_tokens")
        for key, value in self.values.entries(tokens).values():
            audiences = self._scalars(self._get(self._settled(value), "aud"))
            yield IdToken(self.values.text(key), [*audiences])
