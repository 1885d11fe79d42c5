"""Which field a file is stored for: a storage is told the name only.

Django asks the field for a name right before it hands that name to the storage. Where there are
quotas, we remember which field was asked.
"""

import difflib
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any

from django.apps import apps
from django.db.models import FileField

from roots import conf
from roots.errors import ConfigError

_ASKED: ContextVar[tuple[str, str] | None] = ContextVar("roots.media.origin", default=None)


def watch(field: FileField) -> None:
    """Remember the names that `field` gives. Twice is the same as once."""
    if "generate_filename" in vars(field):
        return
    give = field.generate_filename

    def generate_filename(instance: Any, filename: Any) -> str:
        name: str = give(instance, filename)
        if conf.configuration().quotas:
            _ASKED.set((name, label(field)))
        return name

    field.generate_filename = generate_filename  # type: ignore[method-assign]


def field_of(name: str) -> str:
    """The label of the field that gave `name` last, "" for none: whoever stores a file without a
    field has its name from somewhere else."""
    asked = _ASKED.get()
    if asked is None:
        return ""
    _ASKED.set(None)
    return asked[1] if asked[0] == name else ""


def require_fields(labels: Iterable[str], setting: str) -> None:
    """Raises ConfigError where one of these labels, of `setting`, is that of no FileField."""
    fields = [
        label(field)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields
        if isinstance(field, FileField)
    ]
    for each in labels:
        if each.lower() not in map(str.lower, fields):
            near = difflib.get_close_matches(each, fields, n=1, cutoff=0.3)
            raise ConfigError(
                f"{setting} names {each!r}, but no model has such a file field. "
                + (f"Did you mean {near[0]!r}?" if near else "There are none.")
            )


def label(field: FileField) -> str:
    """As quotas name it: `app.Model.field`."""
    return f"{field.model._meta.label}.{field.name}"
