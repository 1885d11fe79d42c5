"""tar archives (POSIX.1-2001 pax, GNU), read as a stream: headers of 512 bytes, then content."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from roots.media.content.zips import BrokenArchive

_BLOCK = 512
_MAGIC = slice(257, 262)
_LINKS = b"12"
_NAMES_FOLLOW = {b"x": "pax", b"L": "gnu"}
_SKIPPED = b"gK"
_MAX_NAME_BYTES = 1 << 16
_PAX_PATH = re.compile(rb"(?:\A|\n)[0-9]+ path=([^\n]*)\n")
_PAX_SIZE = re.compile(rb"(?:\A|\n)[0-9]+ size=([0-9]{1,18})\n")


@dataclass(frozen=True, slots=True)
class TarMember:
    """A member begins: its name, and whether it is a link, symbolic or hard."""

    name: str
    is_link: bool


def is_tar(head: bytes) -> bool:
    """Whether a file that begins with `head` is a tar archive."""
    return head[_MAGIC] == b"ustar"


def members(chunks: Iterator[bytes]) -> Iterator[TarMember | bytes]:
    """Every member, each followed by the chunks of its content. Raises BrokenArchive."""
    stream = _Stream(chunks)
    name, size = None, None
    while (header := stream.block()).strip(b"\0"):
        kind = header[156:157]
        content_bytes = size if size is not None else _number(header[124:136])
        if kind in _NAMES_FOLLOW or kind in _SKIPPED:
            extra = stream.small(content_bytes)
            if kind == b"x":
                name, size = _from_pax(extra)
            elif kind == b"L":
                name = extra.rstrip(b"\0")
            continue
        yield TarMember(_text(name if name is not None else _name(header)), kind in _LINKS)
        if kind not in b"123456":
            yield from stream.content(content_bytes)
        name, size = None, None


class _Stream:
    """Chunks of any size, read by blocks."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._left = memoryview(b"")

    def block(self) -> bytes:
        """The next block; zeros where the archive just stops, as many do."""
        data = b"".join(self._take(_BLOCK))
        if data and len(data) < _BLOCK:
            raise BrokenArchive("breaks off")
        return data or bytes(_BLOCK)

    def small(self, size: int) -> bytes:
        """Content that has to be held."""
        if size > _MAX_NAME_BYTES:
            raise BrokenArchive("has a name that is too long")
        return b"".join(self.content(size))

    def content(self, size: int) -> Iterator[bytes]:
        """Content, and the padding behind it read over."""
        count = 0
        for chunk in self._take(size):
            count += len(chunk)
            yield chunk
        if count < size:
            raise BrokenArchive("breaks off")
        for _ in self._take(-size % _BLOCK):
            pass

    def _take(self, size: int) -> Iterator[bytes]:
        while size > 0:
            if not self._left:
                self._left = memoryview(next(self._chunks, b""))
                if not self._left:
                    return
            piece, self._left = self._left[:size], self._left[size:]
            size -= len(piece)
            yield bytes(piece)


def _number(field: bytes) -> int:
    """Octal digits, or (GNU) a binary number behind a byte with the high bit."""
    if field[0] & 0x80:
        return int.from_bytes(field[1:], "big")
    try:
        return int(field.strip(b"\0 ") or b"0", 8)
    except ValueError:
        raise BrokenArchive("has a header that makes no sense") from None


def _name(header: bytes) -> bytes:
    prefix = header[345:500].rstrip(b"\0") if header[_MAGIC.start : 263] == b"ustar\0" else b""
    name = header[:100].partition(b"\0")[0]
    return prefix + b"/" + name if prefix else name


def _from_pax(extra: bytes) -> tuple[bytes | None, int | None]:
    path, size = _PAX_PATH.search(extra), _PAX_SIZE.search(extra)
    return (path[1] if path else None), (int(size[1]) if size else None)


def _text(name: bytes) -> str:
    return name.decode("utf-8", "replace")
