"""What a file is, by its content: a name and a header sent by a browser are rumours.

Bounded work on any input, and no input makes it raise. None of the libraries there are tells well
what a browser would run (docs/decisions/0010-sniffer.md).
"""

from typing import BinaryIO

from roots.media.content import formats
from roots.media.content.containers import (
    STREAMS,
    directory_sector,
    of_container,
    of_members,
    of_streams,
    own_type,
)
from roots.media.content.formats import COMPOUND, PLAIN, UNKNOWN_TYPE, ZIP, ZIPPED, Format
from roots.media.content.markup import of_text
from roots.media.content.signatures import of_binary
from roots.media.content.zips import BrokenArchive, members

HEAD_BYTES = 4096
"""How much of a file's beginning is looked at; more makes no difference."""


def sniff(head: bytes) -> Format:
    r"""The format of a file that begins with `head`; UNKNOWN_TYPE where we know none.

    Of a ZIP archive or a compound file the first bytes may not tell what is inside; `sniff_file`
    does.

    >>> sniff(b"\x89PNG\r\n\x1a\n").content_type, sniff(b"<html>").content_type
    ('image/png', 'text/html')
    """
    return formats.of_type(_sniff(head[:HEAD_BYTES]))


def sniff_file(file: BinaryIO) -> Format:
    """The format of a seekable file, with a look at its end where its beginning does not tell."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    if head[:4] == b"PK\x03\x04":
        return formats.of_type(own_type(head) or _of_archive(file))
    found = sniff(head)
    if found.content_type == COMPOUND:
        start, end = directory_sector(head)
        file.seek(start)
        return formats.of_type(of_streams(file.read(end - start)))
    return found


def possible(found: Format, extension: str) -> frozenset[str]:
    """The content types that the whole file may turn out to have, where `sniff` found `found` in
    its first bytes and its name ends with `extension` (lower-case, with its dot).

    >>> sorted(possible(sniff(b"a;b"), ".csv")), sorted(possible(sniff(b"GIF89a"), ".csv"))
    (['text/csv'], ['image/gif'])
    """
    named = with_extension(found, extension).content_type
    return _INSIDE.get(named, frozenset()) | {named}


def with_extension(found: Format, extension: str) -> Format:
    """`found`, or the format based on it that `extension` (lower-case, with its dot) claims.

    >>> with_extension(sniff(b"a;b"), ".csv").content_type
    'text/csv'
    """
    if extension in found.extensions:
        return found
    claimed = formats.of_extension(extension)
    return claimed if claimed and claimed.base == found.content_type else found


def _sniff(head: bytes) -> str:
    return (
        of_container(head, lambda inside: of_text(inside) or "")
        or of_binary(head)
        or (of_text(head) if head else PLAIN)
        or UNKNOWN_TYPE
    )


def _of_archive(file: BinaryIO) -> str:
    try:
        return of_members(each.name for each in members(file))
    except BrokenArchive:
        return ZIP


_INSIDE: dict[str, frozenset[str]] = {
    **dict.fromkeys(ZIPPED, ZIPPED),
    COMPOUND: frozenset(STREAMS.values()),
}
