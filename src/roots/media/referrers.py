"""Who may name a file: every FileField of every model, in every database that holds its table."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.files.storage import FileSystemStorage
from django.db import connections, models, router


@dataclass(frozen=True, slots=True)
class Referrer:
    """One column, in one database, whose values are names of files of one root."""

    model: type[models.Model]
    field: models.FileField
    alias: str

    def rows(self) -> "models.QuerySet[Any]":
        """Every row, whatever a manager of the model would leave out."""
        return models.QuerySet(self.model, using=self.alias)

    def __str__(self) -> str:
        return f"{self.model._meta.label}.{self.field.name}"


def referrers(storage: FileSystemStorage) -> Iterator[Referrer]:
    """Every column that may name files of the root of `storage`.

    Models of apps that are not installed, and names kept anywhere but in a FileField or ImageField,
    are not seen.
    """
    for model, field in _fields(storage):
        for alias in _databases(model):
            yield Referrer(model, field, alias)


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
    """Where rows of the model may be: wherever Django allows its table and the table is."""
    home = {router.db_for_read(model), router.db_for_write(model)}
    for alias in connections:
        is_allowed = alias in home or router.allow_migrate_model(alias, model)
        if is_allowed and _has_table(alias, model._meta.db_table):
            yield alias


def _has_table(alias: str, table: str) -> bool:
    """Whether the table is there; a model that was never migrated names no file."""
    if (alias, table) not in _tables_seen:
        names = connections[alias].introspection.table_names()
        _tables_seen.update((alias, name) for name in names)
    return (alias, table) in _tables_seen


_tables_seen: set[tuple[str, str]] = set()
