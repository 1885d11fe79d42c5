"""Sees rows take and let go of files, on saving and on deleting.

Four places in every model that has files: its file attributes (`attributes`), `save` of what they
hold and `_save_table`, where Django writes one table of an instance (`saving`), and the signal
before a row is deleted.
"""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models.fields.files import FileField
from django.db.models.signals import class_prepared, pre_delete

from roots.media import origin
from roots.media.lifecycle import attributes, events, saving
from roots.media.lifecycle.keeping import is_kept, require_known
from roots.media.lifecycle.rows import file_fields, give_up, is_gone, read, root_of
from roots.media.storage import MediaStorage

_UID = "roots.media.lifecycle.watch"


def install() -> None:
    """Watch every model that has files, those that are defined later too. Raises ConfigError where
    KEEP_FILES names what there is not."""
    require_known()
    for model in apps.get_models(include_auto_created=True):
        _watch(model)
    class_prepared.connect(_watch_later, dispatch_uid=_UID)


def _watch_later(sender: type[models.Model], **_: Any) -> None:
    if sender._meta.apps is apps:  # not one of a migration, as it was at the time
        _watch(sender)


def _watch(model: type[models.Model]) -> None:
    for field in model._meta.local_fields:
        if isinstance(field, FileField):
            attributes.watch(model, field, _replaced)
            origin.watch(field)
            _wrap(field.attr_class, "save", saving.of_files)
    if any(isinstance(field, FileField) for field in model._meta.fields):
        _wrap(model, "_save_table", saving.of_rows)
        pre_delete.connect(_before_delete, sender=model, dispatch_uid=_UID)


def _wrap(owner: type, name: str, wrapped: Callable[..., Any]) -> None:
    """Put `wrapped` around a method. Twice is the same as once, in a child class too."""
    method = getattr(owner, name)
    if not hasattr(method, _UID):
        replacement = wrapped(method)
        setattr(replacement, _UID, True)
        setattr(owner, name, replacement)


def _replaced(instance: models.Model, field: FileField, name: str) -> None:
    """Whatever becomes of the instance, `bulk_update` too: the tables are asked in the end."""
    if isinstance(field.storage, MediaStorage) and not is_kept(field) and instance._state.db:
        events.look_at_later(field.storage, name, instance._state.db)


def _before_delete(
    sender: type[models.Model], instance: models.Model, using: str, **_: Any
) -> None:
    """Let go of what the row names. Django just read it, unless the instance is an older one: then
    what it names has gone, or is about to, or was never loaded, and the row is read again."""
    model = sender._meta.concrete_model or sender
    names = {field: _name_before(instance, field) for field in file_fields(model)}
    if any(_is_doubtful(field, name, using) for field, name in names.items()):
        names = read(model, instance.pk, list(names), using)
    for field, name in names.items():
        if name:
            give_up(field, name, using)


def _name_before(instance: models.Model, field: FileField) -> str | None:
    noted = attributes.noted(instance, field)
    return attributes.name_in(instance, field) if noted is None else noted


def _is_doubtful(field: FileField, name: str | None, using: str) -> bool:
    if not name:
        return name is None
    return is_gone(field, name) or events.is_given_up(root_of(field), name, using)
