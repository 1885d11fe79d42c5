"""Static files straight from their sources, while they are being written: `DEBUG = True`."""

import difflib
import os
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from django.contrib.staticfiles.finders import BaseFinder, get_finders
from django.core.files.storage import FileSystemStorage

from roots import mediatypes
from roots.errors import BuildError
from roots.serve.catalog import Entry, Representation
from roots.static.sources import discover, ignored


class SourceCatalog:
    """Implements `roots.serve.catalog.Catalog` for what `collectstatic` would collect.

    A symbolic link in a source may lead anywhere, since `collectstatic` would publish what it leads
    to. What a URL says never leads out of a source.
    """

    def find(self, name: str) -> Entry | None:
        """The entry for the first finder's file `name`; None where `collectstatic` finds none."""
        path = None if _ignoring(name) else next(_found(name), None)
        if path is None:
            return None
        directory, _, base = os.path.realpath(path).rpartition(os.sep)
        return Entry(
            (Representation(base),),
            mediatypes.guess(name),
            filename=name.rpartition("/")[2],
            is_immutable=False,
            logical=name,
            directory=directory or os.sep,
        )

    def explain(self, name: str) -> str:
        """Who looked where for `name`, and which name comes next to it."""
        if pattern := _ignoring(name):
            return f"collectstatic leaves out every {pattern!r}, so this is served nowhere.\n"
        looked = "".join(f"  {place}\n" for finder in get_finders() for place in _places(finder))
        nearest = difflib.get_close_matches(name, _offered(), n=1)
        hint = f" Did you mean {nearest[0]!r}?" if nearest else ""
        return f"No source of static files has {name!r}.{hint} These were looked through:\n{looked}"


def _found(name: str) -> Iterator[str]:
    for finder in get_finders():
        found = finder.find(name)
        if isinstance(found, str | os.PathLike) and os.path.isfile(found):
            yield os.fspath(found)


def _ignoring(name: str) -> str | None:
    """The pattern for which `collectstatic` leaves `name` out; None where it does not."""
    parts = name.split("/")
    return next((p for p in ignored() if any(fnmatchcase(part, p) for part in parts)), None)


def _offered() -> Iterable[str]:
    try:
        return discover(ignored()).sources
    except BuildError:  # collectstatic says it, with what to do
        return ()


def _places(finder: BaseFinder) -> Iterator[str]:
    kind = finder.__class__.__name__
    storages = getattr(finder, "storages", {}).values()
    for storage in storages:
        if isinstance(storage, FileSystemStorage):
            prefix = getattr(storage, "prefix", None)
            yield f"{kind}: {storage.location}" + (f" (as {prefix}/…)" if prefix else "")
    if not storages:
        yield kind
