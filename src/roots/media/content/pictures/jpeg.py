"""JPEG (ISO 10918-1): a row of segments, each with a marker, and compressed data between them."""

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from roots.media.content.pictures import exif
from roots.media.content.pictures.picture import (
    COPY_BYTES,
    BrokenPicture,
    Picture,
    exactly,
    sized,
    span,
)

_START, _END, _SCAN, _COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
_APP0, _APP1, _APP2, _APP14, _APP15 = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_NOT_A_MARKER = rb"\x00\xd0-\xd7\xff"
_MARKER = re.compile(rb"\xff[^" + _NOT_A_MARKER + rb"]")
_ICC = b"ICC_PROFILE\0"
_JFIF = b"JFIF\0"
_JFIF_BYTES = 12
_ADOBE = b"Adobe"
_ADOBE_BYTES = 12


class Segment(NamedTuple):
    """A marker, and where its content begins and how long it is."""

    marker: int
    at: int
    size: int


def dimensions(file: BinaryIO) -> tuple[int, int]:
    """Width and height as stored. Raises BrokenPicture where they are not there (yet)."""
    for segment in _headers(file):
        if segment.marker in _FRAMES:
            return _size(file, segment)
    raise BrokenPicture("has no frame")


def measure(file: BinaryIO) -> Picture:
    """What the headers say. Raises BrokenPicture."""
    width = height = text_bytes = 0
    turned = None
    for segment in _headers(file):
        if segment.marker in _FRAMES:
            found = _size(file, segment)
            width, height = max(width, found[0]), max(height, found[1])
        elif segment.marker == _COMMENT:
            text_bytes += segment.size
        elif segment.marker == _APP1 and turned is None:
            turned = _orientation(file, segment)
    if not width:
        raise BrokenPicture("has no frame")
    return Picture(width, height, text_bytes=text_bytes, orientation=turned or 1)


def cleaned(file: BinaryIO) -> Iterator[bytes]:
    """The picture without EXIF, XMP, IPTC, comments, thumbnails, further pictures and whatever
    follows its end. Orientation, colour profile and compressed data stay. Raises BrokenPicture."""
    turned = measure(file).orientation
    yield b"\xff\xd8"
    if turned != 1:
        yield _segment(_APP1, exif.PREFIX + exif.only(turned))
    for segment in _segments(file):
        if segment.marker == _END:
            break
        yield from _kept(file, segment)
        if segment.marker == _SCAN:
            yield from _compressed(file, segment.at + segment.size)
    yield b"\xff\xd9"


def _headers(file: BinaryIO) -> Iterator[Segment]:
    """The segments before the first compressed data."""
    for segment in _segments(file):
        if segment.marker in (_SCAN, _END):
            return
        yield segment


def _segments(file: BinaryIO) -> Iterator[Segment]:
    """Every segment. After a scan's, the file has to be moved behind its compressed data; a file
    that ends there is taken to be whole, as browsers take it."""
    file.seek(0)
    if file.read(2) != b"\xff\xd8":
        raise BrokenPicture("does not begin as a JPEG picture")
    scanned = False
    while True:
        marker = _marker(file)
        if marker is None:
            if scanned:
                return
            raise BrokenPicture("breaks off")
        if marker in _ALONE:
            continue
        if marker == _END:
            yield Segment(marker, file.tell(), 0)
            return
        size = int.from_bytes(exactly(file, 2), "big") - 2
        if size < 0:
            raise BrokenPicture("has a segment without a length")
        segment = Segment(marker, file.tell(), size)
        yield segment
        scanned = scanned or marker == _SCAN
        if marker != _SCAN:
            file.seek(segment.at + size)


def _marker(file: BinaryIO) -> int | None:
    """The next marker, None at the end. Fill bytes may stand before it (B.1.1.2)."""
    first = file.read(1)
    if not first:
        return None
    if first != b"\xff":
        raise BrokenPicture("has something between its segments")
    while (code := file.read(1)) == b"\xff":
        pass
    return code[0] if code else None


def _size(file: BinaryIO, segment: Segment) -> tuple[int, int]:
    file.seek(segment.at)
    content = exactly(file, min(segment.size, 5)).ljust(5, b"\0")
    height, width = int.from_bytes(content[1:3], "big"), int.from_bytes(content[3:5], "big")
    return sized(width, height)


def _orientation(file: BinaryIO, segment: Segment) -> int | None:
    """What EXIF says in this segment, None where it has none."""
    file.seek(segment.at)
    content = file.read(segment.size)
    return exif.orientation(content) if content.startswith(exif.PREFIX) else None


def _kept(file: BinaryIO, segment: Segment) -> Iterator[bytes]:
    """What stays of `segment`."""
    if segment.marker == _COMMENT or _APP0 <= segment.marker <= _APP15:
        file.seek(segment.at)
        content = _kept_of_application(segment.marker, exactly(file, segment.size))
        if content:
            yield _segment(segment.marker, content)
        return
    yield bytes((0xFF, segment.marker)) + (segment.size + 2).to_bytes(2, "big")
    yield from span(file, segment.at, segment.size)


def _kept_of_application(marker: int, content: bytes) -> bytes:
    """JFIF without its thumbnail, the colour profile, and what Adobe says of the colour space."""
    if marker == _APP0 and content.startswith(_JFIF):
        return content[:_JFIF_BYTES].ljust(_JFIF_BYTES, b"\0") + b"\0\0"
    if marker == _APP2 and content.startswith(_ICC):
        return content
    if marker == _APP14 and content.startswith(_ADOBE):
        return content[:_ADOBE_BYTES]
    return b""


def _segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2, "big") + content


def _compressed(file: BinaryIO, at: int) -> Iterator[bytes]:
    """The compressed data from `at`; the file then stands at the marker that ends it."""
    while True:
        file.seek(at)
        chunk = file.read(COPY_BYTES)
        while chunk.endswith(b"\xff") and (more := file.read(1)):
            chunk += more
        if not chunk:
            return
        end = _MARKER.search(chunk)
        if end:
            yield chunk[: end.start()]
            file.seek(at + end.start())
            return
        yield chunk
        at += len(chunk)
