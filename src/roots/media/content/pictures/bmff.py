"""AVIF and HEIC (ISO 23008-12): boxes, of which `meta` lists items and their properties.

Items are found by offsets in the file, so metadata is blanked where it stands, not cut out.
"""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from roots.media.content.pictures import exif
from roots.media.content.pictures.picture import BrokenPicture, Picture, exactly, span

_META_MAX_BYTES = 1 << 20
_FULL_BOX = 4
_XMP = b"application/rdf+xml"
_BLANKED_BOXES = frozenset({b"free", b"skip", b"uuid"})
_TRACK_PATH = (b"trak", b"mdia", b"minf", b"stbl", b"stsz")
_ROTATIONS = {0: 1, 1: 8, 2: 3, 3: 6}


class Box(NamedTuple):
    """A type, and where its content begins and ends."""

    kind: bytes
    start: int
    end: int


class Item(NamedTuple):
    """A type, and where its bytes are in the file."""

    kind: bytes
    spans: tuple[tuple[int, int], ...]


def dimensions(file: BinaryIO) -> tuple[int, int]:
    """Width and height as stored. Raises BrokenPicture where they are not there (yet)."""
    picture = measure(file)
    return picture.width, picture.height


def measure(file: BinaryIO) -> Picture:
    """What the headers say; the largest of its items counts. Raises BrokenPicture."""
    file.seek(0)
    meta, moov = _find(file, b"meta"), _find(file, b"moov")
    if meta is None:
        raise BrokenPicture("does not list what is in it")
    properties = list(_properties(_read(file, meta)))
    sizes = [
        (int.from_bytes(content[4:8], "big"), int.from_bytes(content[8:12], "big"))
        for kind, content in properties
        if kind == b"ispe" and len(content) >= 12
    ]
    if not sizes or not all(map(all, sizes)):
        raise BrokenPicture("does not say how large it is")
    turns = [
        _ROTATIONS[content[0] & 3] for kind, content in properties if kind == b"irot" and content
    ]
    frames = _frames(_read(file, moov)) if moov else 1
    width, height = max(sizes, key=lambda size: size[0] * size[1])
    return Picture(
        width,
        height,
        max(1, frames),
        orientation=turns[0] if turns else 1,
        aperture=next(
            (_aperture(content) for kind, content in properties if kind == b"clap"), None
        ),
    )


def _aperture(content: bytes) -> tuple[int, int] | None:
    """Width and height of the part that is shown (ISO 14496-12 section 12.1.4), as fractions."""
    numbers = [int.from_bytes(content[at : at + 4], "big") for at in (0, 4, 8, 12)]
    if not all(numbers):
        return None
    return numbers[0] // numbers[1], numbers[2] // numbers[3]


def cleaned(file: BinaryIO) -> Iterator[bytes]:
    """The picture with EXIF, XMP and free space blanked, and without whatever follows its boxes.
    How it is turned is a property and stays, as compressed data does. Raises BrokenPicture."""
    measure(file)
    boxes = list(_boxes(file))
    at = 0
    for start, end, blank in sorted(_blanks(file, boxes)):
        if start < at:
            raise BrokenPicture("has items that overlap")
        yield from span(file, at, start - at)
        yield from _zeros(blank, end - start)
        at = end
    yield from span(file, at, boxes[-1].end - at)


def _blanks(file: BinaryIO, boxes: list[Box]) -> Iterator[tuple[int, int, bytes]]:
    """Where metadata begins and ends, and what stands there instead before zeros."""
    end = boxes[-1].end
    for box in boxes:
        if box.kind in _BLANKED_BOXES:
            yield box.start, box.end, b""
    meta = next(box for box in boxes if box.kind == b"meta")
    for item in _items(_read(file, meta)):
        first = b"\0\0\0\0" + exif.only(1) if item.kind == b"Exif" else b""
        for start, length in item.spans:
            if start + length > end:
                raise BrokenPicture("has an item that is not in the file")
            yield start, start + length, first[:length]
            first = b""


def _zeros(first: bytes, size: int) -> Iterator[bytes]:
    yield first
    size -= len(first)
    while size:
        piece = min(size, 1 << 16)
        yield bytes(piece)
        size -= piece


