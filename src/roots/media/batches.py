"""Many names in few queries: as many in each as its database takes, within reason."""

import sqlite3
from collections.abc import Iterator, Sequence

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

NAMES_PER_QUERY = 5_000
_OTHER_PARAMETERS = 20


def batches(names: Sequence[str], using: str) -> Iterator[Sequence[str]]:
    """`names` in parts of at most NAMES_PER_QUERY that fit one query on the database `using`."""
    step = min(NAMES_PER_QUERY, _most_parameters(connections[using]) - _OTHER_PARAMETERS)
    for start in range(0, len(names), step):
        yield names[start : start + step]


def _most_parameters(connection: BaseDatabaseWrapper) -> int:
    if connection.vendor == "sqlite":  # Django 5.2 says 999, whatever SQLite takes
        connection.ensure_connection()
        return int(connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER))
    return connection.features.max_query_params or NAMES_PER_QUERY + _OTHER_PARAMETERS
