"""How many files there are and how much they take: of each type, age, owner and field."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Count, Q, Sum
from django.utils import timezone

from roots.media import trash
from roots.media.upkeep.census import Census
from roots.media.upkeep.merge import side_by_side

MOST_OWNERS = 20
_AGES_DAYS = {"a day": 1, "a week": 7, "a month": 30, "a year": 365}
_STORED = Q(state="stored")

Table = dict[str, tuple[int, int]]
"""Files and bytes by what they have in common, most bytes first."""


class Stats:
    """What the ledger knows of one root, counted when it is asked for."""

    def __init__(self, census: Census) -> None:
        self.census = census

    def tables(self) -> dict[str, Table]:
        """Every table, by what it counts by. A file that several fields name counts for each."""
        return {
            "state": self._by_column("state", Q()),
            "type": self._by_column("content_type"),
            "age": self._by_age(),
            "owner": dict(list(self._by_column("owner").items())[:MOST_OWNERS]),
            "field": self._by_field(),
            "trash": _added((each.day.isoformat(), 1, each.size) for each in self._trashed()),
        }

    def _by_column(self, column: str, which: Q = _STORED) -> Table:
        return _added(
            row
            for rows in self.census.ledgers()
            for row in rows.filter(which)
            .values_list(column)
            .annotate(files=Count("pk"), bytes=Sum("size"))
            .order_by("-bytes")
        )

    def _by_age(self) -> Table:
        """Each file in the first row it is young enough for."""
        now, table, older = timezone.now(), {}, _STORED
        for title, days in _AGES_DAYS.items():
            since = now - timedelta(days=days)
            table[f"less than {title}"] = self._counted(older & Q(stored_at__gt=since))
            older &= Q(stored_at__lte=since)
        return table | {"older": self._counted(older)}

    def _counted(self, which: Q) -> tuple[int, int]:
        found = [
            rows.filter(which).aggregate(files=Count("pk"), bytes=Sum("size"))
            for rows in self.census.ledgers()
        ]
        return sum(each["files"] for each in found), sum(each["bytes"] or 0 for each in found)

    def _by_field(self) -> Table:
        return _added(
            (str(self.census.columns[number]), 1, recorded[0][1])
            for _, (recorded, named) in side_by_side(self.census.recorded(), self.census.named())
            if recorded
            for number in {number for _, number, _ in named}
        )

    def _trashed(self) -> Iterable[trash.Trashed]:
        return trash.entries(self.census.root)


def _added(rows: Iterable[tuple[str, int, int]]) -> Table:
    table: Table = {}
    for key, files, size in rows:
        before = table.get(key, (0, 0))
        table[key] = (before[0] + files, before[1] + size)
    return dict(sorted(table.items(), key=lambda row: -row[1][1]))