def _boxes(file: BinaryIO) -> Iterator[Box]:
    """The outermost boxes; what follows the last whole one is no box."""
    size_of_file = file.seek(0, 2)
    at = 0
    while at + 8 <= size_of_file:
        file.seek(at)
        header = exactly(file, 8)
        size, kind, start = int.from_bytes(header[:4], "big"), header[4:], at + 8
        if size == 1:
            size, start = int.from_bytes(file.read(8), "big"), at + 16
        end = size_of_file if size == 0 else at + size
        if end < start or end > size_of_file or not kind.isalnum():
            break
        yield Box(kind, start, end)
        at = end
    if at == 0:
        raise BrokenPicture("has no boxes")


def _find(file: BinaryIO, kind: bytes) -> Box | None:
    return next((box for box in _boxes(file) if box.kind == kind), None)


def _read(file: BinaryIO, box: Box) -> bytes:
    if box.end - box.start > _META_MAX_BYTES:
        raise BrokenPicture("has a list of its items that is too long")
    file.seek(box.start)
    return exactly(file, box.end - box.start)


def _inner(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The boxes within `content`, with what is in them."""
    at = 0
    while at + 8 <= len(content):
        size = int.from_bytes(content[at : at + 4], "big")
        if size < 8 or at + size > len(content):
            return
        yield content[at + 4 : at + 8], content[at + 8 : at + size]
        at += size


def _first(content: bytes, kind: bytes) -> bytes:
    """What is in the first box of a kind within `content`; empty where there is none."""
    return next((inside for found, inside in _inner(content) if found == kind), b"")


def _properties(meta: bytes) -> Iterator[tuple[bytes, bytes]]:
    return _inner(_first(_first(meta[_FULL_BOX:], b"iprp"), b"ipco"))


def _frames(moov: bytes) -> int:
    """Pictures in the longest track of a sequence."""
    counts = [0]
    for kind, track in _inner(moov):
        if kind != _TRACK_PATH[0]:
            continue
        for step in _TRACK_PATH[1:]:
            track = _first(track, step)
        counts.append(int.from_bytes(track[8:12], "big"))
    return max(counts)


def _items(meta: bytes) -> Iterator[Item]:
    """Items that are metadata, with their spans (`iinf`, `iloc`)."""
    inside = meta[_FULL_BOX:]
    kinds = dict(_metadata_items(_first(inside, b"iinf")))
    for number, spans in _locations(_first(inside, b"iloc")):
        if number in kinds:
            yield Item(kinds[number], spans)


def _metadata_items(iinf: bytes) -> Iterator[tuple[int, bytes]]:
    """Numbers and types of the items that are EXIF or XMP."""
    count_bytes = 2 if iinf[:1] == b"\0" else 4
    for kind, entry in _inner(iinf[_FULL_BOX + count_bytes :]):
        if kind != b"infe" or not entry:
            continue
        wide = 4 if entry[0] >= 3 else 2
        number = int.from_bytes(entry[4 : 4 + wide], "big")
        rest = entry[4 + wide + 2 :]
        if rest[:4] == b"Exif" or (rest[:4] == b"mime" and _XMP in rest):
            yield number, rest[:4]


class _Reader:
    """Numbers of several widths, one after the other; nothing left reads as BrokenPicture."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def number(self, size: int) -> int:
        end = self._at + size
        if end > len(self._data):
            raise BrokenPicture("has a list of its items that breaks off")
        found = int.from_bytes(self._data[self._at : end], "big")
        self._at = end
        return found


def _locations(iloc: bytes) -> Iterator[tuple[int, tuple[tuple[int, int], ...]]]:
    """Numbers of items, and where in the file their bytes are (8.11.3)."""
    if not iloc:
        return
    read = _Reader(iloc[_FULL_BOX:])
    version, widths = iloc[0], read.number(2)
    offset_bytes, length_bytes = widths >> 12, widths >> 8 & 15
    base_bytes, index_bytes = widths >> 4 & 15, widths & 15 if version else 0
    for _ in range(read.number(4 if version == 2 else 2)):
        number = read.number(4 if version == 2 else 2)
        method = read.number(2) & 15 if version else 0
        read.number(2)
        base = read.number(base_bytes)
        spans = []
        for _ in range(read.number(2)):
            read.number(index_bytes)
            spans.append((base + read.number(offset_bytes), read.number(length_bytes)))
        if method == 0:
            yield number, tuple(spans)
