"""Which file a person means: by its name, its URL or its path."""

import os
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from django.core.files.storage import FileSystemStorage

from roots.doctor.project import Project
from roots.paths import is_inside
from roots.static import sources


class Subject(NamedTuple):
    """One reading of what was asked for: `storage` is None for a static file."""

    name: str
    storage: FileSystemStorage | None = None


def read(argument: str, project: Project, places: "list[Place]") -> list[Subject]:
    """Every file that `argument` may mean; a bare name may be one of either half.

    A path of this machine comes first, then a URL, then a name. Raises ValueError for what begins
    as a URL and is none.
    """
    path = os.path.abspath(argument)
    if os.path.lexists(path) and (found := list(_byurl_path(path, places))):
        return found
    url = urlsplit(argument)
    if url.scheme in {"http", "https"} or argument.startswith("/"):
        return list(_by_url(unquote(url.path), places))
    name = os.path.normpath(argument).replace(os.sep, "/")
    wanted = [Subject(name)] if project.has_staticfiles else []
    return wanted + [Subject(name, place.storage) for place in places if place.storage]


class Place(NamedTuple):
    """A directory that files lie in: what is put in front of their paths for a name, and the
    prefix of their URLs; "" where no URL leads there."""

    directory: str
    prefix: str = ""
    url: str = ""
    storage: FileSystemStorage | None = None


def places(project: Project) -> list[Place]:
    """Where this project's files lie: both roots, every storage on this disk, every source."""
    static_url = url_path(project.settings.get("STATIC_URL"))
    found = [Place(project.static_root, "", static_url)] if project.static_root else []
    storages = {storage.location: storage for storage in project.local_storages}
    found += [
        Place(os.path.abspath(location), "", url_path(storage.base_url), storage)
        for location, storage in storages.items()
    ]
    if project.has_staticfiles:
        found += [Place(directory, prefix, static_url) for directory, prefix in _sources()]
    return found


def _byurl_path(path: str, places: list[Place]) -> Iterator[Subject]:
    real = os.path.realpath(path)
    inside = [place for place in places if is_inside(real, os.path.realpath(place.directory))]
    for place in sorted(inside, key=lambda place: -len(place.directory))[:1]:
        relative = os.path.relpath(real, os.path.realpath(place.directory))
        yield Subject(os.path.join(place.prefix, relative).replace(os.sep, "/"), place.storage)


def _by_url(path: str, places: list[Place]) -> Iterator[Subject]:
    for place in sorted(places, key=lambda place: -len(place.url)):
        if place.url and path.startswith(place.url):
            yield Subject(path.removeprefix(place.url), place.storage)
            return


def url_path(url: object) -> str:
    """The path of a URL setting as browsers ask for it; "" where there is none."""
    path = urlsplit(str(url or "")).path
    return path if path.startswith("/") else f"/{path}" if path else ""


def _sources() -> Iterator[tuple[str, str]]:
    for storage in sources.storages():
        yield str(storage.location), getattr(storage, "prefix", None) or ""
