"""When a stored file may go: as soon as no row names it, because equal uploads share one file.

There is no ledger yet, so the tables of all models are asked. What this does not see: a rollback
after the file went (as with Django's own storage), a row another transaction has not committed, and
names kept anywhere but in a FileField or ImageField of this root.
"""

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.files.storage import FileSystemStorage
from django.db import connections, models, router
from django.db.models.signals import post_delete, post_save

from roots import atomic


class _Released(threading.local):
    """Files this thread gave up while a row still named them."""

    def __init__(self) -> None:
        self.files: list[tuple[FileSystemStorage, str]] = []


_released = _Released()


def release(storage: FileSystemStorage, name: str) -> None:
    """Remove `name` from `storage` now if no row names it, else when the row that does is next
    saved or deleted in this thread.

    `instance.file.delete()` comes here before its row forgets the name, a `post_delete` receiver
    after its row is gone; waiting serves both, and neither takes a file another row shares. Where
    no such moment comes the file stays. A missing file is no error.
    """
    path = Path(storage.path(name))
    if not os.path.lexists(path):
        return
    if is_named(storage, name):
        _released.files.append((storage, name))
    else:
        _remove(path)


def is_named(storage: FileSystemStorage, name: str) -> bool:
    """Whether any row of any model, in any database, names this file of `storage`."""
    return any(
        models.QuerySet(model, using=alias).filter(**{field.attname: name}).exists()
        for model, field in _fields(storage)
        for alias in _databases(model)
    )


def _fields(storage: FileSystemStorage) -> Iterator[tuple[type[models.Model], models.FileField]]:
    """Every column that holds names of this root, each once: a parent's columns are its own."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.proxy or model._meta.swapped:
            continue
        for field in model._meta.local_fields:
            if isinstance(field, models.FileField) and _is_same_root(field.storage, storage):
                yield model, field


def _is_same_root(one: object, other: FileSystemStorage) -> bool:
    return getattr(one, "location", None) == other.location


def _databases(model: type[models.Model]) -> Iterator[str]:
    """Where the model's rows may be. Without routers Django allows every model everywhere, so a
    database other than the model's own is asked only where the table is there."""
    home = {router.db_for_read(model), router.db_for_write(model)}
    yield from home
    table = model._meta.db_table
    for alias in set(connections) - home:
        if not router.allow_migrate_model(alias, model):
            continue
        if table in connections[alias].introspection.table_names():
            yield alias


def _remove(path: Path) -> None:
    with atomic.blaming_environment(path):
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        else:
            path.unlink(missing_ok=True)


def _reconsider(sender: type[models.Model], **_: Any) -> None:
    """A row of this thread changed: what was released before may be free now."""
    if not _released.files or not any(isinstance(f, models.FileField) for f in sender._meta.fields):
        return
    files, _released.files = _released.files, []
    for storage, name in files:
        if not is_named(storage, name):
            _remove(Path(storage.path(name)))


for _signal in (post_save, post_delete):
    _signal.connect(_reconsider, dispatch_uid="roots.media.lifecycle")
