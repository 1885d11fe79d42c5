"""Who may name a file: every FileField of every model, in every database that holds its table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.files.storage import FileSystemStorage
from django.db import connections, models, router

from roots.media.batches import batches
from roots.media.tables import has_table


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
        for alias in databases(model):
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


def databases(model: type[models.Model]) -> Iterator[str]:
    """Where rows of the model may be: wherever Django allows its table and the table is."""
    home = {router.db_for_read(model), router.db_for_write(model)}
    for alias in connections:
        is_allowed = alias in home or router.allow_migrate_model(alias, model)
        if is_allowed and has_table(alias, model._meta.db_table):
            yield alias


def named(storage: FileSystemStorage, names: Sequence[str]) -> set[str]:
    """Those of `names` that any row of any model, in any database, names, or that a field has for
    its default. One query for every `batches.NAMES_PER_QUERY` names and column. Raises
    DatabaseError."""
    found = {name for name in names if name in defaults(storage)}
    for each in referrers(storage):
        asked = [name for name in names if name not in found]
        for some in batches(asked, each.alias):
            column = each.field.attname
            rows = each.rows().filter(**{f"{column}__in": some}).order_by()
            found.update(rows.values_list(column, flat=True).distinct())
    return found


def defaults(storage: FileSystemStorage) -> set[str]:
    """The names that fields have for their default: files no row has to name."""
    fields = (field for _, field in _fields(storage) if field.has_default())
    return {str(field.get_default()) for field in fields}
