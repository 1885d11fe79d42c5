"""Letting a proxy send what a view handed over: how each one is told which file.

nginx and lighttpd decode what they are told, Caddy and Apache (mod_xsendfile 0.12, which is what
distributions have) take it as it is. Every escaping that differs from this has lost somebody a
class of names: django-sendfile#26, #35, #45, django-sendfile2#35.
"""

import re
from os import fsencode
from urllib.parse import quote

from roots import digests

PROXIES = ("nginx", "caddy", "apache", "lighttpd")
"""Proxies that can be told."""

_UNSPEAKABLE = re.compile(r"[\x00-\x1f\x7f]")


def header(proxy: str, directory: str, name: str) -> tuple[str, str] | None:
    """The response header that makes `proxy` send the file `name` of the absolute `directory`.

    None where it cannot be told: only nginx takes a name with a line break.

    >>> header("nginx", "/srv/private", "1 größe?.pdf")
    ('X-Accel-Redirect', '/.roots/bb8b7dccd74a/1%20gr%C3%B6%C3%9Fe%3F.pdf')
    >>> header("lighttpd", "/srv/private", "100%.pdf")
    ('X-Sendfile', '/srv/private/100%25.pdf')
    >>> header("apache", "/srv/private", "100%.pdf")
    ('X-Sendfile', '/srv/private/100%.pdf')
    """
    if proxy == "nginx":
        return "X-Accel-Redirect", location(directory) + _encoded(name)
    path = f"{directory.rstrip('/')}/{name}"
    if _UNSPEAKABLE.search(path):
        return None
    # Headers carry bytes; a str of them is one of latin-1.
    raw = fsencode(path).decode("latin-1")
    return "X-Sendfile", _encoded(path) if proxy == "lighttpd" else raw


def location(directory: str) -> str:
    """The URL prefix that stands for `directory` inside nginx, the same on every host.

    >>> location("/srv/private")
    '/.roots/bb8b7dccd74a/'
    """
    return f"/.roots/{digests.of_bytes(fsencode(directory))[:12]}/"


def _encoded(path: str) -> str:
    return quote(fsencode(path), safe="/")
