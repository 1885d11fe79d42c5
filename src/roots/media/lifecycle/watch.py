"""Sees rows take and let go of files, on saving and on deleting.

Three places in every model that has files: its file attributes (`attributes`), `_save_table`, where
Django writes one table of an instance, and the signal before a row is deleted.
"""

import os
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from functools import cache, wraps
from typing import Any

from django.apps import apps
from django.core.files.storage import FileSystemStorage
from django.db import connections, models, transaction
from django.db.models.fields.files import FileField
from django.db.models.signals import class_prepared, pre_delete

from roots import conf
from roots.media.lifecycle import attributes, events
from roots.media.lifecycle.transactions import is_open
from roots.media.storage import MediaStorage

_UID = "roots.media.lifecycle.watch"
_SAVE_TABLE = "_save_table"


def install() -> None:
    """Watch every model that has files, those that are defined later too."""
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
    if any(isinstance(field, FileField) for field in model._meta.fields):
        save_table: Any = getattr(model, _SAVE_TABLE)
        if not hasattr(save_table, _UID):
            setattr(model, _SAVE_TABLE, _watched(save_table))
        pre_delete.connect(_before_delete, sender=model, dispatch_uid=_UID)


def _replaced(instance: models.Model, field: FileField, name: str) -> None:
    """Whatever becomes of the instance, `bulk_update` too: the tables are asked in the end."""
    if isinstance(field.storage, MediaStorage) and not _is_kept(field) and instance._state.db:
        events.look_at_later(field.storage, name, instance._state.db)


def _watched(save_table: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(save_table)
    def _save_table(
        self: models.Model,
        raw: bool = False,
        cls: Any = None,
        force_insert: bool = False,
        force_update: bool = False,
        using: Any = None,
        update_fields: Any = None,
    ) -> Any:
        arguments = (raw, cls, force_insert, force_update, using, update_fields)
        fields = _file_fields(cls)
        if update_fields:
            fields = [each for each in fields if {each.name, each.attname} & set(update_fields)]
        if not fields:
            return save_table(self, *arguments)
        save = _Save(self, cls, fields, using)
        is_insert = force_insert or (self._state.adding and _has_fresh_key(cls)) or raw
        return save.run(lambda: save_table(self, *arguments), is_insert=is_insert)

    setattr(_save_table, _UID, True)
    return _save_table


class _Save:
    """One table of one instance on its way to the database."""

    def __init__(
        self, instance: models.Model, model: type[models.Model], fields: list[FileField], using: str
    ) -> None:
        self.instance, self.model, self.using = instance, model, using
        self.fields = [each for each in fields if attributes.is_loaded(instance, each)]
        self.before: dict[FileField, str | None] | None = None
        self.missing = [field for field in self.fields if self._is_missing(field)]

    def run(self, save: Callable[[], Any], *, is_insert: bool) -> Any:
        """Save, then let go of what the row names no more."""
        is_changed = bool(self.missing) or any(map(self._is_changed, self.fields))
        if not is_changed:
            return save()
        uploads = any(attributes.is_upload(self.instance, field) for field in self.fields)
        with ExitStack() as stack:
            if is_insert or not self.instance._is_pk_set(self.model._meta):  # type: ignore[attr-defined]
                self.before = {}
            elif not uploads:
                self._look()
            if uploads:
                stack.enter_context(self._transaction())
                stack.enter_context(events.saving(self.using, self._look))
            saved = save()
            self._let_go()
        return saved

    def _transaction(self) -> Any:
        """A file and its row are stored together or not at all."""
        return transaction.atomic(using=self.using, savepoint=False)

    def _look(self) -> None:
        """Learn what the row names in the database, which may be more recent than the instance.

        After a file was stored rather than before: SQLite cannot begin by reading and then write
        while others do. Whoever else changes the row waits until this transaction is over.
        """
        if self.before is not None:
            return
        lock = is_open(connections[self.using])
        self.before = _read(self.model, self.instance.pk, self.fields, self.using, lock=lock)

    def _let_go(self) -> None:
        for field in self.missing:
            events.want(_root_of(field), str(self._name(field)), self.using)
        for field, name in (self.before or {}).items():
            if name and name != self._name(field):
                _give_up(field, name, self.using)
        attributes.note_saved(self.instance, self.fields)

    def _name(self, field: FileField) -> str | None:
        return attributes.name_in(self.instance, field)

    def _is_changed(self, field: FileField) -> bool:
        noted = attributes.noted(self.instance, field)
        name = self._name(field)
        return name is None or (noted is not None and name != noted)

    def _is_missing(self, field: FileField) -> bool:
        """Whether the row will name a file that is not there: a stale instance may."""
        name = self._name(field)
        return bool(name) and _is_gone(field, str(name))


def _before_delete(
    sender: type[models.Model], instance: models.Model, using: str, **_: Any
) -> None:
    """Let go of what the row names. Django just read it, unless the instance is an older one: then
    what it names has gone, or is about to, or was never loaded, and the row is read again."""
    model = sender._meta.concrete_model or sender
    names = {field: _name_before(instance, field) for field in _file_fields(model)}
    if any(_is_doubtful(field, name, using) for field, name in names.items()):
        names = _read(model, instance.pk, list(names), using)
    for field, name in names.items():
        if name:
            _give_up(field, name, using)


def _name_before(instance: models.Model, field: FileField) -> str | None:
    noted = attributes.noted(instance, field)
    return attributes.name_in(instance, field) if noted is None else noted


def _is_doubtful(field: FileField, name: str | None, using: str) -> bool:
    if not name:
        return name is None
    return _is_gone(field, name) or events.is_given_up(_root_of(field), name, using)


def _read(
    model: type[models.Model], pk: Any, fields: list[FileField], using: str, *, lock: bool = False
) -> dict[FileField, str | None]:
    """What the row names in the database; nothing where there is no such row."""
    rows: models.QuerySet[Any] = models.QuerySet(model, using=using).filter(pk=pk)
    if lock and connections[using].features.has_select_for_update:
        rows = rows.select_for_update()
    names = rows.values_list(*(field.attname for field in fields)).first()
    return dict(zip(fields, names, strict=True)) if names else {}


def _give_up(field: FileField, name: str, using: str) -> None:
    if not _is_kept(field):
        events.give_up(_root_of(field), [name], using)


def _is_kept(field: FileField) -> bool:
    kept = conf.configuration().keep_files
    if not kept:
        return False
    model = field.model._meta.label_lower
    return not {model, f"{model}.{field.name}".lower()}.isdisjoint(map(str.lower, kept))


def _is_gone(field: FileField, name: str) -> bool:
    return not os.path.lexists(os.path.join(_root_of(field).location, name))


def _root_of(field: FileField) -> FileSystemStorage:
    storage = field.storage
    assert isinstance(storage, FileSystemStorage)  # noqa: S101
    return storage


def _has_fresh_key(model: type[models.Model]) -> bool:
    """Whether Django inserts a new instance without trying to update a row."""
    return all(field.has_default() or field.has_db_default() for field in _key_of(model))


def _key_of(model: type[models.Model]) -> "Iterable[Any]":
    return getattr(model._meta, "pk_fields", None) or [model._meta.pk]


def _file_fields(model: type[models.Model]) -> list[FileField]:
    """The file fields of the model's own table whose files are in a root of ours."""
    return [each for each in _own_file_fields(model) if isinstance(each.storage, MediaStorage)]


@cache
def _own_file_fields(model: type[models.Model]) -> tuple[FileField, ...]:
    return tuple(each for each in model._meta.local_fields if isinstance(each, FileField))
