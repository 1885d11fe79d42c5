"""The modules of the current release, as pages need them: what the tags are made of."""

import re
from collections.abc import Iterable

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage

from roots.conf import configuration
from roots.static import live, names
from roots.static.importmap import ImportMap
from roots.static.manifest import Manifest
from roots.static.modules import Asset, Modules
from roots.static.storage import StaticStorage

_URL_LIKE = re.compile(r"/|[a-zA-Z][a-zA-Z0-9+.-]*:")


def importmap(*entries: str, integrity: bool = False) -> ImportMap:
    """The import map of pages that load `entries`, logical names or bare ones; none for any page.

    With `DEBUG`, or without a release, it leads bare names to logical URLs, and nothing else is
    needed. An entry the release does not have is treated as `ROOTS["MISSING_ENTRIES"]` says.
    """
    modules = _modules()
    if modules is None:
        bare = configuration().import_map
        return ImportMap({name: _logical_url(target) for name, target in bare})
    wanted = _known(modules, entries) if entries else None
    return modules.importmap(wanted, is_integral=integrity)


def preloads(*entries: str) -> list[Asset]:
    """`entries` and all they import before they run. With `DEBUG` nothing is known of imports."""
    modules = _modules()
    if modules is None:
        return [Asset(staticfiles_storage.url(entry), "") for entry in entries]
    return modules.preloads(_known(modules, entries))


def asset(name: str) -> Asset:
    """The URL of `name` as `{% static %}` gives it, and the integrity recorded of its bytes."""
    url, release = staticfiles_storage.url(name), _release()
    if release is None:
        return Asset(url, "")
    logical = names.meant(name, release.paths)
    record = release.files.get(release.paths[logical]) if logical else None
    return Asset(url, record.integrity if record else "")


def _known(modules: Modules, entries: Iterable[str]) -> tuple[str, ...]:
    return tuple(entry for entry in entries if modules.has(entry) or _tell_missing(entry))


def _tell_missing(entry: str) -> bool:
    staticfiles_storage.url(entry)  # raises or logs, as the project wants it
    return False


def _modules() -> Modules | None:
    global _latest
    release = _release()
    if release is None:
        return None
    static_url, bare = staticfiles_storage.url(""), dict(configuration().import_map)
    latest = _latest
    if latest is None or latest.release is not release or not latest.suits(static_url, bare):
        _latest = latest = Modules(release, static_url, bare)
    return latest


def _release() -> Manifest | None:
    storage: object = staticfiles_storage
    if settings.DEBUG or not isinstance(storage, StaticStorage) or not storage.location:
        return None
    return live.releases(storage.root).current


def _logical_url(target: str) -> str:
    return target if _URL_LIKE.match(target) else staticfiles_storage.url(target)


_latest: Modules | None = None
