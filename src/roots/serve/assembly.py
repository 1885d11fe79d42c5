"""From a project's settings to the roots it serves: the one place here that reads settings."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings

from roots.conf import configuration
from roots.errors import ConfigError
from roots.media.catalog import MediaCatalog
from roots.paths import is_inside
from roots.serve.core import Root
from roots.serve.headers import media_policy, static_policy
from roots.static.catalog import StaticCatalog


def assemble() -> tuple[Root, ...]:
    """The roots this project serves. No file is touched: they are found when asked for.

    A root whose `*_ROOT` is unset is not served. Raises ConfigError where the two roots overlap, on
    disk or in URLs, or where a root would swallow every URL.
    """
    roots = tuple(root for root in (_static(), _media()) if root is not None)
    if len(roots) == 2:
        _keep_apart(*roots)
    return roots


def _static() -> Root | None:
    if not (settings.STATIC_ROOT and configuration().serve_static):
        return None
    directory = os.path.abspath(settings.STATIC_ROOT)
    policy = static_policy(configuration().logical_max_age_s)
    return Root(
        _prefix("STATIC_URL"), directory, StaticCatalog(Path(directory)), policy, is_held=True
    )


def _media() -> Root | None:
    if not (settings.MEDIA_ROOT and configuration().serve_media):
        return None
    directory = os.path.abspath(settings.MEDIA_ROOT)
    return Root(_prefix("MEDIA_URL"), directory, MediaCatalog(), media_policy())


def _prefix(setting: str) -> str:
    """The path of a URL setting; a CDN's host does not matter, it asks for the same path."""
    url = getattr(settings, setting) or ""
    prefix = unquote(urlsplit(url).path)
    if prefix.strip("/") and prefix.endswith("/"):
        return prefix
    raise ConfigError(
        f"{setting} must be a URL with a path of its own that ends with a slash, as "
        f"'/{setting.partition('_')[0].lower()}/', but is {url!r}: it would take every URL of the "
        f"site. Set {setting}, or say ROOTS = {{'SERVE_{setting.partition('_')[0]}': False}}."
    )


def _keep_apart(static: Root, media: Root) -> None:
    """Static is not media: a browser trusts one and not the other (DESIGN: two roots)."""
    for one, other in ((static, media), (media, static)):
        if is_inside(os.path.realpath(one.directory), os.path.realpath(other.directory)):
            raise ConfigError(
                f"STATIC_ROOT ({static.directory}) and MEDIA_ROOT ({media.directory}) must be two "
                "directories, neither inside the other: collectstatic would publish or clear what "
                "users uploaded. Move one of them."
            )
        if one.prefix.startswith(other.prefix):
            raise ConfigError(
                f"STATIC_URL ({static.prefix}) and MEDIA_URL ({media.prefix}) must be two "
                "prefixes, neither inside the other: one root would answer for both. Change "
                "one of them."
            )
