"""What one transaction, or one savepoint of it, does to stored files."""

import contextlib
import logging
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from django.core.files.storage import FileSystemStorage
from django.db import DatabaseError

from roots import atomic
from roots.errors import RootsError
from roots.media import ledger
from roots.media.ledger import Facts
from roots.media.lifecycle import claims, links, settling
from roots.media.lifecycle.claims import Claim
from roots.media.locking import exclusive
from roots.media.moving import Terms

_log = logging.getLogger("roots.media")
_MOST_NAMES = 10_000


class _Record(NamedTuple):
    storage: FileSystemStorage
    facts: Facts
    using: str


_Upload = tuple[Claim, _Record]


class Work:
    """Uploads, names that rows let go of, and names that rows took.

    Nothing here raises what the environment or a database does wrong: when it runs, the rows are
    committed, and the request is not to fail. It is logged, and `manage.py media audit` finds it.
    """

    def __init__(self) -> None:
        self._uploads: list[_Upload] = []
        self._given_up: dict[str, tuple[FileSystemStorage, dict[str, None]]] = {}
        self._wanted: dict[tuple[str, str], FileSystemStorage] = {}
        self._unrecorded: dict[tuple[str, str], _Record] = {}

    def upload(self, storage: FileSystemStorage, claim: Claim, facts: Facts, using: str) -> None:
        """A file was stored; its row is not committed yet."""
        record = _Record(storage, facts, using)
        self._uploads.append((claim, record))
        if claim.is_contested:
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
        for claim, record in other._uploads:
            self.give_up(record.storage, claim.name)
        for storage, names in other._given_up.values():
            self.give_up(storage, *names)
        self._unrecorded |= other._unrecorded
        other._uploads, other._given_up, other._unrecorded = [], {}, {}

    def __bool__(self) -> bool:
        """Whether there is anything to do."""
        return bool(self._uploads or self._given_up or self._wanted or self._unrecorded)

    def keep(self) -> None:
        """The rows are committed: what was uploaded stays, what was named is there."""
        uploads, self._uploads = self._uploads, []
        for terms, some in _by_root(uploads):
            with _logged(f"keep {len(some)} uploads"), _locked(terms):
                for claim, record in some:
                    with _logged(f"keep {claim.name}"):
                        self._keep(record.storage, claim)
        self.rehearse()

    def rehearse(self, own: Collection[str] = ()) -> None:
        """As `keep`, for rows that a test will roll back: its uploads, whose claims are `own`, go
        with it."""
        wanted, self._wanted = self._wanted, {}
        for (_, name), storage in wanted.items():
            with _logged(f"take {name} back from the trash"):
                settling.take_back(storage, [name])
        unrecorded, self._unrecorded = self._unrecorded, {}
        for record in unrecorded.values():
            with _logged(f"record {record.facts.name}"):
                terms = settling.terms_of(record.storage)
                if links.is_held(record.facts.name, terms, own):
                    self._record_later(record)  # the database would wait for whoever holds it
                else:
                    ledger.record(record.storage, record.facts, record.using, is_new=False)

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
        uploads, self._uploads = self._uploads, []
        for terms, some in _by_root(uploads):
            if links.directory(terms.root).is_dir():
                with _logged(f"remove {len(some)} uploads"), _locked(terms):
                    for claim, record in some:
                        with _logged(f"remove {claim.name}"):
                            if not claims.roll_back(claim):
                                left.give_up(record.storage, claim.name)
                                left._record_later(record)
        return left

    @property
    def claimed(self) -> set[str]:
        """The paths of the claims of its uploads."""
        return {claim.path for claim, _ in self._uploads}

    def _keep(self, storage: FileSystemStorage, claim: Claim) -> None:
        kept = claims.commit(claim)
        if kept.was_put_back:
            _log.warning("Put %s back, which was gone before its row came.", claim.name)
        if kept.is_given_up:
            self.give_up(storage, claim.name)

    def _record_later(self, record: "_Record") -> None:
        """Another open transaction brought the file, and may record it or take it away."""
        self._unrecorded[str(record.storage.location), record.facts.name] = record


def _by_root(uploads: list[_Upload]) -> Iterable[tuple[Terms, list[_Upload]]]:
    found: dict[Path, tuple[Terms, list[_Upload]]] = {}
    for claim, record in uploads:
        found.setdefault(claim.terms.root, (claim.terms, []))[1].append((claim, record))
    return found.values()


@contextlib.contextmanager
def _locked(terms: Terms) -> Iterator[None]:
    with exclusive(terms.root, terms.modes), atomic.blaming_environment(terms.root):
        yield


@contextlib.contextmanager
def _logged(doing: str) -> Iterator[None]:
    try:
        yield
    except (RootsError, OSError, DatabaseError):
        _log.exception("Could not %s. `manage.py media audit` tells what is left.", doing)
