"""The storages of STORAGES and of every file field, looked at without being connected."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

from django.apps import apps
from django.core.files.storage import FileSystemStorage, Storage
from django.core.files.storage import storages as handler
from django.db import models
from django.utils.module_loading import import_string

from roots.doctor.evidence.settings import Settings


@dataclass(frozen=True, slots=True)
class Backend:
    """One entry of STORAGES. `kind` is None where it cannot be imported; `location` is where it
    keeps files on this machine, None for one that keeps them elsewhere."""

    alias: str
    path: str
    options: Mapping[str, Any]
    kind: type | None
    location: str | None

    @property
    def is_local(self) -> bool:
        """Whether its files are on this machine's disk."""
        return self.kind is not None and issubclass(self.kind, FileSystemStorage)


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A FileField of a model. `location` as in `Backend`."""

    model: type[models.Model]
    field: models.FileField
    kind: type
    location: str | None

    @property
    def label(self) -> str:
        """As people name it: `shop.Invoice.scan`."""
        return f"{self.model._meta.label}.{self.field.name}"

    @property
    def is_local(self) -> bool:
        """Whether its files are on this machine's disk."""
        return issubclass(self.kind, FileSystemStorage)


def backends(settings: Settings) -> dict[str, Backend]:
    """What STORAGES says, by alias."""
    declared = settings.get("STORAGES") or {}
    return {alias: _backend(alias, entry) for alias, entry in declared.items()}


def columns() -> tuple[FileColumn, ...]:
    """Every FileField of every installed model, but not those of proxies, twice."""
    return tuple(
        FileColumn(model, field, _kind(field.storage), _location(field.storage))
        for model in apps.get_models()
        if not model._meta.proxy
        for field in model._meta.local_fields
        if isinstance(field, models.FileField)
    )


def on_this_disk(settings: Settings) -> list[FileSystemStorage]:
    """The storages of uploads, STORAGES' and fields', that keep files here; one for each place."""
    mine = backends(settings).items()
    made = [handler[alias] for alias, each in mine if alias != "staticfiles" and each.location]
    of_fields = [each.field.storage for each in columns()]
    local = [each for each in (*made, *of_fields) if _is_local(each) and _location(each)]
    return [*{_location(each): each for each in reversed(local)}.values()][::-1]


def _backend(alias: str, entry: Mapping[str, Any]) -> Backend:
    path = str(entry.get("BACKEND", ""))
    try:
        kind = import_string(path)
    except ImportError:
        kind = None
    if not isinstance(kind, type):
        return Backend(alias, path, entry.get("OPTIONS") or {}, None, None)
    location = None
    if issubclass(kind, FileSystemStorage):  # to make one opens nothing
        location = _location(handler[alias])
    return Backend(alias, path, entry.get("OPTIONS") or {}, kind, location)


def _kind(storage: Storage) -> type:
    return storage.__class__  # of what a lazy object like default_storage stands for


def _location(storage: object) -> str | None:
    base = getattr(storage, "base_location", None) if _is_local(storage) else None
    return os.path.abspath(base) if base else None


def _is_local(storage: object) -> TypeGuard[FileSystemStorage]:
    return isinstance(storage, FileSystemStorage)
