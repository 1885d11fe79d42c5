"""The storages of a project: those of STORAGES, and those that fields bring along."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.files.storage import Storage, default_storage, storages
from django.db.models import FileField
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from roots.media.storage import MediaStorage


def of_fields() -> Iterator[Storage]:
    """The storage of every FileField that has one of its own; some more than once."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, FileField) and field.storage is not default_storage:
                yield field.storage


def private() -> list["MediaStorage"]:
    """Every MediaStorage that is not public, each once. Raises ConfigError for options that
    contradict each other."""
    found = [storages[alias] for alias in storages.backends if is_media(alias)]
    ours = sys.modules.get("roots.media.storage")
    if ours is None:
        return []
    kind: type[MediaStorage] = ours.MediaStorage
    media = (each for each in (*found, *of_fields()) if isinstance(each, kind))
    hidden = (each for each in media if each.access.kind != "public")
    return [*{(str(each.location), each.base_url, each.access): each for each in hidden}.values()]


def is_media(alias: str) -> bool:
    """Whether STORAGES[alias] is a MediaStorage, found out without making one: another storage may
    connect to a service."""
    backends: dict[str, Any] = storages.backends
    try:
        found = import_string(backends[alias]["BACKEND"])
    except (ImportError, KeyError):  # Django says it better, when the storage is first needed
        return False
    ours = sys.modules.get("roots.media.storage")  # there by now, if `found` comes of it
    return ours is not None and isinstance(found, type) and issubclass(found, ours.MediaStorage)


def label(storage: "MediaStorage") -> str:
    """What error messages call `storage`."""
    for alias in storages.backends:
        if is_media(alias) and storages[alias] == storage:
            return f'STORAGES["{alias}"]'
    return f"the {type(storage).__name__} of a field"
