"""The directories static files come from, as the finders see them."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.staticfiles.finders import AppDirectoriesFinder, FileSystemFinder, get_finder
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage
from django.utils.module_loading import import_string

from roots.doctor.evidence.settings import Settings

LISTED = "STATICFILES_DIRS"


@dataclass(frozen=True, slots=True)
class SourceDirectory:
    """A directory whose files are collected below `prefix` ("" for none).

    `owner` is who names it: STATICFILES_DIRS, the dotted name of an app, or a finder's class.
    """

    path: str
    owner: str
    prefix: str = ""
    is_of_app: bool = False

    @property
    def is_listed(self) -> bool:
        """Whether it is an entry of STATICFILES_DIRS."""
        return self.owner == LISTED

    @property
    def label(self) -> str:
        """As people name it."""
        if self.is_listed:
            return f"STATICFILES_DIRS ({self.path})"
        return f"{self.path} (of {self.owner})"


def directories(settings: Settings) -> tuple[SourceDirectory, ...]:
    """Every directory on this machine's disk that a finder looks through, there or not, in the
    order in which they win; a finder that cannot be made has none."""
    found: list[SourceDirectory] = []
    for path in settings.get("STATICFILES_FINDERS") or ():
        try:
            kind = import_string(path)
            found += _listed(settings) if _is(kind, FileSystemFinder) else _offered(path, kind)
        except (ImportError, ImproperlyConfigured):  # Django says it at its first use
            continue
    return tuple(found)


def misshapen(settings: Settings) -> Iterator[str]:
    """What in STATICFILES_DIRS no finder can take, each as a sentence. Django's takes a text for a
    list of letters, and so the first of "/srv/shop/static" for the whole disk."""
    said = settings.get(LISTED)
    if not isinstance(said, list | tuple):
        yield f"{LISTED} is {said!r}, which is no list."
        return
    for entry in said:
        if _pair(entry) is None:
            yield (
                f"{LISTED} has {entry!r}, which is neither a directory nor a pair of a prefix and "
                "a directory."
            )


def holds_files(directory: str) -> bool:
    """Whether there is a file below `directory`, but for hidden ones; stops at the first."""
    for _, folders, files in os.walk(directory):
        folders[:] = [name for name in folders if not name.startswith(".")]
        if any(not name.startswith(".") for name in files):
            return True
    return False


def _is(kind: object, base: type) -> bool:
    return isinstance(kind, type) and issubclass(kind, base)


def _listed(settings: Settings) -> Iterator[SourceDirectory]:
    """STATICFILES_DIRS as it was written, without what is `misshapen`."""
    entries = settings.get("STATICFILES_DIRS")
    for entry in entries if isinstance(entries, list | tuple) else ():
        if pair := _pair(entry):
            yield SourceDirectory(os.path.abspath(pair[1]), LISTED, pair[0])


def _pair(entry: object) -> tuple[str, str] | None:
    """The prefix and the path of an entry; None where it is no such thing."""
    pair = entry if isinstance(entry, list | tuple) else ("", entry)
    if len(pair) == 2 and isinstance(pair[1], str | os.PathLike):
        return str(pair[0]), os.fspath(pair[1])
    return None


def _offered(path: str, kind: type) -> Iterator[SourceDirectory]:
    is_of_apps = _is(kind, AppDirectoriesFinder)
    for key, storage in getattr(get_finder(path), "storages", {}).items():
        if isinstance(storage, FileSystemStorage):
            owner = str(key) if is_of_apps else kind.__name__
            prefix = getattr(storage, "prefix", None) or ""
            yield SourceDirectory(str(storage.location), owner, prefix, is_of_apps)
