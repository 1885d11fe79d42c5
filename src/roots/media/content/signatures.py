"""Binary formats that say what they are in their first bytes."""

import re
from collections.abc import Callable

from roots.media.content.tars import is_tar

_AT_START: dict[bytes, str] = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
    b"\0\0\1\0": "image/x-icon",
    b"\0\0\2\0": "image/x-icon",
    b"II*\0": "image/tiff",
    b"MM\0*": "image/tiff",
    b"II+\0": "image/tiff",
    b"MM\0+": "image/tiff",
    b"8BPS\0\1": "image/vnd.adobe.photoshop",
    b"8BPS\0\2": "image/vnd.adobe.photoshop",
    b"\0\0\0\x0cjP  \r\n\x87\n": "image/jp2",
    b"\xff\x4f\xff\x51": "image/jp2",
    b"\xff\x0a": "image/jxl",
    b"\0\0\0\x0cJXL \r\n\x87\n": "image/jxl",
    b"fLaC": "audio/flac",
    b"ID3": "audio/mpeg",
    b".snd\0": "audio/basic",
    b"caff\0\1": "audio/x-caf",
    b"MThd\0\0\0\6": "audio/midi",
    b"#!AMR": "audio/amr",
    b"\0\0\1\xba": "video/mpeg",
    b"\0\0\1\xb3": "video/mpeg",
    b"FLV\1": "video/x-flv",
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c": "video/x-ms-wmv",
    b"%PDF-": "application/pdf",
    b"{\\rtf": "application/rtf",
    b"%!PS-Adobe-": "application/postscript",
    b"\xc5\xd0\xd3\xc6": "application/postscript",
    b"AT&TFORM": "image/vnd.djvu",
    b"SQLite format 3\0": "application/vnd.sqlite3",
    b"BZh": "application/x-bzip2",
    b"\xfd7zXZ\0": "application/x-xz",
    b"\x28\xb5\x2f\xfd": "application/zstd",
    b"7z\xbc\xaf\x27\x1c": "application/x-7z-compressed",
    b"Rar!\x1a\x07": "application/vnd.rar",
    b"!<arch>\ndebian-binary": "application/vnd.debian.binary-package",
    b"\xed\xab\xee\xdb": "application/x-rpm",
    b"MSCF\0\0\0\0": "application/vnd.ms-cab-compressed",
    b"\0\1\0\0\0": "font/ttf",
    b"true\0": "font/ttf",
    b"OTTO\0": "font/otf",
    b"ttcf\0": "font/collection",
    b"wOFF": "font/woff",
    b"wOF2": "font/woff2",
    b"\0asm": "application/wasm",
    b"\x7fELF": "application/x-elf",
    b"\xfe\xed\xfa\xce": "application/x-mach-binary",
    b"\xfe\xed\xfa\xcf": "application/x-mach-binary",
    b"\xce\xfa\xed\xfe": "application/x-mach-binary",
    b"\xcf\xfa\xed\xfe": "application/x-mach-binary",
    b"\x4c\0\0\0\x01\x14\x02\0": "application/x-ms-shortcut",
    b"ITSF\3\0\0\0": "application/vnd.ms-htmlhelp",
    b"Cr24": "application/x-chrome-extension",
}
_MAGIC = re.compile(b"|".join(map(re.escape, sorted(_AT_START, key=len, reverse=True))))
_FLASH = re.compile(rb"[FCZ]WS[\x01-\x30].{4}", re.DOTALL)
_PROGRAM_HEADER_AT = slice(60, 64)
_TS_PACKET = 188


def of_binary(head: bytes) -> str | None:
    r"""The content type that the first bytes of a file say, None where they say none.

    >>> of_binary(b"\x89PNG\r\n\x1a\n..."), of_binary(b"PNG")
    ('image/png', None)
    """
    if found := _MAGIC.match(head):
        return _AT_START[found.group()]
    if head.startswith(_STARTS):
        for kind, starts, says in _LESS_PLAIN:
            if head.startswith(starts) and says(head):
                return kind
    return next((kind for kind, says in _WITHOUT_START if says(head)), None)


def _is_bitmap(head: bytes) -> bool:
    """A header of a size there is: two letters would be many a text."""
    size = int.from_bytes(head[14:18], "little")
    return len(head) >= 18 and size in (12, 16, 40, 52, 56, 64, 108, 124)


def _is_windows_program(head: bytes) -> bool:
    if len(head) < _PROGRAM_HEADER_AT.stop:
        return False
    at = int.from_bytes(head[_PROGRAM_HEADER_AT], "little")
    return head[at : at + 2] in (b"PE", b"NE", b"LE", b"LX") or not head[2:64].isascii()


def _is_java_class(head: bytes) -> bool:
    """Fat macOS programs share these bytes; versions of Java begin at 45."""
    return int.from_bytes(head[6:8], "big") >= 45


def _is_transport_stream(head: bytes) -> bool:
    """Blu-ray's have four bytes before each packet."""
    return head[: 2 * _TS_PACKET + 1 : _TS_PACKET] == b"GGG" or head[4:389:192] == b"GGG"


def _is_mpeg_audio(head: bytes) -> bool:
    """A frame's header (ISO 11172-3): eleven ones, no reserved version, rate or frequency; layer II
    or III, because layer I could be the byte order mark of a text."""
    if len(head) < 4 or head[1] & 0xE0 != 0xE0:
        return False
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    rate, frequency = head[2] >> 4, head[2] >> 2 & 3
    return version != 1 and layer in (1, 2) and rate not in (0, 15) and frequency != 3


def _is_aac(head: bytes) -> bool:
    """An ADTS header (ISO 13818-7): twelve ones, layer 0, a frequency there is."""
    return len(head) >= 7 and head[1] & 0xF6 == 0xF0 and head[2] >> 2 & 15 < 13


_LESS_PLAIN: tuple[tuple[str, tuple[bytes, ...], Callable[[bytes], object]], ...] = (
    ("image/bmp", (b"BM",), _is_bitmap),
    ("application/x-shockwave-flash", (b"FWS", b"CWS", b"ZWS"), _FLASH.match),
    ("application/vnd.microsoft.portable-executable", (b"MZ",), _is_windows_program),
    ("application/java-vm", (b"\xca\xfe\xba\xbe",), _is_java_class),
    ("application/x-mach-binary", (b"\xca\xfe\xba\xbe",), bool),
    ("audio/aac", (b"\xff",), _is_aac),
    ("audio/mpeg", (b"\xff",), _is_mpeg_audio),
)
"""Content type, what the file begins with, and what else must be so."""
_STARTS = tuple(start for _, starts, _ in _LESS_PLAIN for start in starts)
_WITHOUT_START = (("application/x-tar", is_tar), ("video/mp2t", _is_transport_stream))
