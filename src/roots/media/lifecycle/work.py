"""What one transaction, or one savepoint of it, does to stored files."""

import contextlib
import logging
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from django.core.files.storage import FileSystemStorage
from django.db import DatabaseError, connections

from roots import atomic
from roots.errors import RootsError
from roots.media import ledger
from roots.media.intake import claims_of
from roots.media.ledger import Facts
from roots.media.lifecycle import claims, links, settling
from roots.media.lifecycle.claims import Claim
from roots.media.locking import exclusive
from roots.media.moving import Terms
from roots.media.quarantine import standing
from roots.media.signals import file_stored, tell

_log = logging.getLogger("roots.media")
_MOST_NAMES = 10_000


class _Record(NamedTuple):
    storage: FileSystemStorage
    facts: Facts
    using: str
    is_new: bool


_Upload = tuple[Claim, _Record]


class Work:
    """Uploads, names that rows let go of, and names that rows took.

    Nothing here raises what the environment or a database does wrong: when it runs, the rows are
    committed, and the request is not to fail. It is logged, and `manage.py media audit` finds it.
    """

    def __init__(self) -> None:
        self._uploads: list[_Upload] = []
        self._told = 0
        self._given_up: dict[str, tuple[FileSystemStorage, dict[str, None]]] = {}
        self._wanted: dict[tuple[str, str], FileSystemStorage] = {}
        self._unrecorded: dict[tuple[str, str, str], _Record] = {}

    def upload(
        self,
        storage: FileSystemStorage,
        claim: Claim,
        facts: Facts,
        using: str,
        *,
        is_recorded: bool = True,
    ) -> None:
        """A file was stored; its row is not committed yet. Where it was not recorded, because that
        cannot be done in the same transaction, it is when that is committed."""
        record = _Record(storage, facts, using, claim.is_new)
        self._uploads.append((claim, record))
        if not is_recorded:
            self._record_later(record)

    def give_up(self, storage: FileSystemStorage, *names: str) -> None:
        """A row does not name these files any more. Whether others do is asked in the end."""
        found = self._given_up.setdefault(str(storage.location), (storage, {}))[1]
        found.update(dict.fromkeys(names))
        while len(found) > _MOST_NAMES:  # a thread that never comes to an end
            del found[next(iter(found))]

    def want(self, storage: FileSystemStorage, name: str) -> None:
        """A row names a file that is not there; it may be in the trash."""
        self._wanted[str(storage.location), name] = storage

    def has_given_up(self, storage: FileSystemStorage, name: str) -> bool:
        """Whether a row let go of this file."""
        given_up = self._given_up.get(str(storage.location))
        return given_up is not None and name in given_up[1]

    def take_over(self, other: "Work") -> None:
        """Do what is left of `other`, whose outcome nobody knows: the tables will tell."""
        self._uploads += other._uploads
        for _, record in other._uploads:
            self.give_up(record.storage, record.facts.name)
        for storage, names in other._given_up.values():
            self.give_up(storage, *names)
        self._unrecorded |= other._unrecorded
        other._uploads, other._given_up, other._unrecorded = [], {}, {}

    def __bool__(self) -> bool:
        """Whether there is anything to do."""
        return bool(self._uploads or self._given_up or self._wanted or self._unrecorded)

    def keep(self) -> None:
        """The rows are committed: what was uploaded stays, what was named is there."""
        untold = self._untold()
        uploads, self._uploads, self._told = self._uploads, [], 0
        for terms, some in _by_root(uploads):
            with _logged(f"keep {len(some)} uploads"), _locked(terms):
                for claim, record in some:
                    with _logged(f"keep {claim.name}"):
                        self._keep(record, claim)
        _tell(untold)
        self.rehearse()

    def rehearse(self, own: Collection[str] = ()) -> None:
        """As `keep`, for rows that a test will roll back: its uploads, whose claims are `own`, go
        with it."""
        _tell(self._untold())
        wanted, self._wanted = self._wanted, {}
        for (_, name), storage in wanted.items():
            with _logged(f"take {name} back from the trash"):
                settling.take_back(storage, [name])
        unrecorded, self._unrecorded = self._unrecorded, {}
        for record in unrecorded.values():
            with _logged(f"record {record.facts.name}"):
                terms = settling.terms_of(record.storage)
                if links.is_held(standing(record.facts.name, terms.root), terms, own):
                    self._record_later(record)  # the database would wait for whoever holds it
                else:
                    connection = connections[record.using]
                    ledger.record(record.storage, record.facts, connection, is_new=record.is_new)

    def settle(self, own: Collection[str] = ()) -> None:
        """Let go what nobody names; what an upload of somebody else holds is left to do. `own` are
        paths of claims that hold nothing back."""
        given_up, self._given_up = self._given_up, {}
        for storage, names in given_up.values():
            with _logged("settle " + ", ".join(list(names)[:3])):
                _, held = settling.settle(storage, names, own)
                if held:
                    self.give_up(storage, *held)

    def roll_back(self) -> "Work":
        """The rows were rolled back: what was uploaded goes, unless somebody else needs it. Asks no
        database. Returns what is left to do: files of which only the tables know."""
        left = Work()
        uploads, self._uploads, self._told = self._uploads, [], 0
        for terms, some in _by_root(uploads):
            if claims_of(terms.root).is_dir():
                with _logged(f"remove {len(some)} uploads"), _locked(terms):
                    for claim, record in some:
                        with _logged(f"remove {claim.name}"):
                            if not claims.roll_back(claim):
                                left.give_up(record.storage, record.facts.name)
                                left._record_later(record)
        return left

    @property
    def claimed(self) -> set[str]:
        """The paths of the claims of its uploads."""
        return {claim.path for claim, _ in self._uploads}

    def _untold(self) -> list[_Upload]:
        """The uploads that `file_stored` was not sent for yet; it will have been now."""
        untold, self._told = self._uploads[self._told :], len(self._uploads)
        return untold

    def _keep(self, record: _Record, claim: Claim) -> None:
        kept = claims.commit(claim)
        if kept.was_put_back:
            _log.warning("Put %s back, which was gone before its row came.", claim.name)
        if kept.is_given_up:
            self.give_up(record.storage, record.facts.name)

    def _record_later(self, record: "_Record") -> None:
        key = str(record.storage.location), record.facts.name, record.using
        self._unrecorded[key] = record


def _tell(uploads: list[_Upload]) -> None:
    for _, record in uploads:
        tell(file_stored, record.storage, record.facts.name, facts=record.facts)


def _by_root(uploads: list[_Upload]) -> Iterable[tuple[Terms, list[_Upload]]]:
    found: dict[str, tuple[Terms, list[_Upload]]] = {}
    for upload in uploads:
        terms = upload[0].terms
        if terms.top not in found:
            found[terms.top] = terms, []
        found[terms.top][1].append(upload)
    return found.values()


@contextlib.contextmanager
def _locked(terms: Terms) -> Iterator[None]:
    with exclusive(terms.root, terms.modes), atomic.blaming_environment(terms.root):
        yield


class _logged:  # noqa: N801  # a context manager, quicker than one of contextlib's
    def __init__(self, doing: str) -> None:
        self.doing = doing

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> bool:
        is_logged = isinstance(error, RootsError | OSError | DatabaseError)
        if is_logged:
            _log.error(
                "Could not %s. `manage.py media audit` tells what is left.",
                self.doing,
                exc_info=error,
            )
        return is_logged
