"""Roots that not everybody may read: made from storages whose access is not public."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from django.conf import settings

from roots.boundaries import require_private
from roots.conf import configuration
from roots.errors import ConfigError
from roots.media.catalog import MediaCatalog
from roots.media.storages import label
from roots.paths import is_servable
from roots.serve.core import Root
from roots.serve.header_rules import HeaderRules
from roots.serve.headers import signed_policy

if TYPE_CHECKING:
    from roots.media.storage import MediaStorage


def signed_roots(storages: Iterable["MediaStorage"], rules: HeaderRules) -> Iterator[Root]:
    """Those of `storages` that the layer answers for by itself; the others ask a view."""
    policy = signed_policy(rules)
    for storage in storages:
        if storage.access.kind == "signed":
            yield Root(
                prefix_of(storage),
                str(storage.location),
                MediaCatalog(),
                policy,
                gate=storage.links,
                proxy=configuration().offload,
            )


def prefix_of(storage: "MediaStorage") -> str:
    """The decoded URL path that the files of `storage` are below. Raises ConfigError."""
    prefix = unquote(urlsplit(storage.base_url).path)
    if prefix.startswith("/") and is_servable(prefix[1:-1]):
        return prefix
    raise ConfigError(
        f"base_url of {label(storage)} must be a URL whose path is a prefix of its own, as "
        f"'/private/', but is {storage.base_url!r}."
    )


def require_own_directories(storages: list["MediaStorage"]) -> None:
    """Raise ConfigError where one of `storages` shares files with a public root or another one."""
    public = {name: getattr(settings, name) for name in ("STATIC_ROOT", "MEDIA_ROOT")}
    for number, storage in enumerate(storages):
        others = {label(other): str(other.location) for other in storages[:number]}
        for name, directory in (*public.items(), *others.items()):
            if directory:
                require_private(label(storage), str(storage.location), name, directory)
