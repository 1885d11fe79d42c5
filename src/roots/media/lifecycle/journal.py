"""Rows on their way into a transaction: written together, before anything else happens in it; and
what is to be checked right before it is committed.

A hundred uploads in a transaction are one statement with a hundred rows instead of a hundred. The
rows are there as soon as anybody could look: whatever is executed on the connection next, a
savepoint or a query, is preceded by them, and so is the commit.
"""

from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar

from django.db.backends.base.base import BaseDatabaseWrapper

_NAME = "roots_journal"
_MOST_ROWS = 200

Row = tuple[Any, ...]


class Check(Protocol):
    """Something that a transaction must pass to be committed."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None: ...

    def before_commit(self) -> None:
        """Raises what the transaction is to be rolled back for."""


_Check = TypeVar("_Check", bound=Check)


class _Journal:
    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self.rows: dict[str, list[Row]] = {}
        self.checks: dict[type[Check], Check] = {}
        self.transaction: Any = None
        self._is_listening = False
        self._commit: Callable[[], None] | None = None

    def add(self, statement: str, row: Row) -> None:
        self._attend()
        self.rows.setdefault(statement, []).append(row)
        if len(self.rows[statement]) >= _MOST_ROWS:
            self.write()

    def check(self, kind: type[_Check]) -> _Check:
        self._attend()
        found: Any = self.checks.setdefault(kind, kind(self.connection))
        checked: _Check = found
        return checked

    def is_current(self) -> bool:
        """Whether the transaction that the rows are for is the one that is open."""
        blocks = self.connection.atomic_blocks
        return bool(blocks) and blocks[0] is self.transaction

    def write(self) -> None:
        rows, self.rows = self.rows, {}
        if not self.checks:
            self._stop()
        with self.connection.cursor() as cursor:
            for statement, some in rows.items():
                cursor.executemany(statement, some)

    def discard(self) -> None:
        """Forget the rows and the checks, and stop listening."""
        self.rows, self.checks = {}, {}
        self._stop()

    def _stop(self) -> None:
        if self._is_listening:
            self._is_listening = False
            self.connection.execute_wrappers.remove(self)
            if self._commit is None:
                del self.connection.commit
            else:
                self.connection.commit = self._commit  # type: ignore[method-assign]

    def _attend(self) -> None:
        if not self.is_current():
            self.discard()
        if not self._is_listening:
            self._listen()

    def _listen(self) -> None:
        self._is_listening = True
        self.transaction = self.connection.atomic_blocks[0]
        # In front: who wraps for the length of a `with` block takes off the last one at its end.
        self.connection.execute_wrappers.insert(0, self)
        self._commit = vars(self.connection).get("commit")
        commit = self.connection.commit

        def write_and_commit() -> None:
            checks, self.checks = self.checks, {}
            self.write()
            self._stop()
            self._pass(checks.values())
            commit()

        self.connection.commit = write_and_commit  # type: ignore[method-assign]

    def _pass(self, checks: Iterable[Check]) -> None:
        try:
            for check in checks:
                check.before_commit()
        except BaseException:  # Django rolls back where the database refuses, and only there
            self.connection.rollback()
            raise

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        """Django's way to see every statement; a ROLLBACK TO SAVEPOINT undoes the rows, too."""
        if not self.is_current():
            self.discard()
        elif str(sql).startswith("ROLLBACK"):
            self.rows = {}
        elif self.rows:
            self.write()
        return execute(sql, params, many, context)


def write(connection: BaseDatabaseWrapper, statement: str, row: Row) -> None:
    """Execute an INSERT of one row: now, or in a transaction before its next statement, which then
    raises what this one would have. Raises DatabaseError."""
    if connection.in_atomic_block and connection.commit_on_exit:
        _journal(connection).add(statement, row)
    else:
        with connection.cursor() as cursor:
            cursor.execute(statement, row)


def checked(connection: BaseDatabaseWrapper, kind: type[_Check]) -> _Check | None:
    """The check of this kind that the open transaction will have to pass, made now if there is none
    yet; None where nobody will hear of its commit."""
    if connection.in_atomic_block and connection.commit_on_exit:
        return _journal(connection).check(kind)
    return None


def discard(connection: BaseDatabaseWrapper) -> None:
    """The transaction was rolled back, and the rows that waited with it."""
    _journal(connection).discard()


def _journal(connection: BaseDatabaseWrapper) -> _Journal:
    found = vars(connection).get(_NAME)
    if found is None:
        found = _Journal(connection)
        setattr(connection, _NAME, found)
    return found
