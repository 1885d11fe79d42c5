"""Whether a storage writes over a file of the same name."""

import ast
import inspect
import textwrap
from typing import Any

from django.core.files.storage import FileSystemStorage, Storage

from roots.doctor.evidence.storages import is_ours

FIX = (
    "Take a storage that gives each upload a name of its own:\n"
    '    "default": {"BACKEND": "roots.media.storage.MediaStorage"}\n'
    "With django-storages:\n"
    '    "OPTIONS": {"file_overwrite": False}'
)
_OPTIONS = ("file_overwrite", "overwrite_files")
"""As django-storages calls it, for S3 and Google, and for Azure."""


def evidence(storage: Storage) -> str:
    """What says so, as the middle of a sentence; "" for one that keeps both."""
    kind = storage.__class__  # of what a lazy object stands for
    name = f"{kind.__module__}.{kind.__qualname__}"
    if is_ours(kind):
        return ""
    for option in _OPTIONS:
        if getattr(storage, option, False) is True:
            return f"{name} has {option}=True"
    if issubclass(kind, FileSystemStorage) and getattr(storage, "_allow_overwrite", False):
        return f"{name} has allow_overwrite=True"
    return f"{name}.get_available_name() returns names that are taken" if _keeps(kind) else ""


def _keeps(kind: type) -> bool:
    """Whether every `return` of this project's `get_available_name` gives back the name it got."""
    method: Any = kind.get_available_name  # type: ignore[attr-defined]
    if method.__module__.startswith("django."):
        return False
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(method)))
    except (OSError, TypeError, SyntaxError):
        return False
    parameters = [each.arg for each in tree.body[0].args.args]  # type: ignore[attr-defined]
    returned = [each.value for each in ast.walk(tree) if isinstance(each, ast.Return)]
    return bool(returned) and all(
        isinstance(value, ast.Name) and [value.id] == parameters[1:2] for value in returned
    )
