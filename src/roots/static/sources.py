"""Static files as Django's finders offer them."""

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, TypeVar, cast

from django.contrib.staticfiles.finders import get_finders
from django.core.files.storage import FileSystemStorage, Storage

from roots.errors import BuildError
from roots.paths import is_inside
from roots.static.memory import Look

_PACKAGE_DIRECTORIES = {"site-packages", "dist-packages", "node_modules"}
_ATTEMPTS = 2
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Source:
    """One file of a finder: `name` is its logical name, `path` what `storage` calls it.

    `local_path` is where it is on this machine's disk; None where its storage is elsewhere.
    """

    name: str
    path: str
    storage: Storage
    local_path: str | None

    @property
    def is_packaged(self) -> bool:
        """Whether it came with an installed package, so that its author is not this project's."""
        return not _PACKAGE_DIRECTORIES.isdisjoint(PurePath(self.local_path or "").parts)

    @property
    def origin(self) -> str:
        """Where the file is, for people."""
        return self.local_path or f"{self.path} in {self.storage.__class__.__name__}"

    def look(self) -> Look | None:
        """What one look at the file tells; None where it is not on this disk, or not to be seen."""
        if self.local_path is None or not _is_plain(self.storage):
            return None
        try:
            found = os.stat(self.local_path)
        except OSError:
            return None
        return Look(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)

    def read(self, reader: Callable[[IO[bytes]], _Result]) -> _Result:
        """What `reader` makes of the open file; asked again if the file changed meanwhile.

        Raises BuildError where the file cannot be read or keeps changing.
        """
        for _ in range(_ATTEMPTS):
            with self._opened() as stream:
                before = _state(stream)
                result = reader(stream)
                if _state(stream) == before:
                    return result
        raise self.changed()

    def changed(self) -> BuildError:
        """The error for a file that is not the same at two looks."""
        return BuildError(
            "This file changed while it was collected. Let whatever writes it finish, then run "
            "collectstatic again.",
            path=self.origin,
        )

    @contextlib.contextmanager
    def _opened(self) -> Iterator[IO[bytes]]:
        try:
            stream = self._open()
        except OSError as error:
            raise self._unreadable(error) from error
        with stream:
            yield stream

    def _open(self) -> IO[bytes]:
        if self.local_path is not None and _is_plain(self.storage):
            return open(self.local_path, "rb")
        return cast(IO[bytes], self.storage.open(self.path, "rb"))

    def _unreadable(self, error: OSError) -> BuildError:
        if self.local_path and os.path.islink(self.local_path):
            problem = f"This symbolic link leads nowhere (it says {os.readlink(self.local_path)!r})"
        else:
            problem = f"This file cannot be read ({error.strerror or error})"
        return BuildError(f"{problem}. Repair it, or leave it out with --ignore.", path=self.origin)


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
    storages = [s for finder in get_finders() for s in getattr(finder, "storages", {}).values()]
    return [str(each.location) for each in storages if isinstance(each, FileSystemStorage)]


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
    return Source(name.replace(os.sep, "/"), path, storage, _local_path(storage, path))


def _local_path(storage: Storage, path: str) -> str | None:
    if _is_plain(storage):
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


def _state(stream: IO[bytes]) -> tuple[int, int] | None:
    try:
        facts = os.fstat(stream.fileno())
    except (OSError, AttributeError):  # in memory, or behind a network
        return None
    return facts.st_size, facts.st_mtime_ns
