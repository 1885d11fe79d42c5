"""From a project's settings to the roots it serves."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from django.apps import apps
from django.conf import settings

from roots.boundaries import require_two_roots
from roots.conf import Headers, configuration
from roots.errors import ConfigError
from roots.media.catalog import MediaCatalog
from roots.media.storages import is_media, label
from roots.media.storages import private as private_storages
from roots.paths import is_servable
from roots.serve import header_rules
from roots.serve.core import Root
from roots.serve.header_rules import HeaderRules
from roots.serve.headers import HeaderPolicy, development_policy, media_policy, static_policy
from roots.serve.origins import MediaOrigin
from roots.serve.private import prefix_of, require_own_directories, signed_roots
from roots.static.catalog import StaticCatalog
from roots.static.source_catalog import SourceCatalog

if TYPE_CHECKING:
    from roots.media.storage import MediaStorage

Rules = Mapping[str, HeaderRules]


def assemble() -> tuple[Root, ...]:
    """The roots this project serves. No file is touched: they are found when asked for.

    With DEBUG, static files come straight from their sources, and no browser keeps a file unasked.
    A root whose `*_ROOT` is unset is not served; one with signed links always is. Raises
    ConfigError where two roots overlap, on disk or in URLs, or where a root would swallow every
    URL.
    """
    if settings.STATIC_ROOT and settings.MEDIA_ROOT:
        require_two_roots(settings.STATIC_ROOT, settings.MEDIA_ROOT)
    _require_links_to_origin()
    private = private_storages()
    public = require_apart(private)
    roots = (*public, *signed_roots(private, rules_for("private")))
    return (*roots, *_behind_script_name(roots))


def require_apart(private: list["MediaStorage"]) -> tuple[Root, ...]:
    """The roots that everybody may read. Raises ConfigError where one of them overlaps another or
    one of `private`, or two of those overlap, on disk or in URLs."""
    require_own_directories(private)
    public = {"STATIC_URL": _static(), "MEDIA_URL": _media()}
    found = {name: root for name, root in public.items() if root is not None}
    prefixes = {name: root.prefix for name, root in found.items()}
    _keep_urls_apart(prefixes | {f"base_url of {label(each)}": prefix_of(each) for each in private})
    return tuple(found.values())


def media_origin(roots: Iterable[Root]) -> MediaOrigin | None:
    """The origin that those of `roots` which hold users' files are answered on; None for any."""
    origin = configuration().media_origin
    if origin is None:
        return None
    prefixes = [root.prefix for root in roots if root.policy.is_untrusted]
    return MediaOrigin(origin, prefixes, trusts_forwarded=settings.USE_X_FORWARDED_HOST)


def _require_links_to_origin() -> None:
    """Only MediaStorage puts the origin in front of MEDIA_URL."""
    origin, url = configuration().media_origin, urlsplit(settings.MEDIA_URL)
    if origin and not url.netloc and not is_media("default"):
        raise ConfigError(
            f"ROOTS['MEDIA_ORIGIN'] is {origin!r}, but STORAGES['default'] would link to where its "
            f"files are not: MEDIA_URL is {settings.MEDIA_URL!r}. Say "
            f"MEDIA_URL = {origin + url.path!r}, or use roots.media.storage.MediaStorage."
        )


def _static() -> Root | None:
    if not configuration().serve_static:
        return None
    policy = static_policy(configuration().logical_max_age_s, rules_for("static"))
    if settings.DEBUG and apps.is_installed("django.contrib.staticfiles"):
        return _sources(development_policy(policy))
    if not settings.STATIC_ROOT:
        return None
    directory = os.path.abspath(settings.STATIC_ROOT)
    return Root(
        _prefix("STATIC_URL"), directory, StaticCatalog(Path(directory)), policy, is_held=True
    )


def _sources(policy: HeaderPolicy) -> Root:
    catalog = SourceCatalog()
    return Root(_prefix("STATIC_URL"), "", catalog, policy, explain=catalog.explain)


def _media() -> Root | None:
    if not (settings.MEDIA_ROOT and configuration().serve_media):
        return None
    directory = os.path.abspath(settings.MEDIA_ROOT)
    policy = media_policy(rules_for("media"))
    if settings.DEBUG:
        policy = development_policy(policy)
    return Root(_prefix("MEDIA_URL"), directory, MediaCatalog(), policy)


def rules_for(root: str) -> HeaderRules:
    """The project's own headers for `root`: "static", "media" or "private".

    Raises ConfigError where any rule is wrong, of this root or another.
    """
    return _rules(configuration().headers).get(root, header_rules.NO_RULES)


@lru_cache(maxsize=1)
def _rules(setting: tuple[tuple[str, tuple[tuple[str, Headers], ...]], ...]) -> Rules:
    return {
        root: header_rules.read(root, {pattern: dict(headers) for pattern, headers in patterns})
        for root, patterns in setting
    }


def _prefix(setting: str) -> str:
    """The path of a URL setting; a CDN's host does not matter, it asks for the same path."""
    url = getattr(settings, setting) or ""
    prefix = unquote(urlsplit(url).path)
    if prefix.startswith("/") and prefix.endswith("/") and is_servable(prefix[1:-1]):
        return prefix
    name = setting.partition("_")[0]
    raise ConfigError(
        f"{setting} must be a URL whose path is a prefix of its own and ends with a slash, as "
        f"'/{name.lower()}/' or 'https://cdn.example.com/{name.lower()}/', but is {url!r}. Set it, "
        f"or leave that root to somebody else: ROOTS = {{'SERVE_{name}': False}}."
    )


def _behind_script_name(roots: Iterable[Root]) -> Iterator[Root]:
    for root in roots:
        for prefix in spellings(root.prefix)[1:]:
            yield replace(root, prefix=prefix)


def spellings(prefix: str) -> tuple[str, ...]:
    """`prefix`, and where there is one its other spelling: with FORCE_SCRIPT_NAME a relative URL
    setting may or may not have it in front already, and the proxy may or may not cut it off."""
    mount = (settings.FORCE_SCRIPT_NAME or "").rstrip("/")
    if not mount:
        return (prefix,)
    is_mounted = prefix.startswith(mount + "/")
    other = prefix[len(mount) :] if is_mounted else mount + prefix
    return (prefix, other) if other != "/" else (prefix,)


def _keep_urls_apart(prefixes: Mapping[str, str]) -> None:
    for (name, one), (other_name, other) in combinations(prefixes.items(), 2):
        if one.startswith(other) or other.startswith(one):
            raise ConfigError(
                f"{name} ({one}) and {other_name} ({other}) must be two prefixes, neither inside "
                "the other: one root would answer for both. Change one of them."
            )
