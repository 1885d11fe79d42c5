"""SVG drawings, rebuilt from what is known to be harmless, or refused.

By py-svg-hush (Cloudflare's svg-hush), where it is installed: an allow-list of elements and
attributes, no scripts, no links elsewhere. A drawing nested a hundred thousand deep ends the
process it runs in, and it indents what it writes, so the structure is looked at first.
"""

from collections.abc import Iterator
from typing import BinaryIO
from xml.parsers import expat

from roots.media.content.pictures.picture import BrokenPicture

try:
    import py_svg_hush
except ImportError:
    py_svg_hush = None  # type: ignore[assignment]

IS_AVAILABLE = py_svg_hush is not None
"""Whether drawings can be cleaned here."""

MAX_BYTES = 2 << 20
"""The largest drawing that is cleaned: it is held in memory, several times over."""

_MAX_DEPTH = 64
_MAX_ELEMENTS = 100_000


def cleaned(file: BinaryIO) -> Iterator[bytes]:
    """The drawing without scripts, event handlers, foreign content and links elsewhere; not byte
    for byte the same even where it had none. Raises BrokenPicture."""
    file.seek(0)
    drawing = file.read(MAX_BYTES + 1)
    if len(drawing) > MAX_BYTES:
        raise BrokenPicture("is too large for a drawing")
    if drawing[:2] == b"\x1f\x8b":
        raise BrokenPicture("is packed; send it unpacked")
    _check_structure(drawing)
    try:
        yield py_svg_hush.filter_svg(drawing)
    except ValueError as error:
        raise BrokenPicture("cannot be read as a drawing") from error


def _check_structure(drawing: bytes) -> None:
    """Raises BrokenPicture for a drawing that is not XML, too deep, too long, or has entities: the
    bombs of XML are made of these."""
    parser = expat.ParserCreate()
    depth = elements = 0

    def start(*_: object) -> None:
        nonlocal depth, elements
        depth, elements = depth + 1, elements + 1
        if depth > _MAX_DEPTH or elements > _MAX_ELEMENTS:
            raise BrokenPicture("is made of too many parts")

    def end(*_: object) -> None:
        nonlocal depth
        depth -= 1

    def entity(*_: object) -> None:
        raise BrokenPicture("declares entities")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.EntityDeclHandler = entity
    try:
        parser.Parse(drawing, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise BrokenPicture("cannot be read as a drawing") from error
