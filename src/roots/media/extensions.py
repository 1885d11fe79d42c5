"""The extension a stored file gets: the one its content says, so that serving can trust it."""

import re

from roots import fingerprint, mediatypes
from roots.media.content import formats
from roots.media.content.formats import Format

_EXTENSION = re.compile(r"\.[0-9A-Za-z]{1,16}\Z")
_OPEN = frozenset(
    {formats.PLAIN, formats.XML, formats.ZIP, formats.GZIP, formats.COMPOUND}
    | {formats.UNKNOWN_TYPE, "application/vnd.sqlite3"}
)
"""What many formats of other extensions are made of."""
_RUN_BY_SERVERS = frozenset(
    {"application/x-httpd-php", "application/x-server-script", "text/x-shellscript"}
)


def extension_of(name: str) -> str:
    """The extension of `name`, lower-case and with its dot; "" where it has none.

    >>> extension_of("a.tar.GZ"), extension_of("Mr. Smith"), extension_of("blob")
    ('.gz', '', '')
    """
    found = fingerprint.split_extension(name)[1].lower()
    return found if _EXTENSION.match(found) else ""


def agrees(extension: str, found: Format) -> bool:
    """Whether a file of the format `found` may be called so. No extension contradicts nothing, and
    one nobody claims may name a format that is made of text, XML, ZIP, …

    >>> jpeg, text = formats.of_type("image/jpeg"), formats.of_type("text/plain")
    >>> agrees(".jpeg", jpeg), agrees(".png", jpeg), agrees(".yaml", text), agrees(".yaml", jpeg)
    (True, False, True, False)
    """
    if not extension or extension in found.extensions:
        return True
    return found.content_type in _OPEN and formats.of_extension(extension) is None


def follow(name: str, found: Format) -> str:
    """`name` with an extension that agrees with `found`; what a web server would run is disarmed.

    >>> jpeg = formats.of_type("image/jpeg")
    >>> follow("a.JPG", jpeg), follow("a.png", jpeg), follow("blob", jpeg), follow("a.b", jpeg)
    ('a.JPG', 'a.jpg', 'blob.jpg', 'a.b.jpg')
    >>> follow("a.jfif", jpeg)
    'a.jpg'
    >>> follow("x.php", formats.of_type("application/x-httpd-php"))
    'x.php.txt'
    """
    extension = extension_of(name)
    if found.content_type in _RUN_BY_SERVERS:
        is_told = extension in found.extensions
        return f"{name}.txt" if is_told else _with(name, extension, ".txt")
    if agrees(extension, found):
        is_named = extension or found.content_type in _OPEN
        return _shown(name, found) if is_named else name + found.extension
    return _with(name, extension, found.extension)


def _with(name: str, extension: str, right: str) -> str:
    """`name`, which ends with `extension`, with the right one: instead of one that is another
    format's, behind one that is nobody's."""
    is_claimed = formats.of_extension(extension) is not None
    return (name[: -len(extension)] if is_claimed else name) + right


def _shown(name: str, found: Format) -> str:
    """A picture is given the extension under which browsers show it, if there is one."""
    if found.family != "picture" or not mediatypes.is_inert(found.content_type):
        return name
    if mediatypes.guess(name) != mediatypes.DEFAULT:
        return name
    return fingerprint.split_extension(name)[0] + found.extension
