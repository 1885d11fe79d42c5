"""Formats that are measured and never cleaned: BMP, TIFF, icons, JPEG 2000, Photoshop."""

from typing import BinaryIO, Literal

from roots.media.content.pictures.picture import BrokenPicture, Picture, exactly, sized

Order = Literal["little", "big"]

_MAX_DIRECTORIES = 1000
_MAX_ENTRIES = 4096
_WIDTH, _HEIGHT, _ORIENTATION = 0x100, 0x101, 0x112
_SHORT = 3
_JP2_SEARCH_BYTES = 4096


def bitmap(file: BinaryIO) -> Picture:
    """A BMP; one that is stored top-down says a negative height. Raises BrokenPicture."""
    header = _start(file, 26)
    if header[14] == 12:
        return _sized(_little(header[18:20]), _little(header[20:22]))
    return _sized(_little(header[18:22]), abs(int.from_bytes(header[22:26], "little", signed=True)))


def icon(file: BinaryIO) -> Picture:
    """The largest picture of an icon or a cursor. Raises BrokenPicture."""
    count = _little(_start(file, 6)[4:6])
    entries = [exactly(file, 16) for _ in range(count)]
    sizes = [(each[0] or 256, each[1] or 256) for each in entries]
    return _sized(*max(sizes, default=(0, 0)))


def photoshop(file: BinaryIO) -> Picture:
    """A Photoshop file. Raises BrokenPicture."""
    header = _start(file, 26)
    return _sized(int.from_bytes(header[18:22], "big"), int.from_bytes(header[14:18], "big"))


def jpeg2000(file: BinaryIO) -> Picture:
    """A JP2 file, or a bare codestream (ISO 15444-1 A.5.1, I.5.3.1). Raises BrokenPicture."""
    file.seek(0)
    head = file.read(_JP2_SEARCH_BYTES)
    header, codestream = head.find(b"ihdr"), head.find(b"\xff\x4f\xff\x51")
    if header >= 0:
        height, width = head[header + 4 : header + 8], head[header + 8 : header + 12]
    else:
        width, height = head[codestream + 8 : codestream + 12], head[codestream + 12 :][:4]
    return _sized(int.from_bytes(width, "big"), int.from_bytes(height, "big"))


def tiff(file: BinaryIO) -> Picture:
    """The largest picture of a TIFF, and how many there are. Raises BrokenPicture."""
    order: Order = "little" if _start(file, 8)[:2] == b"II" else "big"
    file.seek(4)
    at, seen = int.from_bytes(exactly(file, 4), order), set[int]()
    pictures = []
    while at:
        if at in seen or len(seen) >= _MAX_DIRECTORIES:
            raise BrokenPicture("has more pictures in it than anybody needs")
        seen.add(at)
        tags, at = _directory(file, at, order)
        pictures.append((tags.get(_WIDTH, 0), tags.get(_HEIGHT, 0), tags.get(_ORIENTATION, 1)))
    width, height, turned = max(pictures, key=lambda each: each[0] * each[1], default=(0, 0, 1))
    return _sized(width, height, len(pictures), turned if 1 <= turned <= 8 else 1)


def _directory(file: BinaryIO, at: int, order: Order) -> tuple[dict[int, int], int]:
    """Tags with a number each, and where the next directory is."""
    file.seek(at)
    count = int.from_bytes(exactly(file, 2), order)
    if count > _MAX_ENTRIES:
        raise BrokenPicture("has more tags than anybody needs")
    tags = {}
    for _ in range(count):
        entry = exactly(file, 12)
        wide = 2 if int.from_bytes(entry[2:4], order) == _SHORT else 4
        tags[int.from_bytes(entry[:2], order)] = int.from_bytes(entry[8 : 8 + wide], order)
    return tags, int.from_bytes(exactly(file, 4), order)


def _start(file: BinaryIO, size: int) -> bytes:
    file.seek(0)
    return exactly(file, size)


def _sized(width: int, height: int, frames: int = 1, orientation: int = 1) -> Picture:
    return Picture(*sized(width, height), frames, orientation=orientation)


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")
