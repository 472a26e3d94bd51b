"""lock-untrusted-source: what a lock file takes from a place that its index does not own.

No locker looks at this: a lock whose URL was changed by one letter installs without a word, if
its hash was changed along.

An index that only the environment of whoever locked names, the mirror of a company, is no fault:
then all that is locked comes from it, and nothing from the public one.
"""

from __future__ import annotations

from tenterhooks.core.finding import Finding
from tenterhooks.formats.locks import filenames, hashes, origins
from tenterhooks.formats.names import normal
from tenterhooks.lock_in_sync import hosts, indexes
from tenterhooks.lock_in_sync.faults import COMMIT, HTTPS, RESTORE, Fault, plain, undeclared_fault
from tenterhooks.lock_in_sync.paths import LOCK
from tenterhooks.lock_in_sync.rules import OUT_OF_DATE, UNTRUSTED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import SimpleNamespace

    from tenterhooks.core.files import File, Repository
    from tenterhooks.formats.locks.origins import Origin

# More of one kind from one place are told in one finding.
MANY = 5


def check(
    lock: File,
    repository: Repository,
    options: SimpleNamespace,  # noqa: ARG001
    told: Sequence[Finding] = (),
) -> Iterator[Finding]:
    """Findings of one lock file, a compiled requirements file included. told: what was found in it
    already, so that one fault gives one finding. Raises Unreadable."""
    if LOCK.search(lock.path):
        faults = _Checked(lock, repository).faults()
    else:
        from tenterhooks.lock_in_sync import compiled_sources

        faults = compiled_sources.faults(lock, repository)
    # A lock that is to be made anew may well have an address that the project had before.
    is_stale = any(finding.rule == OUT_OF_DATE.name for finding in told)
    words = "\n".join(finding.message for finding in told)
    yield from _told(
        lock,
        (it for it in faults if not it.undeclared or not (is_stale or it.undeclared in words)),
    )


def _told(lock: File, faults: Iterator[Fault]) -> Iterator[Finding]:
    """One finding for each package, and one for all of them where they are many of a kind."""
    kinds: dict[str, dict[str, Fault]] = {}
    for fault in faults:
        kinds.setdefault(fault.message, {}).setdefault(fault.name, fault)
    for message, named in kinds.items():
        is_many = len(named) > MANY
        for fault in list(named.values())[: 1 if is_many else None]:
            more = f" and {len(named) - 1} more packages" if is_many else ""
            text = f"{fault.name}{more}: {message}"
            yield Finding(lock.path, *fault.place, UNTRUSTED.name, text, fault.fix)


