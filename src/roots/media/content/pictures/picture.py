"""What a picture's headers say of it, and how its bytes are copied."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

COPY_BYTES = 1 << 18


class BrokenPicture(Exception):
    """The picture cannot be read; `str` says why, after "it"."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What its headers say: the size as it is stored, in pixels; how many pictures it is; bytes of
    text in it, unpacked; how it is turned for display (1 to 8, as EXIF counts); and, where only a
    part of it is shown, how large that is."""

    width: int
    height: int
    frames: int = 1
    text_bytes: int = 0
    orientation: int = 1
    aperture: tuple[int, int] | None = None

    @property
    def shown(self) -> tuple[int, int]:
        """Width and height as a browser shows it.

        >>> Picture(4000, 3000, orientation=6).shown
        (3000, 4000)
        """
        width, height = self.aperture or (self.width, self.height)
        return (height, width) if self.orientation >= 5 else (width, height)


def exactly(file: BinaryIO, size: int) -> bytes:
    """The next `size` bytes. Raises BrokenPicture where there are fewer."""
    data = file.read(size)
    if len(data) < size:
        raise BrokenPicture("breaks off")
    return data


def span(file: BinaryIO, at: int, size: int) -> Iterator[bytes]:
    """`size` bytes from `at`, in pieces. Raises BrokenPicture where there are fewer."""
    while size:
        file.seek(at)  # whoever takes the pieces may move it
        piece = exactly(file, min(size, COPY_BYTES))
        yield piece
        at, size = at + len(piece), size - len(piece)


def sized(width: int, height: int) -> tuple[int, int]:
    """Both. Raises BrokenPicture where one of them is 0."""
    if not (width and height):
        raise BrokenPicture("does not say how large it is")
    return width, height
