"""WebP (RFC 9649): a RIFF file of chunks."""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from roots.media.content.pictures import exif
from roots.media.content.pictures.picture import BrokenPicture, Picture, exactly, sized, span

_RIFF_BYTES = 12
_EXTENDED, _LOSSY, _LOSSLESS, _FRAME = b"VP8X", b"VP8 ", b"VP8L", b"ANMF"
_KEPT = frozenset({_EXTENDED, _LOSSY, _LOSSLESS, _FRAME, b"ALPH", b"ANIM", b"ICCP"})
_FRAME_PARTS = frozenset({_LOSSY, _LOSSLESS, b"ALPH"})
_FRAME_BYTES = 16
"""Place, size and time of a frame, before the chunks in it."""

_HAS_EXIF, _HAS_XMP = 0x08, 0x04
_EXIF_MAX_BYTES = 1 << 16


class Chunk(NamedTuple):
    """A type, and where its content begins and how long it is, without the padding."""

    kind: bytes
    at: int
    size: int

    @property
    def whole(self) -> tuple[int, int]:
        """Where it begins, and its size with header and padding."""
        return self.at - 8, 8 + self.size + self.size % 2


def dimensions(file: BinaryIO) -> tuple[int, int]:
    """Width and height. Raises BrokenPicture where they are not there (yet)."""
    first = next(_chunks(file), None)
    if first is None or first.kind not in _SIZES:
        raise BrokenPicture("does not say how large it is")
    file.seek(first.at)
    return sized(*_SIZES[first.kind](exactly(file, min(first.size, 10)).ljust(10, b"\0")))


def measure(file: BinaryIO) -> Picture:
    """What the headers say. Raises BrokenPicture."""
    width, height = dimensions(file)
    frames = text_bytes = 0
    orientation = 1
    for chunk in _chunks(file):
        frames += chunk.kind == _FRAME
        if chunk.kind == b"EXIF":
            file.seek(chunk.at)
            orientation = exif.orientation(file.read(min(chunk.size, _EXIF_MAX_BYTES)))
        elif chunk.kind not in _KEPT:
            text_bytes += chunk.size
    return Picture(width, height, max(1, frames), text_bytes, orientation)


def cleaned(file: BinaryIO) -> Iterator[bytes]:
    """The picture without EXIF, XMP, unknown chunks and whatever follows its end. Orientation,
    colour profile and compressed data stay. Raises BrokenPicture."""
    turned = measure(file).orientation
    kept = [chunk for chunk in _chunks(file) if chunk.kind in _KEPT]
    said = _exif(turned) if turned != 1 and kept[0].kind == _EXTENDED else b""
    size = 4 + sum(_kept_bytes(file, chunk) for chunk in kept) + len(said)
    yield b"RIFF" + size.to_bytes(4, "little") + b"WEBP"
    for chunk in kept:
        if chunk.kind == _EXTENDED:
            yield _without_metadata(b"".join(span(file, *chunk.whole)), has_exif=bool(said))
        elif chunk.kind == _FRAME:
            yield from _cleaned_frame(file, chunk)
        else:
            yield from _padded(file, chunk)
    yield said


def _chunks(file: BinaryIO) -> Iterator[Chunk]:
    """Every chunk within the size that the file says it has."""
    file.seek(0)
    header = exactly(file, _RIFF_BYTES)
    if header[:4] != b"RIFF" or header[8:] != b"WEBP":
        raise BrokenPicture("does not begin as a WebP picture")
    return _row(file, _RIFF_BYTES, int.from_bytes(header[4:8], "little") + 8)


def _row(file: BinaryIO, at: int, end: int) -> Iterator[Chunk]:
    """The chunks between `at` and `end`."""
    while at + 8 <= end:
        file.seek(at)
        start = exactly(file, 8)
        chunk = Chunk(start[:4], at + 8, int.from_bytes(start[4:], "little"))
        if chunk.at + chunk.size > end:
            raise BrokenPicture("has a chunk that does not fit")
        yield chunk
        at = sum(chunk.whole)


def _frame_parts(file: BinaryIO, frame: Chunk) -> list[Chunk]:
    """The chunks within a frame that are its picture."""
    parts = _row(file, frame.at + _FRAME_BYTES, frame.at + frame.size)
    return [part for part in parts if part.kind in _FRAME_PARTS]


def _kept_bytes(file: BinaryIO, chunk: Chunk) -> int:
    """What stays of a chunk, with header and padding."""
    if chunk.kind != _FRAME:
        return chunk.whole[1]
    return 8 + _FRAME_BYTES + sum(part.whole[1] for part in _frame_parts(file, chunk))


def _cleaned_frame(file: BinaryIO, frame: Chunk) -> Iterator[bytes]:
    yield _FRAME + (_kept_bytes(file, frame) - 8).to_bytes(4, "little")
    yield from span(file, frame.at, _FRAME_BYTES)
    for part in _frame_parts(file, frame):
        yield from _padded(file, part)


def _padded(file: BinaryIO, chunk: Chunk) -> Iterator[bytes]:
    """The whole chunk; the padding is ours, because the last one's is often not there."""
    yield from span(file, chunk.at - 8, 8 + chunk.size)
    yield b"\0" * (chunk.size % 2)


def _without_metadata(extended: bytes, *, has_exif: bool) -> bytes:
    flags = extended[8] & ~(_HAS_EXIF | _HAS_XMP) | (_HAS_EXIF if has_exif else 0)
    return extended[:8] + bytes((flags,)) + extended[9:]


def _exif(orientation: int) -> bytes:
    content = exif.only(orientation)
    return b"EXIF" + len(content).to_bytes(4, "little") + content


def _extended_size(content: bytes) -> tuple[int, int]:
    width, height = content[4:7], content[7:10]
    return int.from_bytes(width, "little") + 1, int.from_bytes(height, "little") + 1


def _lossy_size(content: bytes) -> tuple[int, int]:
    if content[3:6] != b"\x9d\x01\x2a":
        return 0, 0
    width, height = content[6:8], content[8:10]
    return int.from_bytes(width, "little") & 0x3FFF, int.from_bytes(height, "little") & 0x3FFF


def _lossless_size(content: bytes) -> tuple[int, int]:
    bits = int.from_bytes(content[1:5], "little")
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


_SIZES = {_EXTENDED: _extended_size, _LOSSY: _lossy_size, _LOSSLESS: _lossless_size}
