"""GIF (89a): a screen, then blocks, each a row of sub-blocks of up to 255 bytes."""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from roots.media.content.pictures.picture import BrokenPicture, Picture, exactly, span

_HEADER_BYTES = 13
_IMAGE, _EXTENSION, _TRAILER = b",", b"!", b";"
_CONTROL, _COMMENT, _PLAIN_TEXT, _APPLICATION = 0xF9, 0xFE, 0x01, 0xFF
_KEPT_APPLICATIONS = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")


class Block(NamedTuple):
    """`label` is an extension's, -1 for an image; `name` an application's; where it is."""

    label: int
    name: bytes
    at: int
    size: int
    text_bytes: int
    reach: tuple[int, int]


def dimensions(file: BinaryIO) -> tuple[int, int]:
    """Width and height of the screen. Raises BrokenPicture where they are not there (yet)."""
    file.seek(0)
    header = exactly(file, _HEADER_BYTES)
    width, height = int.from_bytes(header[6:8], "little"), int.from_bytes(header[8:10], "little")
    if header[:6] not in (b"GIF87a", b"GIF89a") or not (width and height):
        raise BrokenPicture("does not say how large it is")
    return width, height


def measure(file: BinaryIO) -> Picture:
    """What the headers say; an image that reaches beyond the screen counts. Raises
    BrokenPicture."""
    width, height = dimensions(file)
    frames = text_bytes = 0
    for block in _blocks(file):
        frames += block.label == -1
        text_bytes += block.text_bytes
        width, height = max(width, block.reach[0]), max(height, block.reach[1])
    if not frames:
        raise BrokenPicture("has no image")
    return Picture(width, height, frames, text_bytes)


def cleaned(file: BinaryIO) -> Iterator[bytes]:
    """The picture without comments, XMP, other applications' data and whatever follows its end.
    Times, repetition, colour profile and compressed data stay. Raises BrokenPicture."""
    measure(file)
    file.seek(0)
    yield from span(file, 0, _HEADER_BYTES + _table_bytes(exactly(file, _HEADER_BYTES)[10]))
    control = b""
    for block in _blocks(file):
        if block.label == _CONTROL:
            control = b"".join(span(file, block.at, block.size))
        elif block.label == -1:
            yield control
            yield from span(file, block.at, block.size)
            control = b""
        elif block.label == _PLAIN_TEXT:
            control = b""  # it was the text's, and would delay the next image
        elif block.name in _KEPT_APPLICATIONS:
            yield from span(file, block.at, block.size)
    yield _TRAILER


def _blocks(file: BinaryIO) -> Iterator[Block]:
    """Every block up to the trailer, or up to an end without one, as browsers take it."""
    file.seek(0)
    at = _HEADER_BYTES + _table_bytes(exactly(file, _HEADER_BYTES)[10])
    while True:
        file.seek(at)
        kind = file.read(1)
        if kind in (_TRAILER, b""):
            return
        if kind not in (_IMAGE, _EXTENSION):
            raise BrokenPicture("has something between its blocks")
        block = _image(file, at) if kind == _IMAGE else _extension(file, at)
        yield block
        at += block.size


def _image(file: BinaryIO, at: int) -> Block:
    place = exactly(file, 9)
    left, top, width, height = (int.from_bytes(place[n : n + 2], "little") for n in (0, 2, 4, 6))
    file.seek(_table_bytes(place[8]) + 1, 1)
    _skip_data(file)
    return Block(-1, b"", at, file.tell() - at, 0, (left + width, top + height))


def _extension(file: BinaryIO, at: int) -> Block:
    label = exactly(file, 1)[0]
    name = b""
    if label == _APPLICATION:
        name = exactly(file, exactly(file, 1)[0])[:11]
    _skip_data(file)
    size = file.tell() - at
    is_text = label in (_COMMENT, _PLAIN_TEXT) or (name and name not in _KEPT_APPLICATIONS)
    return Block(label, name, at, size, size if is_text else 0, (0, 0))


def _table_bytes(flags: int) -> int:
    """Of the colour table that these flags announce."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _skip_data(file: BinaryIO) -> None:
    """Move behind a row of sub-blocks."""
    while size := exactly(file, 1)[0]:
        file.seek(size, 1)
