"""Which tables there are: asking a model that was never migrated is an error."""

from django.db import connections

_seen: set[tuple[str, str]] = set()


def has_table(alias: str, table: str) -> bool:
    """Whether the database `alias` has `table`. A table that was seen once stays seen."""
    if (alias, table) not in _seen:
        connection = connections[alias]
        if not connection.settings_dict["ENGINE"].endswith(".dummy"):  # DATABASES = {}
            _seen.update((alias, name) for name in connection.introspection.table_names())
    return (alias, table) in _seen
