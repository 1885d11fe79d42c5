"""The record of every stored file, in the database of whoever stored it; see `StoredFile`.

A project that has not migrated yet stores its files all the same: the log says so, and
`manage.py media adopt` makes up for it.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from django.apps import apps
from django.core.files.storage import FileSystemStorage, storages
from django.core.signals import setting_changed
from django.db import connections, models, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from django.utils.module_loading import import_string

from roots.media import insertion
from roots.media.batches import batches
from roots.media.lifecycle import journal
from roots.media.tables import has_table

_log = logging.getLogger("roots.media")
_homes: dict[str, str] = {}
"""By the database of a transaction, the one whose ledger tells of its files: asked once."""


class Facts(NamedTuple):
    """What is known of a file when it is stored; see `StoredFile` for each."""

    name: str
    original_name: str
    size: int
    digest: str
    content_type: str = ""
    width: int | None = None
    height: int | None = None
    owner: str = ""
    stored_at: datetime | None = None
    """None for now."""
    state: str = "stored"
    field: str = ""
    """The field it is stored for, where that has a quota."""


def model() -> type[models.Model] | None:
    """`roots.StoredFile`, or None in a project that keeps no ledger."""
    return apps.all_models["roots"].get("storedfile")


def alias_of(storage: FileSystemStorage) -> str:
    """What the ledger calls `storage`: its first alias in `STORAGES`, or else its root.

    Two storages of one root are one storage here.
    """
    return _alias_of_root(str(storage.location))


def databases() -> list[str]:
    """The aliases of all databases that hold a ledger."""
    found = model()
    if found is None:
        return []
    return [alias for alias in connections if _holds(found, alias)]


def record(
    storage: FileSystemStorage,
    facts: Facts,
    connection: BaseDatabaseWrapper,
    *,
    is_new: bool = True,
) -> None:
    """Write that a file is stored, on this connection or, where a router keeps the ledger in
    another database, there; part of the transaction that is open on it.

    Where the file has a row already, that row is the one; `is_new` says that the file was not there
    a moment ago, so a row that calls it trashed is put right. Never waits for another transaction
    unless that one stores the same name at this moment. Raises DatabaseError.
    """
    target = home(connection)
    if target is None:
        return
    values = (
        alias_of(storage),
        facts.name,
        facts.original_name[-255:],
        facts.size,
        facts.digest,
        facts.content_type,
        facts.width,
        facts.height,
        facts.owner,
        facts.state,
        insertion.moment(target, facts.stored_at),
    )
    journal.write(target, insertion.statement(target, is_new=is_new), values)


def trashed(storage: FileSystemStorage, names: Sequence[str]) -> None:
    """Write that these files went to the trash just now."""
    _update(storage, names, state="trashed", trashed_at=timezone.now())


def quarantined(storage: FileSystemStorage, names: Sequence[str], threat: str = "") -> None:
    """Write that these files wait in quarantine, and for what: "" for a scan."""
    _update(storage, names, state="quarantined", trashed_at=None, threat=threat[:255])


def cleared(storage: FileSystemStorage, names: Sequence[str], *, keep_threat: bool = False) -> None:
    """Write that these files left the quarantine."""
    _update(storage, names, state="stored", **({} if keep_threat else {"threat": ""}))


def restored(storage: FileSystemStorage, names: Sequence[str]) -> None:
    """Write that these files came back from the trash."""
    _update(storage, names, state="stored", trashed_at=None)


def purged(storage: FileSystemStorage, names: Sequence[str]) -> None:
    """Forget these files: nothing is left of them, here or in the trash."""
    for rows in _rows_of(storage, names):
        rows.delete()


def is_elsewhere(using: str) -> bool:
    """Whether files stored in a transaction on the database `using` are told of in another one."""
    found = model()
    return found is not None and (_homes.get(using) or _allowed(using, found)) != using


def home(connection: BaseDatabaseWrapper) -> BaseDatabaseWrapper | None:
    """Where the ledger tells of files that are stored on `connection`; None where none does."""
    alias = _home(connection.alias)
    if alias is None:
        return None
    return connection if alias == connection.alias else connections[alias]


def rows(storage: FileSystemStorage, using: str) -> "models.QuerySet[Any]":
    """What the database `using` records of `storage`; empty where it holds no ledger."""
    found = model()
    assert found is not None  # noqa: S101
    everything: models.QuerySet[Any] = models.QuerySet(found, using=using)
    return (
        everything.filter(storage=alias_of(storage)) if _holds(found, using) else everything.none()
    )


def find(storage: FileSystemStorage, name: str) -> Any:
    """The row of the file `name`, from whichever database has it; where none has, a new one that is
    not saved and knows the storage and the name only."""
    for alias in databases():
        for row in rows(storage, alias).filter(name=name):
            return row
    found = model()
    assert found is not None  # noqa: S101
    return found(storage=alias_of(storage), name=name)


def _update(storage: FileSystemStorage, names: Sequence[str], **values: Any) -> None:
    for rows in _rows_of(storage, names):
        rows.update(**values)


def _rows_of(storage: FileSystemStorage, names: Sequence[str]) -> Iterator["models.QuerySet[Any]"]:
    for alias in databases():
        for some in batches(names, alias):
            yield rows(storage, alias).filter(name__in=some)


def _home(using: str) -> str | None:
    """Which database's ledger tells of a file stored in a transaction on `using`, if any does."""
    found = model()
    if found is None:
        return None
    if using in _homes:
        return _homes[using]
    alias = _allowed(using, found)
    if _holds(found, alias):
        setting_changed.connect(_forget, dispatch_uid="roots.media.ledger")
        _homes[using] = alias
        return alias
    _log.warning(
        "Stored a file without a row in the ledger, because database %r has no table %s. Run "
        "`manage.py migrate roots`, then `manage.py media adopt`.",
        alias,
        found._meta.db_table,
    )
    return None


def _allowed(using: str, found: type[models.Model]) -> str:
    return using if router.allow_migrate_model(using, found) else router.db_for_write(found)


def _holds(found: type[models.Model], alias: str) -> bool:
    is_allowed = router.allow_migrate_model(alias, found)
    return is_allowed and has_table(alias, found._meta.db_table)


@cache
def _alias_of_root(location: str) -> str:
    from roots.media.storage import MediaStorage

    setting_changed.connect(_forget, dispatch_uid="roots.media.ledger")
    backends: dict[str, Any] = storages.backends
    for alias, options in backends.items():
        backend = import_string(options["BACKEND"])
        if isinstance(backend, type) and issubclass(backend, MediaStorage):
            storage: Any = storages[alias]
            if str(storage.location) == location:
                return alias
    return location


def _forget(**_: Any) -> None:
    _alias_of_root.cache_clear()
    _homes.clear()
