"""When a stored file may go: as soon as no row names it, because equal uploads share one file.

There is no ledger yet, so the tables of all models are asked. What this does not see: names kept
anywhere but in a FileField or ImageField of this root, and an upload that takes more than
`sharing.SETTLING_S` from sharing a file to committing its row.
"""

import threading
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.files.storage import FileSystemStorage
from django.core.signals import request_finished
from django.db import connections, models, transaction
from django.db.models.signals import post_delete, post_save

from roots import atomic
from roots.atomic import Modes
from roots.media import sharing
from roots.media.referrers import referrers


class _Released(threading.local):
    """Files this thread gave up while a row still named them."""

    def __init__(self) -> None:
        self.files: dict[tuple[str, str], FileSystemStorage] = {}


_released = _Released()


def release(storage: FileSystemStorage, name: str) -> None:
    """Remove `name` from `storage` once no row names it: now, or after the commit.

    Inside a transaction nothing happens before it commits, and nothing at all if it rolls back.
    `instance.file.delete()` comes here before its row forgets the name, so a file that is still
    named is looked at again when this thread next saves or deletes a row with files. Where no such
    moment comes the file stays. A missing file is no error.
    """
    _after_commit(partial(_settle, storage, name))


def is_named(storage: FileSystemStorage, name: str) -> bool:
    """Whether any row of any model, in any database, names this file of `storage`."""
    return any(
        each.rows().filter(**{each.field.attname: name}).exists() for each in referrers(storage)
    )


def _settle(storage: FileSystemStorage, name: str) -> None:
    if is_named(storage, name):
        _listen()
        _released.files[str(storage.location), name] = storage
    else:
        _remove(storage, name)


def _remove(storage: FileSystemStorage, name: str) -> None:
    root = Path(storage.location)
    path = root / name
    modes = Modes(directory=storage.directory_permissions_mode or Modes().directory)
    with sharing.exclusive(root, modes), atomic.blaming_environment(path):
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        elif not sharing.is_settling(root, name):
            path.unlink(missing_ok=True)


def _after_commit(act: Callable[[], None]) -> None:
    """Call `act` when no transaction of this thread is open, on whatever database, any more."""
    for connection in connections.all(initialized_only=True):
        if connection.in_atomic_block:
            waiting = partial(_after_commit, act)
            transaction.on_commit(waiting, using=connection.alias, robust=True)
            return
    act()


@cache
def _listen() -> None:
    """Hear of rows with files, from the first time it matters: a receiver makes deleting many rows
    of its model slower, so nobody else's model gets one."""
    for model in apps.get_models():
        if any(isinstance(field, models.FileField) for field in model._meta.fields):
            for signal in (post_save, post_delete):
                signal.connect(_reconsider, sender=model, dispatch_uid="roots.media.lifecycle")
    request_finished.connect(_forget, dispatch_uid="roots.media.lifecycle")


def _reconsider(**_: Any) -> None:
    """A row of this thread changed: what was released before may be free now."""
    files, _released.files = _released.files, {}
    for (_root, name), storage in files.items():
        _after_commit(partial(_remove_unnamed, storage, name))


def _remove_unnamed(storage: FileSystemStorage, name: str) -> None:
    if not is_named(storage, name):
        _remove(storage, name)


def _forget(**_: Any) -> None:
    """What a request released and did not settle is nothing to the next one."""
    _released.files = {}
