"""The one naming rule of both roots: `stem.<digest>.ext`.

A stored name carries the first 12 hexadecimal digits of a digest of its content, so a name never
changes its bytes. 48 bits are plenty among files that share a stem; where they are not (two
contents, one prefix), more digits are taken.
"""

import re
from typing import NamedTuple

LENGTH = 12
_DIGITS = re.compile(rf"[0-9a-f]{{{LENGTH},64}}\Z")


class Fingerprinted(NamedTuple):
    """A stored name taken apart."""

    logical: str
    digest: str


def stamp(name: str, digest: str, length: int = LENGTH) -> str:
    """The stored name of `name`, where `digest` is its content's.

    >>> stamp("css/app.min.css", "3f2a91c0d4e7aa")
    'css/app.min.3f2a91c0d4e7.css'
    >>> stamp("LICENSE", "3f2a91c0d4e7aa")
    'LICENSE.3f2a91c0d4e7'
    """
    stem, extension = split_extension(name)
    return f"{stem}.{digest[:length]}{extension}"


def parse(name: str) -> Fingerprinted | None:
    """The parts of a stored name; None where `name` does not follow the rule.

    >>> parse("css/app.min.3f2a91c0d4e7.css")
    Fingerprinted(logical='css/app.min.css', digest='3f2a91c0d4e7')
    >>> parse("LICENSE.3f2a91c0d4e7")
    Fingerprinted(logical='LICENSE', digest='3f2a91c0d4e7')
    >>> parse("css/app.css")
    """
    stem, extension = split_extension(name)
    for head, tail in ((stem, extension), (name, "")):
        logical, _, digest = head.rpartition(".")
        if logical and not logical.endswith("/") and _DIGITS.match(digest):
            return Fingerprinted(logical + tail, digest)
    return None


def split_extension(name: str) -> tuple[str, str]:
    """`name` before and from the last dot of its last part; a leading dot starts no extension.

    >>> split_extension("a.b/c"), split_extension(".profile"), split_extension("x.tar.gz")
    (('a.b/c', ''), ('.profile', ''), ('x.tar', '.gz'))
    """
    dot = name.rfind(".")
    if dot <= name.rfind("/") + 1:
        return name, ""
    return name[:dot], name[dot:]
