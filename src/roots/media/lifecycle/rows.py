"""What rows name: in their own columns, in the database, and whether it is there."""

import os
from functools import cache
from typing import Any

from django.core.files.storage import FileSystemStorage
from django.db import connections, models
from django.db.models.fields.files import FileField

from roots.media.lifecycle import events
from roots.media.lifecycle.keeping import is_kept
from roots.media.quarantine import holds
from roots.media.storage import MediaStorage


def file_fields(model: type[models.Model]) -> list[FileField]:
    """The file fields of the model's own table whose files are in a root of ours."""
    return [each for each in _own_file_fields(model) if isinstance(each.storage, MediaStorage)]


@cache
def _own_file_fields(model: type[models.Model]) -> tuple[FileField, ...]:
    return tuple(each for each in model._meta.local_fields if isinstance(each, FileField))


def read(
    model: type[models.Model], pk: Any, fields: list[FileField], using: str, *, lock: bool = False
) -> dict[FileField, str | None]:
    """What the row names in the database; nothing where there is no such row."""
    rows: models.QuerySet[Any] = models.QuerySet(model, using=using).filter(pk=pk)
    if lock and connections[using].features.has_select_for_update:
        rows = rows.select_for_update()
    names = rows.values_list(*(field.attname for field in fields)).first()
    return dict(zip(fields, names, strict=True)) if names else {}


def give_up(field: FileField, name: str, using: str) -> None:
    """A row of the database `using` lets go of a file, which goes when that is committed, unless
    the project keeps it."""
    if not is_kept(field):
        events.give_up(root_of(field), [name], using)


def is_gone(field: FileField, name: str) -> bool:
    """Whether the root has no such file, in quarantine neither."""
    location = root_of(field).location
    return not os.path.lexists(os.path.join(location, name)) and not holds(name, location)


def root_of(field: FileField) -> FileSystemStorage:
    """The storage of a field whose files are in a root of ours."""
    storage = field.storage
    assert isinstance(storage, FileSystemStorage)  # noqa: S101
    return storage
