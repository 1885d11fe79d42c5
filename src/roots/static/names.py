"""From a URL inside a file to the logical name it means, and back to a URL with another file name.

Stored names themselves follow `roots.fingerprint`.
"""

import posixpath
import re
from collections.abc import Container
from urllib.parse import quote, unquote

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
URL_LIKE = re.compile(r"\.{0,2}/|[a-zA-Z][a-zA-Z0-9+.-]*:")
"""Begins a specifier that is a URL, not a bare one."""
_NOT_FILES = ("", ".", "..")
_TRIMMED = "".join(map(chr, range(0x21)))


def target(referrer: str, url: str, static_url: str) -> str | None:
    """The logical name that `url`, found in the file `referrer`, means.

    None where it is not a file of this root: another site, `data:`, a fragment, a directory, a path
    from the site's root that is not below `static_url`. A name that starts with `../` lies outside.

    >>> target("css/app.css", "../img/a%20b.png?v=1#x", "/static/")
    'img/a b.png'
    >>> target("css/app.css", "/static/img/c.png", "/static/"), target("a.css", "#x", "/static/")
    ('img/c.png', None)
    """
    path = path_of(url.strip(_TRIMMED))
    if path.startswith("//"):
        return None
    if path.startswith(static_url):
        return _normal(path.removeprefix(static_url))
    if path.startswith("/") or _SCHEME.match(path):
        return None
    return _normal(posixpath.join(posixpath.dirname(referrer), path)) if path else None


def meant(name: str, known: Container[str]) -> str | None:
    """Which of the logical names `known` a template means by `name`; None where it is none of them.

    As it stands; or else without query and fragment; or else percent-decoded as well.

    >>> meant("a%20b.svg?v=2#x", {"a b.svg"}), meant("a#1.svg", {"a#1.svg"}), meant("a", {"b"})
    ('a b.svg', 'a#1.svg', None)
    """
    path = path_of(name)
    return next((each for each in (name, path, unquote(path).strip()) if each in known), None)


def is_inline(url: str) -> bool:
    """Whether `url` leads to no file at all, wherever it stands: a `data:` URL or a fragment.

    >>> is_inline("data:image/png;base64,iVBORw0KGgo="), is_inline("#x"), is_inline("a.png#x")
    (True, True, False)
    """
    start = url[: len("data:") + len(_TRIMMED)].lstrip(_TRIMMED)
    return not start or start[0] == "#" or start[:5].lower() == "data:"


def renamed(url: str, stored_name: str) -> str:
    """`url` with the file name of `stored_name`; its directory, query and fragment as written.

    >>> renamed("../fonts/a.eot?#iefix", "fonts/a.3f2a91c0d4e7.eot")
    '../fonts/a.3f2a91c0d4e7.eot?#iefix'
    """
    url = url.strip(_TRIMMED)
    path = path_of(url)
    directory = path[: path.rfind("/") + 1]
    return directory + quoted(posixpath.basename(stored_name)) + url[len(path) :]


def quoted(name: str) -> str:
    """`name` percent-encoded as Django encodes static URLs.

    >>> quoted("img/a b#1.png")
    'img/a%20b%231.png'
    """
    return quote(name, safe="/~!*()'")


def path_of(url: str) -> str:
    """`url` without query and fragment."""
    return re.split("[?#]", url, maxsplit=1)[0]


def _normal(path: str) -> str | None:
    path = unquote(path)
    if path.rpartition("/")[2] in _NOT_FILES:
        return None
    return posixpath.normpath(path).lstrip("/")
