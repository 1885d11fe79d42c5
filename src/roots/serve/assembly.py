"""From a project's settings to the roots it serves."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.apps import apps
from django.conf import settings

from roots.boundaries import require_two_roots
from roots.conf import Headers, configuration
from roots.errors import ConfigError
from roots.media.catalog import MediaCatalog
from roots.paths import is_servable
from roots.serve import header_rules
from roots.serve.core import Root
from roots.serve.header_rules import HeaderRules
from roots.serve.headers import HeaderPolicy, development_policy, media_policy, static_policy
from roots.static.catalog import StaticCatalog
from roots.static.source_catalog import SourceCatalog

Rules = Mapping[str, HeaderRules]


def assemble() -> tuple[Root, ...]:
    """The roots this project serves. No file is touched: they are found when asked for.

    With DEBUG, static files come straight from their sources, and no browser keeps a file unasked.
    A root whose `*_ROOT` is unset is not served. Raises ConfigError where the two roots overlap, on
    disk or in URLs, or where a root would swallow every URL.
    """
    if settings.STATIC_ROOT and settings.MEDIA_ROOT:
        require_two_roots(settings.STATIC_ROOT, settings.MEDIA_ROOT)
    roots = tuple(root for root in (_static(), _media()) if root is not None)
    if len(roots) == 2:
        _keep_urls_apart(*roots)
    return (*roots, *_behind_script_name(roots))


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
    """With FORCE_SCRIPT_NAME a relative URL setting may or may not have it in front already, and
    the proxy may or may not cut it off: both spellings are answered."""
    mount = (settings.FORCE_SCRIPT_NAME or "").rstrip("/")
    if not mount:
        return
    for root in roots:
        is_mounted = root.prefix.startswith(mount + "/")
        prefix = root.prefix[len(mount) :] if is_mounted else mount + root.prefix
        if prefix != "/":
            yield replace(root, prefix=prefix)


def _keep_urls_apart(static: Root, media: Root) -> None:
    for one, other in ((static, media), (media, static)):
        if one.prefix.startswith(other.prefix):
            raise ConfigError(
                f"STATIC_URL ({static.prefix}) and MEDIA_URL ({media.prefix}) must be two "
                "prefixes, neither inside the other: one root would answer for both. Change "
                "one of them."
            )
