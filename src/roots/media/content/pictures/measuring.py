"""Which pictures can be measured, which can be cleaned, and by what."""

from collections.abc import Callable, Iterator
from typing import BinaryIO

from roots.media.content.pictures import bmff, gif, jpeg, others, png, svg, webp
from roots.media.content.pictures.picture import BrokenPicture, Picture

_MEASURES: dict[str, Callable[[BinaryIO], Picture]] = {
    "image/jpeg": jpeg.measure,
    "image/png": png.measure,
    "image/gif": gif.measure,
    "image/webp": webp.measure,
    "image/avif": bmff.measure,
    "image/heic": bmff.measure,
    "image/bmp": others.bitmap,
    "image/tiff": others.tiff,
    "image/x-icon": others.icon,
    "image/jp2": others.jpeg2000,
    "image/vnd.adobe.photoshop": others.photoshop,
}
_DIMENSIONS: dict[str, Callable[[BinaryIO], tuple[int, int]]] = {
    "image/jpeg": jpeg.dimensions,
    "image/png": png.dimensions,
    "image/gif": gif.dimensions,
    "image/webp": webp.dimensions,
    "image/avif": bmff.dimensions,
    "image/heic": bmff.dimensions,
}
_CLEANERS: dict[str, Callable[[BinaryIO], Iterator[bytes]]] = {
    "image/jpeg": jpeg.cleaned,
    "image/png": png.cleaned,
    "image/gif": gif.cleaned,
    "image/webp": webp.cleaned,
    "image/avif": bmff.cleaned,
    "image/heic": bmff.cleaned,
    **({"image/svg+xml": svg.cleaned} if svg.IS_AVAILABLE else {}),
}
MEASURED = frozenset(_MEASURES)
CLEANED = frozenset(_CLEANERS)


def measure(content_type: str, file: BinaryIO) -> Picture:
    """What the headers of a picture say. Raises BrokenPicture; KeyError for a type that is not in
    MEASURED."""
    return _MEASURES[content_type](file)


def dimensions(content_type: str, file: BinaryIO) -> tuple[int, int] | None:
    """Width and height as stored, from a file that is still arriving; None where only the whole
    one can tell. Raises BrokenPicture where what tells is not there yet."""
    find = _DIMENSIONS.get(content_type)
    return find(file) if find else None


def shown_size(content_type: str, file: BinaryIO) -> tuple[int, int] | tuple[None, None]:
    """Width and height of a picture, as shown; Nones for what cannot be measured."""
    if content_type not in MEASURED:
        return None, None
    try:
        return measure(content_type, file).shown
    except BrokenPicture:
        return None, None


def cleaned(content_type: str, file: BinaryIO) -> Iterator[bytes]:
    """The picture without metadata, pixel for pixel, in pieces; what `measure` says of it stays but
    for the bytes of text. Of a drawing, what is known to be harmless. Raises BrokenPicture;
    KeyError for a type that is not in CLEANED."""
    return _CLEANERS[content_type](file)
