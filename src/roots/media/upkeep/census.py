"""What the tables and the ledger say of the files of a root, in ascending order of the names.

A name is told as the disk has it: a row that says `./a.txt` names the file `a.txt`.
"""

import contextlib
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db import models

from roots.media import ledger
from roots.media.referrers import Referrer, referrers
from roots.media.storage import MediaStorage
from roots.media.upkeep.spool import batches, in_order

Item = tuple[Any, ...]
PAGE_ROWS = 10_000
MOST_IN_A_QUERY = 500
_ALL = models.Q()
_ODDLY_SPELLED = re.compile(r"(?:^|/)\.{0,2}(?:/|$)")


class Census:
    """Asks every database there is, each time anew."""

    def __init__(self, storage: MediaStorage) -> None:
        self.storage = storage

    @property
    def root(self) -> Path:
        """The directory the files are in."""
        return Path(self.storage.location)

    @cached_property
    def columns(self) -> tuple[Referrer, ...]:
        """All that may name a file of this root."""
        return tuple(referrers(self.storage))

    def named(self, after: str = "") -> Iterator[Item]:
        """`(name, number of the column, primary key)` of each row that names a file."""
        rows = (row for number in range(len(self.columns)) for row in self._rows(number))
        return in_order(row for row in rows if row[0] > after)

    def recorded(self, after: str = "", which: models.Q = _ALL) -> Iterator[Item]:
        """`(name, size, digest, state)` of each row of a ledger, or of some of them."""
        rows = (row for recorded in self.ledgers() for row in _facts(recorded.filter(which)))
        return in_order(row for row in rows if row[0] > after)

    def scannable(self, after: str = "", which: models.Q = _ALL) -> Iterator[Item]:
        """`(name, size, state, threat)` of each row whose file is stored or in quarantine."""
        kept = which & models.Q(state__in=("stored", "quarantined"))
        rows = (
            row
            for recorded in self.ledgers()
            for row in _paged(recorded.filter(kept), "name", "size", "state", "threat")
        )
        return in_order(row for row in rows if row[0] > after)

    def still_named(self, items: Iterable[Item]) -> set[Item]:
        """Those `items` of `named` that hold still."""
        asked = set(items)
        by_column: defaultdict[int, list[Any]] = defaultdict(list)
        for _, number, key in asked:
            by_column[number].append(key)
        return {
            row
            for number, keys in by_column.items()
            for some in batches(keys, MOST_IN_A_QUERY)
            for row in self._rows(number, pk__in=some)
            if row in asked
        }

    def still_recorded(self, names: Iterable[str]) -> Iterator[Item]:
        """As `recorded`, for `names` only and in no order."""
        for some in batches(names, MOST_IN_A_QUERY):
            for recorded in self.ledgers():
                yield from _facts(recorded.filter(name__in=some))

    def count(self, which: models.Q = _ALL) -> int:
        """How many rows the ledgers have, or how many of them are such."""
        return sum(recorded.filter(which).count() for recorded in self.ledgers())

    def ledgers(self) -> Iterator["models.QuerySet[Any]"]:
        """What each database that holds a ledger records of this root."""
        for alias in ledger.databases():
            yield ledger.rows(self.storage, alias)

    def _rows(self, number: int, **lookup: Any) -> Iterator[Item]:
        column = self.columns[number]
        attribute = column.field.attname
        rows = column.rows().filter(**lookup).exclude(**{attribute: ""})
        for key, name in _paged(rows, "pk", attribute):
            if name:
                yield self._on_disk(name), number, _plain(key)

    def _on_disk(self, name: str) -> str:
        if not _ODDLY_SPELLED.search(name):
            return name
        with contextlib.suppress(SuspiciousOperation):
            return os.path.relpath(self.storage.path(name), self.storage.location)
        return name


def _facts(recorded: "models.QuerySet[Any]") -> Iterator[Item]:
    return _paged(recorded, "name", "size", "digest", "state")


def _paged(rows: "models.QuerySet[Any]", *columns: str) -> Iterator[Item]:
    """`columns` of each row, the first of which is unique and has an index, a page at a time.

    While a cursor is open nobody can write to an SQLite database, and other databases may keep all
    rows for it in memory.
    """
    behind: dict[str, Any] = {}
    while True:
        some = rows.filter(**behind).order_by(columns[0])
        page = list(some.values_list(*columns)[:PAGE_ROWS])
        yield from page
        if len(page) < PAGE_ROWS:
            return
        behind = {f"{columns[0]}__gt": page[-1][0]}


def _plain(key: Any) -> Any:
    """A primary key that sorts, and that a file or JSON can hold; databases take it as it is."""
    if isinstance(key, int | str):
        return key
    return tuple(map(_plain, key)) if isinstance(key, tuple) else str(key)
