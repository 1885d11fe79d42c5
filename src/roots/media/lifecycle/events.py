"""From first byte to last: what storing, naming, replacing and deleting a file sets going."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from django.core.files.storage import FileSystemStorage
from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper

from roots import atomic, conf
from roots.media import ledger, quotas
from roots.media.accept import Accepted
from roots.media.ledger import Facts
from roots.media.lifecycle import claims
from roots.media.lifecycle.transactions import finish, given_up_by, is_open, left, work_on
from roots.media.lifecycle.work import Work
from roots.media.locking import exclusive


class _Saving(threading.local):
    """The save that this thread is in: its database, and what to do once it has stored a file."""

    def __init__(self) -> None:
        self.stack: list[tuple[str, Callable[[], None]]] = []


_saving = _Saving()


@contextlib.contextmanager
def saving(using: str, stored_one: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Say that files stored in this block belong to a row on the database `using`. `stored_one` is
    called after each."""
    _saving.stack.append((using, stored_one))
    try:
        yield
    finally:
        _saving.stack.pop()


def stored(storage: FileSystemStorage, accepted: Accepted, describe: Callable[[], Facts]) -> None:
    """Record what was just accepted and keep it, unless the transaction it is part of rolls back.

    Outside of transactions it is kept. Raises DatabaseError where the ledger cannot be written, and
    what `describe` raises; then the file is gone.
    """
    claim = accepted.claim
    try:
        facts = describe()
        connection = _database_of_upload()
        work = work_on(connection)
        done = Work() if work is None else work
        limits = conf.configuration().quotas
        # What is written elsewhere does not roll back with the file; a quota has to count it.
        is_elsewhere = work is not None and not limits and ledger.is_elsewhere(connection.alias)
        is_recorded = not claim.is_contested and not is_elsewhere
        if is_recorded:
            record = quotas.record if limits else ledger.record
            record(storage, facts, connection, is_new=claim.is_new)
    except BaseException:
        with exclusive(claim.terms.root, claim.terms.modes):
            claims.roll_back(claim)
        raise
    done.upload(storage, claim, facts, connection.alias, is_recorded=is_recorded)
    if work is None:
        finish(done, connection)
    if _saving.stack:
        _saving.stack[-1][1]()


def release(storage: FileSystemStorage, name: str) -> None:
    """Let `name` go when no row names it: now, or after the commit of the transaction that is open,
    and not at all if that rolls back. An empty folder goes now. A missing file is no error.

    `instance.file.delete()` comes here before its row forgets the name. A file that is still named
    stays, and goes when the last row that does is saved without it or deleted.
    """
    path = Path(storage.location, name)
    if path.is_dir() and not path.is_symlink():
        with atomic.blaming_environment(path):
            path.rmdir()
    else:
        give_up(storage, [name], _database_of_upload().alias)


def give_up(storage: FileSystemStorage, names: list[str], using: str) -> None:
    """A row on the database `using` does not name these files any more, if its transaction is
    committed. They go then, unless others name them."""
    with _work_of(using) as work:
        work.give_up(storage, *names)


def want(storage: FileSystemStorage, name: str, using: str) -> None:
    """A row on the database `using` names a file that is not there: it comes back from the trash
    when the row is committed, if the trash has it."""
    with _work_of(using) as work:
        work.want(storage, name)


def look_at_later(storage: FileSystemStorage, name: str, using: str) -> None:
    """An instance from the database `using` was given another file in memory. When its transaction
    is committed, or something else is settled, or the request is over, the tables are asked."""
    connection = connections[using] if using in connections.settings else None
    work = work_on(connection) if connection and connection.in_atomic_block else None
    (left() if work is None else work).give_up(storage, name)


def is_given_up(storage: FileSystemStorage, name: str, using: str) -> bool:
    """Whether the transaction open on `using` let go of this file."""
    return any(work.has_given_up(storage, name) for work in given_up_by(connections[using]))


@contextlib.contextmanager
def _work_of(using: str) -> Iterator[Work]:
    """The work of the transaction open on `using`; in autocommit, one that is done at once."""
    connection = connections[using]
    work = work_on(connection)
    if work is not None:
        yield work
    else:
        done = Work()
        yield done
        finish(done, connection)


def _database_of_upload() -> BaseDatabaseWrapper:
    """The connection whose transaction decides about a file that is stored or deleted now: that of
    the save under way, else the ledger's if a transaction is open there, else of any that is."""
    if _saving.stack:
        return connections[_saving.stack[-1][0]]
    found = ledger.model()
    home = connections[router.db_for_write(found) if found else "default"]
    if is_open(home):
        return home
    others = (each for each in connections.all(initialized_only=True) if each.connection)
    return next(filter(is_open, others), home)
