"""What a file attribute of an instance held when it was loaded, without looking at it then.

Loading a row sets each attribute once, and that costs one look into a dictionary here. What an
attribute held is noted when it is set again, or when it is first read: `instance.file.name = ...`
changes it, too. The note is part of `instance._state`, so copies and pickles have it.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.core.files import File
from django.db.models import Model
from django.db.models.fields.files import FieldFile, FileDescriptor, FileField

_NOTES = "roots_files"
Replaced = Callable[[Model, FileField, str], None]


def watch(model: type[Model], field: FileField, replaced: Replaced) -> None:
    """Let the attribute of `field` note what it held, and tell `replaced` when a row in a database
    was given another file in memory. Twice is the same as once."""
    found = vars(model).get(field.attname)
    if isinstance(found, FileDescriptor) and not isinstance(found, _Noting):
        kind: Any = type(found)
        setattr(model, field.attname, _noting(kind)(found.field, replaced))


def is_loaded(instance: Model, field: FileField) -> bool:
    """Whether the attribute holds anything: it does not where it was deferred."""
    return field.attname in instance.__dict__


def is_upload(instance: Model, field: FileField) -> bool:
    """Whether the attribute holds a file that saving the instance will store."""
    value = instance.__dict__.get(field.attname)
    if isinstance(value, FieldFile):
        return bool(value) and not _is_stored(value)
    return isinstance(value, File)


def name_in(instance: Model, field: FileField) -> str | None:
    """The stored name that the attribute holds, "" for no file; None where it was deferred, or is
    an upload or an expression."""
    if is_upload(instance, field):
        return None
    return _name(instance.__dict__.get(field.attname, field))


def noted(instance: Model, field: FileField) -> str | None:
    """The name that the attribute held when it was loaded or saved last; None where nobody touched
    it since."""
    notes: dict[str, str] = getattr(instance._state, _NOTES, {})
    return notes.get(field.attname)


def note_saved(instance: Model, fields: list[FileField]) -> None:
    """What these attributes hold is in the database now."""
    notes: dict[str, str] = dict(getattr(instance._state, _NOTES, {}))
    for field in fields:
        value = instance.__dict__.get(field.attname)
        if isinstance(value, FieldFile):
            notes[field.attname] = value.name or ""
        else:
            notes.pop(field.attname, None)
    setattr(instance._state, _NOTES, notes)


class _Noting(FileDescriptor):
    def __init__(self, field: FileField, replaced: Replaced) -> None:
        super().__init__(field)
        self._attname = field.attname
        self._replaced = replaced

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is not None:
            value = instance.__dict__.get(self._attname)
            if not isinstance(value, File):
                file = super().__get__(instance, cls)  # loads what was deferred
                _note(instance, self._attname, _name(value) or _name(file))
                return file
        return super().__get__(instance, cls)

    def _set_again(self, instance: Any, value: Any) -> None:
        """Note what was there, unless somebody loads the row once more."""
        before = instance.__dict__[self._attname]
        if _is_of_same_row(value, instance):
            _note(instance, self._attname, value.name or "", again=True)
        elif not isinstance(before, FieldFile) or _is_stored(before):
            name = _name(before)
            is_first = _note(instance, self._attname, name)
            if is_first and name and not instance._state.adding:
                self._replaced(instance, self.field, name)


class _NotingFile(_Noting):
    def __set__(self, instance: Any, value: Any) -> None:
        values = instance.__dict__
        if self._attname in values:
            self._set_again(instance, value)
        values[self._attname] = value


@cache
def _noting(base: type[FileDescriptor]) -> type[_Noting]:
    """`base`, noting. Django's plain one is spared a call: it is in the way of every load."""
    if base is FileDescriptor:
        return _NotingFile

    def __set__(self: Any, instance: Any, value: Any) -> None:  # noqa: N807
        if self._attname in instance.__dict__:
            self._set_again(instance, value)
        base.__set__(self, instance, value)

    return type(f"Noting{base.__name__}", (_Noting, base), {"__set__": __set__})


def _name(value: Any) -> str | None:
    if value is None:
        return ""
    if isinstance(value, FieldFile):
        return value.name or ""
    return value if isinstance(value, str) else None


def _is_stored(file: FieldFile) -> bool:
    """Whether the file is one of its storage, and no upload yet to be stored there."""
    return bool(file._committed)  # type: ignore[attr-defined]


def _is_of_same_row(value: Any, instance: Model) -> bool:
    """Whether `refresh_from_db` hands this over: the file of another instance of the row."""
    if not isinstance(value, FieldFile) or not _is_stored(value):
        return False
    owner = value.instance
    return owner is not instance and type(owner) is type(instance) and owner.pk == instance.pk


def _note(instance: Model, attname: str, name: str | None, *, again: bool = False) -> bool:
    """Whether this was the first time; a copy of the instance keeps notes of its own."""
    notes: dict[str, str] = getattr(instance._state, _NOTES, {})
    if name is None or (attname in notes and not again):
        return False
    setattr(instance._state, _NOTES, {**notes, attname: name})
    return True
