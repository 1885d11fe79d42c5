"""Static files as Django's finders offer them."""

import contextlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from django.apps import apps
from django.contrib.staticfiles.finders import get_finders
from django.core.files.storage import FileSystemStorage, Storage

from roots.errors import BuildError
from roots.paths import is_inside
from roots.static.source import Source


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A source that is not collected, because a finder before its own has the same name."""

    kept: Source
    skipped: Source


@dataclass(frozen=True, slots=True)
class Discovery:
    """What the finders offer: sources by logical name, and those that lost to an earlier finder."""

    sources: Mapping[str, Source]
    duplicates: tuple[Duplicate, ...]


def discover(ignore_patterns: Sequence[str]) -> Discovery:
    """Every static file of this project but those matching `ignore_patterns`, first finder first.

    Raises BuildError for a symbolic link that leads back to a directory above it.
    """
    sources: dict[str, Source] = {}
    duplicates = []
    for source in _unlooped(_offered(ignore_patterns)):
        kept = sources.setdefault(source.name, source)
        if kept is not source and kept.local_path != source.local_path:
            duplicates.append(Duplicate(kept, source))
    return Discovery(sources, tuple(duplicates))


def directories() -> list[str]:
    """The directories on this machine's disk that the finders look through."""
    return [str(each.location) for each in storages()]


def storages() -> list[FileSystemStorage]:
    """The same as storages; what they hold is collected below their `prefix`, if they have one."""
    found = [s for finder in get_finders() for s in getattr(finder, "storages", {}).values()]
    return [each for each in found if isinstance(each, FileSystemStorage)]


def ignored() -> Sequence[str]:
    """The patterns for which `collectstatic` leaves files out unasked."""
    patterns: Sequence[str] = getattr(apps.get_app_config("staticfiles"), "ignore_patterns", ())
    return patterns


def of_paths(paths: Mapping[str, tuple[Storage, str]]) -> dict[str, Source]:
    """Sources from the mapping Django gives to a storage's `post_process`."""
    found = (_source(name, path, storage) for name, (storage, path) in paths.items())
    return {source.name: source for source in found}


def _offered(ignore_patterns: Sequence[str]) -> Iterator[Source]:
    for finder in get_finders():
        try:
            for path, storage in finder.list(list(ignore_patterns)):
                prefix = getattr(storage, "prefix", None)
                yield _source(os.path.join(prefix, path) if prefix else path, path, storage)
        except OSError as error:
            raise BuildError(
                f"This cannot be listed ({error.strerror or error}). Repair or remove it.",
                path=str(error.filename or finder.__class__.__name__),
            ) from error


def _source(name: str, path: str, storage: Storage) -> Source:
    is_plain = _is_plain(storage)
    local_path = _local_path(storage, path, is_plain=is_plain)
    return Source(name.replace(os.sep, "/"), path, storage, local_path, is_plain)


def _local_path(storage: Storage, path: str, *, is_plain: bool) -> str | None:
    if is_plain:
        return os.path.join(cast(FileSystemStorage, storage).location, path)
    with contextlib.suppress(NotImplementedError):
        local_path = storage.path(path)
        if os.path.lexists(local_path):  # a storage in memory has paths too
            return local_path
    return None


def _is_plain(storage: Storage) -> bool:
    """Whether opening and finding a file means just that: nothing Django does is overridden."""
    kind = storage.__class__  # of what a lazy object like DefaultStorage stands for
    if kind is FileSystemStorage:
        return True
    return issubclass(kind, FileSystemStorage) and all(
        getattr(kind, method) is getattr(FileSystemStorage, method)
        for method in ("open", "_open", "path")
    )


def _unlooped(sources: Iterable[Source]) -> Iterator[Source]:
    """`sources`, stopped at the first below a link to a directory above itself.

    Django's walk goes around such a link some forty times, around two of them for ever.
    """
    checked: set[str] = set()
    for source in sources:
        if source.local_path is not None:
            top = getattr(source.storage, "location", os.sep)
            _refuse_loop(os.path.dirname(source.local_path), top, checked)
        yield source


def _refuse_loop(directory: str, top: str, checked: set[str]) -> None:
    while directory not in checked and len(directory) > len(top):
        checked.add(directory)
        parent = os.path.dirname(directory)
        if os.path.islink(directory) and is_inside(
            os.path.realpath(parent), os.path.realpath(directory)
        ):
            raise BuildError(
                f"This symbolic link leads to a directory above itself ({os.readlink(directory)!r})"
                ". Remove it, or leave it out with --ignore.",
                path=directory,
            )
        directory = parent
