"""Rows on their way into a transaction: written together, before anything else happens in it.

A hundred uploads in a transaction are one statement with a hundred rows instead of a hundred. The
rows are there as soon as anybody could look: whatever is executed on the connection next, a
savepoint or a query, is preceded by them, and so is the commit.
"""

from collections.abc import Callable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

_NAME = "roots_journal"
_MOST_ROWS = 200

Row = tuple[Any, ...]


class _Journal:
    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self.rows: dict[str, list[Row]] = {}
        self.transaction: Any = None
        self._commit: Callable[[], None] | None = None

    def add(self, statement: str, row: Row) -> None:
        if not self.is_current():
            self.discard()
        if not self.rows:
            self._listen()
        self.rows.setdefault(statement, []).append(row)
        if len(self.rows[statement]) >= _MOST_ROWS:
            self.write()

    def is_current(self) -> bool:
        """Whether the transaction that the rows are for is the one that is open."""
        blocks = self.connection.atomic_blocks
        return bool(blocks) and blocks[0] is self.transaction

    def write(self) -> None:
        rows = self.rows
        self.discard()
        with self.connection.cursor() as cursor:
            for statement, some in rows.items():
                cursor.executemany(statement, some)

    def discard(self) -> None:
        """Forget the rows, and stop listening."""
        if self.rows:
            self.rows = {}
            self.connection.execute_wrappers.remove(self)
            if self._commit is None:
                del self.connection.commit
            else:
                self.connection.commit = self._commit  # type: ignore[method-assign]

    def _listen(self) -> None:
        self.transaction = self.connection.atomic_blocks[0]
        # In front: who wraps for the length of a `with` block takes off the last one at its end.
        self.connection.execute_wrappers.insert(0, self)
        self._commit = vars(self.connection).get("commit")
        commit = self.connection.commit

        def write_and_commit() -> None:
            self.write()
            commit()

        self.connection.commit = write_and_commit  # type: ignore[method-assign]

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        """Django's way to see every statement; a ROLLBACK TO SAVEPOINT undoes the rows, too."""
        if str(sql).startswith("ROLLBACK") or not self.is_current():
            self.discard()
        else:
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


def discard(connection: BaseDatabaseWrapper) -> None:
    """The transaction was rolled back, and the rows that waited with it."""
    _journal(connection).discard()


def _journal(connection: BaseDatabaseWrapper) -> _Journal:
    found = vars(connection).get(_NAME)
    if found is None:
        found = _Journal(connection)
        setattr(connection, _NAME, found)
    return found
