"""From a project's settings to what a proxy has to know."""

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages

from roots.conf import configuration
from roots.media.storages import of_fields
from roots.serve.assembly import assemble, rules_for
from roots.serve.bodies import refusal as bodies
from roots.serve.headers import HeaderPolicy, media_policy, static_policy
from roots.serve.proxies.site import PublicRoot, Site


def site(proxy: str, *, server_name: str, listen: str, upstream: str) -> Site:
    """This project as `proxy` in front of it has to see it, with the policies of production.

    Raises ConfigError where the settings contradict each other.
    """
    wanted = configuration()
    static = static_policy(wanted.logical_max_age_s, rules_for("static"))
    prefixes: dict[bool, list[str]] = {False: [], True: []}
    roots = assemble()
    for root in roots:
        if root.gate is None:  # else only the layer can tell who may read it
            prefixes[root.policy.is_untrusted].append(root.prefix)
    return Site(
        server_name=server_name,
        listen=listen,
        upstream=upstream,
        static=_public(prefixes[False], settings.STATIC_ROOT, static),
        media=_public(prefixes[True], settings.MEDIA_ROOT, media_policy(rules_for("media"))),
        offloaded=tuple(sorted(set(_local_directories()))) if wanted.offload == proxy else (),
        max_body_bytes=_largest_body(),
        hashed_names=wanted.hashed_names,
        media_name=urlsplit(wanted.media_origin).hostname if wanted.media_origin else None,
        signed=tuple(root.prefix for root in roots if root.gate is not None),
    )


def headers_by_hand() -> Iterator[str]:
    """ROOTS["HEADERS"] that no configuration made here has: those of some files of a root only."""
    for root, patterns in configuration().headers:
        for pattern, headers in patterns:
            if root != "private" and pattern != "*":
                for name, value in headers:
                    yield f"{root}, {pattern}: {name}: {value or 'taken away'}"


def _public(
    prefixes: list[str], directory: str | os.PathLike[str] | None, policy: HeaderPolicy
) -> PublicRoot | None:
    if not (prefixes and directory):
        return None
    return PublicRoot(tuple(prefixes), os.path.abspath(directory), policy)


def _local_directories() -> Iterator[str]:
    """Where the storages of STORAGES and of every FileField keep their files."""
    of_settings = (storages[alias] for alias in settings.STORAGES if alias != "staticfiles")
    for storage in (*of_settings, *of_fields()):
        if isinstance(storage, FileSystemStorage) and storage.base_location:
            yield os.path.abspath(storage.location)


def _largest_body() -> int | None:
    """Bytes that the most generous path takes; which path takes how many the layer knows."""
    limits = bodies.limits()
    most = [most for _, most in limits.by_prefix]
    if limits.of("/") is None or None in most:
        return None
    return max(each for each in most if each is not None)