class _Checked:
    """One lock, with what is known of its indexes."""

    def __init__(self, lock: File, repository: Repository) -> None:
        self.lock = lock
        self.origins = origins.load(lock)
        self.from_index = [package for package in self.origins.packages if not package.url]
        self.indexes = sorted({package.index for package in self.from_index})
        self.settings = indexes.Settings(lock, repository)
        self._repository = repository
        self._kept: dict[tuple[str, str], bool] = {}

    def faults(self) -> Iterator[Fault]:
        direct = [package for package in self.origins.packages if package.url]
        strange = self._undeclared(direct)
        for package in direct:
            if package.name in strange:
                place = self.origins.place(package.keys)
                yield undeclared_fault(package.name, place, package.url)
            else:
                yield from self._direct(package)
        yield from self._indexes()
        yield from self._foreign()
        begins = self.origins.begins
        if all(self._is_kept(index, begin) for index in self.indexes for begin in begins):
            return
        self.origins.attribute()
        usual = self._usual()
        for package in self.origins.packages:
            for begin in sorted(package.begins - usual.get(package.index, set())):
                yield from self._file(package, begin)

    def _undeclared(self, direct: list[Origin]) -> set[str]:
        """The packages that nothing asks to be taken from an address of their own."""
        if not direct:
            return set()
        from tenterhooks.lock_in_sync import undeclared

        project = undeclared.Project(self.lock, self._repository)
        strange = {it.name for it in direct if not project.names(it.url)}
        if not strange:
            return strange
        others = undeclared.brought(
            hashes.load(self.lock).root, is_alone=len(strange) == len(direct)
        )
        return set() if others is None else {it for it in strange if normal(it) not in others}

    def _direct(self, package: Origin) -> Iterator[Fault]:
        """What is named by its own address: a repository, or a single file."""
        found = hosts.address(package.url)
        if found and found.is_plain:
            yield self._fault(package, plain(found), HTTPS)
        if package.commit is not None and not COMMIT.fullmatch(package.commit):
            what = f"at {package.commit[:60]}" if package.commit else "at no commit"
            message = f"is taken from a repository {what}, which can move"
            yield self._fault(package, message, "lock again, so that the full commit is written")

    def _indexes(self) -> Iterator[Fault]:
        strange = self._strange()
        for package in self.from_index:
            found = hosts.address(package.index)
            if not package.index:
                continue
            if found is None:
                message = f"comes from {package.index[:100]!r}, which is no plain address"
                yield self._fault(package, message, RESTORE)
            elif package.index in strange:
                where = self.settings.name
                message = f"comes from the index {found}, which {where} does not name"
                yield self._fault(package, message, f"{self.settings.how}; {RESTORE}")
            elif found.is_plain:
                yield self._fault(package, plain(found), HTTPS)

    def _foreign(self) -> Iterator[Fault]:
        """Files of other packages, which an index keeps as well."""
        for package, base, offset in filenames.foreign(self.lock):
            found = self.origins.place(package.keys) if offset < 0 else self.lock.position(offset)
            yield Fault(package.name, found, f"has the file of another, {base[:100]}", RESTORE)

    def _strange(self) -> set[str]:
        """The indexes that the project does not name."""
        private = {it for it in self.indexes if it and hosts.index(it) != hosts.PUBLIC}
        strange = {it for it in private if not self.settings.names_index(it)} if private else set()
        is_mixed = any(not it or hosts.index(it) == hosts.PUBLIC for it in self.indexes)
        places = {found.host for found in map(hosts.address, strange) if found}
        if self.settings.can_be_elsewhere and not is_mixed and len(places) == 1:
            return set()
        return strange

    def _is_kept(self, index: str, begin: str) -> bool:
        """Whether the files of an index are known to be where a URL begins so."""
        key = (index, begin)
        if key not in self._kept:
            found = hosts.address(begin)
            self._kept[key] = (
                found is not None
                and not found.is_plain
                and any(hosts.keeps(host, found.host) for host in self._hosts(index))
            )
        return self._kept[key]

    def _hosts(self, index: str) -> set[str]:
        """The host of an index; where none is told, those of all that it can be."""
        if not index:
            return {hosts.PUBLIC.partition("/")[0], *self.settings.hosts}
        found = hosts.address(index)
        return {found.host} if found else set()

    def _usual(self) -> dict[str, set[str]]:
        """For each index of which nothing is known, where most of its packages have files."""
        usual = {}
        for index in self.indexes:
            if any(hosts.is_known(host) for host in self._hosts(index) if index):
                continue
            packages = [package for package in self.from_index if package.index == index]
            begins = {begin for package in packages for begin in package.begins}
            usual[index] = {
                begin
                for begin in begins
                if begin.startswith("https://")
                and 2 * sum(begin in package.begins for package in packages) > len(packages)
            }
        return usual

    def _file(self, package: Origin, begin: str) -> Iterator[Fault]:
        """A file of a package, by what its URL begins with."""
        found = hosts.address(begin)
        if found is None:
            message = f"has a file at {begin[:100]!r}, which is no plain address"
        elif found.is_plain and not _is_told(package, found):
            message = plain(found)
        elif package.url or self._may_keep(package.index, found.host):
            return
        else:
            whose = hosts.index(package.index) or "no index of this lock"
            message = f"has a file at {found.host}, where {whose} keeps none"
        files = self.origins.files(package, begin)
        if files and all(hosts.is_in_folder(url) for url, _ in files):
            return
        place = self.lock.position(files[0][1]) if files else self.origins.place(package.keys)
        yield Fault(package.name, place, message, RESTORE)

    def _may_keep(self, index: str, host: str) -> bool:
        if any(hosts.keeps(it, host) for it in self._hosts(index)):
            return True
        # uv is told so by `artifact-base-url`; nobody is to be told so of the public index.
        return hosts.index(index) != hosts.PUBLIC and host in self.settings.hosts

    def _fault(self, package: Origin, message: str, fix: str) -> Fault:
        name = package.name or "this lock"
        return Fault(name, self.origins.place(package.keys), message, fix)


def _is_told(package: Origin, found: hosts.Address) -> bool:
    """Whether the index, or the package itself, is told of for the same."""
    other = hosts.address(package.index or package.url)
    return other is not None and other.is_plain and other.host == found.host
