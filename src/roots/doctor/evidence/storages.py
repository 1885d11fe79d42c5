"""The storages of STORAGES and of every file field, looked at without being connected."""

import inspect
import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage
from django.core.files.storage import storages as handler
from django.db import models

from roots.doctor.evidence.packages import is_installed
from roots.doctor.evidence.settings import Settings
from roots.doctor.listing import some
from roots.errors import ConfigError

_OF_OTHERS = (AttributeError, ValueError)
"""What storages raise for mistakes with a better name: a URL that is a path, a broken manifest."""
_SECRET = re.compile(r"key|secret|token|pass|auth|signature|credential", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Backend:
    """One entry of STORAGES. `kind` is None where it cannot be imported; `location` is where it
    keeps files on this machine, None for one that keeps them elsewhere; `problem` why it cannot be
    made, "" where it can or where another finding says why (`is_made` is False then, too)."""

    alias: str
    path: str
    options: Mapping[str, Any]
    kind: type | None
    location: str | None
    problem: str = ""
    is_made: bool = True

    @property
    def is_local(self) -> bool:
        """Whether its files are on this machine's disk."""
        return self.kind is not None and issubclass(self.kind, FileSystemStorage)

    @property
    def is_remote(self) -> bool:
        """Whether its files are on another machine, as far as its class tells."""
        if self.kind is None or self.is_local:
            return False
        return not self.kind.__module__.startswith("django.core.files.storage.")  # in memory


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

    def example(self, extension: str) -> str:
        """What an upload with this extension might be stored as."""
        folder = self.field.upload_to if isinstance(self.field.upload_to, str) else ""
        return f"{folder.strip('/')}/a.{extension}".lstrip("/")

    @property
    def is_own(self) -> bool:
        """Whether the model is this project's, and no installed package's."""
        file = getattr(sys.modules.get(self.model.__module__), "__file__", None)
        return file is not None and not is_installed(file)

    @property
    def where(self) -> str:
        """The file and line that its model begins on, as `/srv/site/shop/models.py:31`."""
        try:
            return f"{inspect.getsourcefile(self.model)}:{inspect.findsource(self.model)[1] + 1}"
        except (OSError, TypeError):  # made by code
            return self.model.__module__

    @property
    def is_local(self) -> bool:
        """Whether its files are on this machine's disk."""
        return issubclass(self.kind, FileSystemStorage)


def backends(settings: Settings) -> dict[str, Backend]:
    """What STORAGES says, by alias."""
    declared = settings.get("STORAGES") or {}
    return {
        alias: _backend(alias, entry, settings.backend(alias), settings)
        for alias, entry in declared.items()
    }


def columns() -> tuple[FileColumn, ...]:
    """Every FileField of every installed model, but not those of proxies, twice, nor those whose
    storage cannot be made, which `storage-unusable` tells."""
    found = (
        _column(model, field)
        for model in apps.get_models()
        if not model._meta.proxy
        for field in model._meta.local_fields
        if isinstance(field, models.FileField)
    )
    return tuple(filter(None, found))


def listed(columns: Sequence[FileColumn]) -> str:
    """A few of them, for a sentence: `shop.Invoice.scan, shop.Photo.file and 3 more`."""
    return some([each.label for each in columns])


def is_for_static(kind: type | None) -> bool:
    """Whether this class is one for static files, Django's or anybody's."""
    names = {base.__name__ for base in kind.__mro__} if kind else set()
    return not names.isdisjoint({"StaticFilesStorage", "ManifestFilesMixin", "S3StaticStorage"})


def is_ours(kind: type | None) -> bool:
    """Whether this class is MediaStorage, or made of it."""
    ours = sys.modules.get("roots.media.storage")  # there by now, if a class comes of it
    return bool(kind and ours and issubclass(kind, ours.MediaStorage))


def on_this_disk(settings: Settings) -> list[FileSystemStorage]:
    """The storages of uploads, STORAGES' and fields', that keep files here; one for each place."""
    mine = backends(settings).items()
    usable = [alias for alias, each in mine if each.location and each.is_made]
    made = [handler[alias] for alias in usable if alias != "staticfiles"]
    of_fields = [each.field.storage for each in columns()]
    local = [each for each in (*made, *of_fields) if _is_local(each) and _location(each)]
    return [*{_location(each): each for each in reversed(local)}.values()][::-1]


def _backend(
    alias: str, entry: Mapping[str, Any], kind: type | None, settings: Settings
) -> Backend:
    path, options = str(entry.get("BACKEND", "")), entry.get("OPTIONS") or {}
    if kind is None:
        return Backend(alias, path, options, None, None, f"{path!r} cannot be imported.", False)
    if not issubclass(kind, FileSystemStorage):  # to make one might connect
        return Backend(alias, path, options, kind, None)
    setting = "STATIC_ROOT" if is_for_static(kind) else "MEDIA_ROOT"
    meant = options.get("location") or settings.path(setting)
    location = os.path.abspath(meant) if isinstance(meant, str | os.PathLike) else None
    try:
        return Backend(alias, path, options, kind, _location(handler[alias]))
    except (ConfigError, ImproperlyConfigured, TypeError) as error:
        # Those for static files look at both roots and URLs, which other findings tell.
        is_of_both = is_for_static(kind) and settings.get("STATIC_URL")
        is_told = is_of_both and isinstance(error, ImproperlyConfigured)
        problem = "" if is_told else _without_secrets(str(error), options)
        return Backend(alias, path, options, kind, location, problem, is_made=False)
    except _OF_OTHERS:
        return Backend(alias, path, options, kind, location, is_made=False)


def _without_secrets(text: str, options: Mapping[str, Any]) -> str:
    """`text` without the values of options whose names say that they are nobody's business."""
    for name, value in options.items():
        if _SECRET.search(name) and isinstance(value, str) and value:
            text = text.replace(value, "…")
    return text


def _column(model: type[models.Model], field: models.FileField) -> FileColumn | None:
    try:
        kind = field.storage.__class__  # of what a lazy object like default_storage stands for
        return FileColumn(model, field, kind, _location(field.storage))
    except (ConfigError, ImproperlyConfigured, TypeError, *_OF_OTHERS):
        return None


def _location(storage: object) -> str | None:
    base = getattr(storage, "base_location", None) if _is_local(storage) else None
    return os.path.abspath(base) if base else None


def _is_local(storage: object) -> TypeGuard[FileSystemStorage]:
    return isinstance(storage, FileSystemStorage)
