"""The one statement that writes a row of the ledger: an INSERT that nobody has to wait for."""

import time
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from django.apps import apps
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.constants import OnConflict
from django.utils import timezone

_COLUMNS = (
    *("storage", "name", "original_name", "size", "digest", "content_type"),
    *("width", "height", "owner", "state", "stored_at"),
)
_KEY = ("storage", "name")
_RENEWED = ("state", "stored_at", "trashed_at", "owner", "threat")


def statement(connection: BaseDatabaseWrapper, *, is_new: bool) -> str:
    """The INSERT, in the words of this kind of database, whose parameters are the columns of
    `ledger.record`. A row that is there already stays, but for what `is_new` renews."""
    return _written(connection.vendor, connection.alias, is_new)


def moment(connection: BaseDatabaseWrapper, at: datetime | None) -> Any:
    """A time, None for now, as this kind of database takes it."""
    if at is None:
        return _now(connection.alias, time.time_ns() // 1_000_000)
    return connection.ops.adapt_datetimefield_value(at)


@lru_cache(maxsize=16)
def _now(alias: str, _ms: int) -> Any:
    """The same for all files of a millisecond: it would take longer than the rest of a row."""
    return connections[alias].ops.adapt_datetimefield_value(timezone.now())


@cache
def _written(vendor: str, alias: str, is_new: bool) -> str:  # noqa: ARG001  # a key of the cache
    found, operations = apps.get_model("roots", "StoredFile"), connections[alias].ops
    conflict = OnConflict.UPDATE if is_new else OnConflict.IGNORE
    quoted = ", ".join(map(operations.quote_name, _COLUMNS))
    fields = [found._meta.get_field(name) for name in _COLUMNS]
    return " ".join(
        (
            operations.insert_statement(on_conflict=conflict),
            operations.quote_name(found._meta.db_table),
            f"({quoted}) VALUES ({', '.join(['%s'] * len(fields))})",
            operations.on_conflict_suffix_sql(fields, conflict, _RENEWED, _KEY),
        )
    )
