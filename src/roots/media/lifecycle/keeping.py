"""Files that stay whatever happens to their rows: `ROOTS["KEEP_FILES"]`."""

import difflib
from collections.abc import Iterator
from functools import cache

from django.apps import apps
from django.db.models.fields.files import FileField

from roots import conf
from roots.errors import ConfigError
from roots.media.origin import label


def require_known() -> None:
    """Raises ConfigError where KEEP_FILES names what there is not: a spelling mistake must not cost
    files. Leaves it to the check roots.E001 to say that ROOTS itself is wrong."""
    try:
        names = conf.configuration().keep_files
    except ConfigError:
        return
    _kept(names)


def is_kept(field: FileField) -> bool:
    """Whether the project keeps the files of `field`. Raises ConfigError as `require_known`."""
    names = conf.configuration().keep_files
    return bool(names) and label(field) in _kept(names)


@cache
def _kept(names: tuple[str, ...]) -> frozenset[str]:
    """The columns that are meant."""
    columns = list(_columns())
    found: set[str] = set()
    for name in names:
        meant = [each for each in columns if _is_meant(each.lower(), name.lower())]
        if not meant:
            raise ConfigError(_unknown(name, columns))
        found.update(meant)
    return frozenset(found)


def _is_meant(column: str, name: str) -> bool:
    return name in (column, column.rpartition(".")[0])


def _columns() -> Iterator[str]:
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_fields:
            if isinstance(field, FileField):
                yield label(field)


def _unknown(name: str, columns: list[str]) -> str:
    near = difflib.get_close_matches(name, columns, n=1, cutoff=0.5)
    meant = f"Did you mean {near[0]!r}? " if near else ""
    return (
        f"ROOTS['KEEP_FILES'] names {name!r}, which is neither a FileField or ImageField nor a "
        f"model with one of its own. {meant}There are: {', '.join(sorted(columns)) or 'none'}."
    )
