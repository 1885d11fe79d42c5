"""PNG (W3C, third edition): a signature and a row of chunks."""

import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from roots.media.content.pictures import exif
from roots.media.content.pictures.picture import BrokenPicture, Picture, exactly, span

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEPT = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB"}
    | {b"cICP", b"mDCV", b"cLLI", b"bKGD", b"hIST", b"pHYs", b"sPLT", b"acTL", b"fcTL", b"fdAT"}
)
_PACKED_TEXTS = (b"zTXt", b"iTXt")
_UNPACKED_MAX_BYTES = 16 << 20
_EXIF_MAX_BYTES = 1 << 16


class Chunk(NamedTuple):
    """A type, and where its content begins and how long it is."""

    kind: bytes
    at: int
    size: int


def dimensions(file: BinaryIO) -> tuple[int, int]:
    """Width and height. Raises BrokenPicture where they are not there (yet)."""
    file.seek(0)
    start = exactly(file, 24)
    width, height = int.from_bytes(start[16:20], "big"), int.from_bytes(start[20:24], "big")
    if start[:8] != _SIGNATURE or start[12:16] != b"IHDR" or not (width and height):
        raise BrokenPicture("does not say how large it is")
    return width, height


def measure(file: BinaryIO) -> Picture:
    """What the headers say. Raises BrokenPicture."""
    width, height = dimensions(file)
    frames = orientation = 1
    text_bytes = 0
    for chunk in _chunks(file):
        if chunk.kind == b"acTL":
            frames = max(1, int.from_bytes(_content(file, chunk, 4), "big"))
        elif chunk.kind == b"eXIf":
            orientation = exif.orientation(_content(file, chunk, _EXIF_MAX_BYTES))
        elif chunk.kind in _PACKED_TEXTS:
            text_bytes += _text_bytes(file, chunk, _UNPACKED_MAX_BYTES - text_bytes)
        elif chunk.kind == b"tEXt":
            text_bytes += chunk.size
    return Picture(width, height, frames, text_bytes, orientation)


def cleaned(file: BinaryIO) -> Iterator[bytes]:
    """The picture without text, EXIF, times, private chunks and whatever follows its end.
    Orientation, colour profile and compressed data stay. Raises BrokenPicture."""
    turned = measure(file).orientation
    yield _SIGNATURE
    for chunk in _chunks(file):
        if chunk.kind in _KEPT:
            yield from span(file, chunk.at - 8, chunk.size + 12)
        if chunk.kind == b"IHDR" and turned != 1:
            yield _chunk(b"eXIf", exif.only(turned))


def _chunks(file: BinaryIO) -> Iterator[Chunk]:
    """Every chunk up to the last, IEND."""
    at = len(_SIGNATURE)
    kind = b""
    while kind != b"IEND":
        file.seek(at)
        header = exactly(file, 8)
        size, kind = int.from_bytes(header[:4], "big"), header[4:]
        if size >= 1 << 31 or not kind.isalpha():
            raise BrokenPicture("has a chunk that is none")
        yield Chunk(kind, at + 8, size)
        at += size + 12


def _content(file: BinaryIO, chunk: Chunk, most: int) -> bytes:
    file.seek(chunk.at)
    return file.read(min(chunk.size, most))


def _text_bytes(file: BinaryIO, chunk: Chunk, most: int) -> int:
    """Bytes of a text once unpacked; `most` at the most are unpacked to find out."""
    content = _content(file, chunk, _UNPACKED_MAX_BYTES)
    _, _, rest = content.partition(b"\0")
    if chunk.kind == b"iTXt":
        if rest[:1] == b"\0":
            return chunk.size
        rest = rest[1:].split(b"\0", 2)[-1]
    try:
        unpacked = zlib.decompressobj().decompress(rest[1:], max(1, most))
    except zlib.error:
        return chunk.size
    return max(chunk.size, len(unpacked))


def _chunk(kind: bytes, content: bytes) -> bytes:
    body = kind + content
    return len(content).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")
