"""Formats that wrap others: the wrapper's first bytes, then what it says is inside."""

import re
import zlib
from collections.abc import Callable, Iterable

from roots.media.content.formats import COMPOUND, GZIP, ZIP

_OPEN_XML = "application/vnd.openxmlformats-officedocument"

_RIFF = {
    b"WEBP": "image/webp",
    b"WAVE": "audio/wav",
    b"AVI ": "video/x-msvideo",
}
_BRANDS = {
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"hevc": "image/heic",
    b"heim": "image/heic",
    b"heis": "image/heic",
    b"mif1": "image/heic",
    b"msf1": "image/heic",
    b"crx ": "image/x-canon-cr3",
    b"qt  ": "video/quicktime",
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"M4P ": "audio/mp4",
    b"F4A ": "audio/mp4",
}
_MATROSKA = re.compile(rb"\x42\x82[\x80-\x8f](webm|matroska)")
STREAMS = {
    "WordDocument": "application/msword",
    "Workbook": "application/vnd.ms-excel",
    "Book": "application/vnd.ms-excel",
    "PowerPoint Document": "application/vnd.ms-powerpoint",
    "__properties_version1.0": "application/vnd.ms-outlook",
}
_PARTS = {
    "word/": (f"{_OPEN_XML}.wordprocessingml.document", "word.document"),
    "xl/": (f"{_OPEN_XML}.spreadsheetml.sheet", "excel.sheet"),
    "ppt/": (f"{_OPEN_XML}.presentationml.presentation", "powerpoint.presentation"),
}
_TELLING_NAMES = re.compile(
    r"(AndroidManifest\.xml|META-INF/MANIFEST\.MF|\[Content_Types\]\.xml)\Z"
    r"|(word|xl|ppt)/(vbaProject\.bin\Z)?"
)
_LOCAL_HEADER = re.compile(
    rb"PK\x03\x04.{4}(?P<method>..).{8}(?P<size>....).{4}(?P<length>..)(?P<extra>..)", re.DOTALL
)
_OWN_TYPES = re.compile(
    r"application/(epub\+zip|vnd\.oasis\.opendocument\.(text|spreadsheet|presentation|graphics))"
    r"(-template)?\Z"
)
_UNPACKED_BYTES = 4096


def of_container(head: bytes, sniff_inside: Callable[[bytes], str]) -> str | None:
    """The content type of a wrapped file, as far as its first bytes tell; None for no wrapper.

    `sniff_inside` says what the unpacked beginning of a gzip file is. `of_members` and `of_streams`
    know better than this about ZIP archives and compound files.
    """
    if not head.startswith(_STARTS) and head[4:8] not in _BOXES:
        return None
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return "audio/aiff"
    for magic, tell in _TELLERS.items():
        if head.startswith(magic):
            return tell(head)
    if head[:3] == b"\x1f\x8b\x08":
        return _of_gzip(head, sniff_inside)
    if head[4:8] == b"ftyp":
        return _of_brands(head)
    return "video/quicktime" if head[4:8] in (b"moov", b"wide") else None


def of_members(names: Iterable[str]) -> str:
    """The content type of a ZIP archive whose members have these names.

    >>> of_members(["[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"])
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
    >>> of_members(["notes.txt"])
    'application/zip'
    """
    found = {match.group() for match in map(_TELLING_NAMES.match, names) if match}
    if "AndroidManifest.xml" in found:
        return "application/vnd.android.package-archive"
    for folder, (plain, with_macros) in _PARTS.items():
        if any(name.startswith(folder) for name in found) and "[Content_Types].xml" in found:
            has_macros = f"{folder}vbaProject.bin" in found
            return f"application/vnd.ms-{with_macros}.macroenabled.12" if has_macros else plain
    return "application/java-archive" if "META-INF/MANIFEST.MF" in found else ZIP


def of_streams(directory: bytes) -> str:
    """The content type of an OLE compound file (MS-CFB), by a sector of its directory."""
    for at in range(0, len(directory) - 127, 128):
        length = int.from_bytes(directory[at + 64 : at + 66], "little")
        name = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        if found := STREAMS.get(name):
            return found
    return COMPOUND


def own_type(head: bytes) -> str | None:
    """What a ZIP archive says of itself in a first member `mimetype` (OpenDocument, EPUB)."""
    header = _LOCAL_HEADER.match(head)
    if not header or header["method"] != b"\0\0":
        return None
    name_end = header.end() + int.from_bytes(header["length"], "little")
    start = name_end + int.from_bytes(header["extra"], "little")
    said = head[start : start + int.from_bytes(header["size"], "little")]
    if head[header.end() : name_end] != b"mimetype" or len(said) > 100:
        return None
    match = _OWN_TYPES.match(said.decode("ascii", "replace").strip())
    return match.group().removesuffix("-template") if match else None


def _of_zip(head: bytes) -> str:
    names = (
        head[match.end() : match.end() + int.from_bytes(match["length"], "little")]
        for match in _LOCAL_HEADER.finditer(head)
    )
    return own_type(head) or of_members(name.decode("utf-8", "replace") for name in names)


def _of_ogg(head: bytes) -> str:
    return "video/ogg" if b"\x80theora" in head[:512] or b"\x01video" in head[:512] else "audio/ogg"


def _of_matroska(head: bytes) -> str | None:
    found = _MATROSKA.search(head, 0, 128)
    return {b"webm": "video/webm", b"matroska": "video/x-matroska"}[found[1]] if found else None


def _of_compound(head: bytes) -> str:
    return of_streams(head[slice(*directory_sector(head))])


def directory_sector(head: bytes) -> tuple[int, int]:
    """Where the first sector of a compound file's directory begins and ends."""
    shift = int.from_bytes(head[30:32], "little")
    size = 1 << shift if shift in (9, 12) else 512
    start = (int.from_bytes(head[48:52], "little") + 1) * size
    return start, start + size


def _of_gzip(head: bytes, sniff_inside: Callable[[bytes], str]) -> str:
    """A packed SVG drawing is one for browsers (`svgz`)."""
    try:
        inside = zlib.decompressobj(wbits=31).decompress(head, _UNPACKED_BYTES)
    except zlib.error:
        return GZIP
    return "image/svg+xml" if sniff_inside(inside) == "image/svg+xml" else GZIP


def _of_brands(head: bytes) -> str:
    """ISO 14496-12: one major brand, and the brands it is compatible with."""
    size = min(int.from_bytes(head[:4], "big"), 256)
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, size, 4))]
    if brands[0] in (b"mif1", b"msf1") and not {b"avif", b"avis"}.isdisjoint(brands):
        return "image/avif"
    if brands[0][:2] == b"3g":
        return "video/3gpp"
    return _BRANDS.get(brands[0], "video/mp4")


_TELLERS: dict[bytes, Callable[[bytes], str | None]] = {
    b"PK\x03\x04": _of_zip,
    b"PK\x05\x06": lambda _: ZIP,
    b"PK\x07\x08": lambda _: ZIP,
    b"OggS\0": _of_ogg,
    b"\x1a\x45\xdf\xa3": _of_matroska,
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": _of_compound,
}
_STARTS = (b"RIFF", b"FORM", *_TELLERS, b"\x1f\x8b\x08")
_BOXES = {b"ftyp", b"moov", b"wide"}
