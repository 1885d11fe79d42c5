"""How many rows tables have, asked only of databases on this machine."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connections, models, router

_HERE = ("", "localhost", "127.0.0.1", "::1")


def has_rows(model: type[models.Model], least: int) -> bool:
    """Whether the table of `model` has `least` rows; False where that cannot be told without
    asking another machine, or without making a file."""
    connection = connections[router.db_for_read(model)]
    table = connection.ops.quote_name(model._meta.db_table)
    said = connection.settings_dict
    if connection.vendor == "sqlite":
        return _has_rows_in_file(str(said["NAME"]), table, least)
    host = str(said.get("HOST") or "")
    if connection.vendor != "postgresql" or not (host in _HERE or host.startswith("/")):
        return False
    with contextlib.suppress(DatabaseError), connection.cursor() as cursor:
        cursor.execute(
            "SELECT reltuples FROM pg_class WHERE oid = to_regclass(%s)", [model._meta.db_table]
        )
        found = cursor.fetchone()
        return bool(found) and found[0] >= least
    return False


def is_indexed(field: Any) -> bool:
    """Whether the database has an index that begins with the column of `field`, of a model."""
    meta = field.model._meta
    return bool(field.db_index or field.unique or field.name in _first_names(meta))


def _has_rows_in_file(path: str, table: str, least: int) -> bool:
    """Counts no further than `least`, and nothing where ids do not reach it."""
    if not os.path.isfile(path):  # to open it would make it
        return False
    # Of a database with a log that nobody has open, any other way to read makes two files.
    how = "mode=ro" if os.path.exists(f"{path}-shm") else "mode=ro&immutable=1"
    address = f"{Path(path).absolute().as_uri()}?{how}"
    with (
        contextlib.suppress(sqlite3.Error),
        contextlib.closing(sqlite3.connect(address, timeout=0.2, uri=True)) as database,
    ):
        last = database.execute(f"SELECT max(rowid) FROM {table}").fetchone()  # noqa: S608
        if not last or (last[0] or 0) < least:
            return False
        some = f"SELECT 1 FROM {table} LIMIT {least:d}"  # noqa: S608
        count = database.execute(f"SELECT count(*) FROM ({some})").fetchone()  # noqa: S608
        return bool(count[0] >= least)
    return False


def _first_names(meta: Any) -> Iterator[str]:
    for index in meta.indexes:
        yield from (name.lstrip("-") for name in index.fields[:1])
    for constraint in meta.constraints:
        yield from getattr(constraint, "fields", ())[:1]
    yield from (names[0] for names in meta.unique_together)
