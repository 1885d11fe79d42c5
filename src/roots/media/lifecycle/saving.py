"""Saving as Django does it, with an eye on the files that rows take and let go of."""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from functools import wraps
from typing import Any

from django.db import connections, models, router, transaction
from django.db.models.fields.files import FileField

from roots.media.lifecycle import attributes, events
from roots.media.lifecycle.rows import file_fields, give_up, is_gone, read, root_of
from roots.media.lifecycle.transactions import is_open
from roots.media.storage import MediaStorage


def of_files(store: Callable[..., Any]) -> Callable[..., Any]:
    """A `FieldFile.save` that stores the file and saves the row together or not at all."""

    @wraps(store)
    def store_and_save(
        self: Any, name: str, content: Any, save: bool = True, *args: Any, **kwargs: Any
    ) -> None:
        with ExitStack() as stack:
            if save and isinstance(self.storage, MediaStorage):
                using = router.db_for_write(type(self.instance), instance=self.instance)
                if not is_open(connections[using]):
                    stack.enter_context(transaction.atomic(using=using))
                stack.enter_context(events.saving(using))
            store(self, name, content, save, *args, **kwargs)

    return store_and_save


def of_rows(save_table: Callable[..., Any]) -> Callable[..., Any]:
    """A model's `_save_table` that lets go of what the row does not name any more."""

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
        fields = file_fields(cls)
        if update_fields:
            fields = [each for each in fields if {each.name, each.attname} & set(update_fields)]
        if not fields:
            return save_table(self, *arguments)
        save = _Save(self, cls, fields, using)
        is_insert = force_insert or (self._state.adding and _has_fresh_key(cls)) or raw
        return save.run(lambda: save_table(self, *arguments), is_insert=is_insert)

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
        self.before = read(self.model, self.instance.pk, self.fields, self.using, lock=lock)

    def _let_go(self) -> None:
        for field in self.missing:
            events.want(root_of(field), str(self._name(field)), self.using)
        for field, name in (self.before or {}).items():
            if name and name != self._name(field):
                give_up(field, name, self.using)
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
        return bool(name) and is_gone(field, str(name))


def _has_fresh_key(model: type[models.Model]) -> bool:
    """Whether Django inserts a new instance without trying to update a row."""
    return all(field.has_default() or field.has_db_default() for field in _key_of(model))


def _key_of(model: type[models.Model]) -> "Iterable[Any]":
    return getattr(model._meta, "pk_fields", None) or [model._meta.pk]
