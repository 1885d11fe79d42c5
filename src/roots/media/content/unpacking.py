"""Packed bytes, unpacked a little at a time: no input makes it hold more than a little."""

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from typing import Any

OUTPUT_BYTES = 1 << 16
_LZMA_MEMORY_BYTES = 128 << 20


class BrokenStream(Exception):
    """The bytes cannot be unpacked; `str` says why, after "it"."""


def unpacked(chunks: Iterator[bytes], method: str) -> Iterator[bytes]:
    """The unpacked bytes of `chunks`, in pieces of at most OUTPUT_BYTES. `method` is `stored`,
    `deflate`, `gzip`, `bzip2` or `xz`. Raises BrokenStream."""
    if method == "stored":
        return chunks
    return _unpacked(chunks, _UNPACKERS[method], is_row=method != "deflate")


def _unpacked(
    chunks: Iterator[bytes], make: "Callable[[], _Unpacker]", *, is_row: bool
) -> Iterator[bytes]:
    """`is_row`: further streams may follow the first, as `cat a.gz b.gz` makes them."""
    unpacker = make()
    try:
        for chunk in chunks:
            data = chunk
            while data or not unpacker.is_hungry:
                if unpacker.eof:
                    data = unpacker.unused_data or data
                    if not is_row or not data.strip(b"\0"):
                        return
                    unpacker = make()
                if piece := unpacker.push(data):
                    yield piece
                data = unpacker.unused_data if unpacker.eof else b""
    except (zlib.error, OSError, lzma.LZMAError, EOFError, ValueError) as error:
        raise BrokenStream("cannot be unpacked") from error
    if not unpacker.eof:
        raise BrokenStream("breaks off")


class _Unpacker:
    """bz2 and lzma."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    @property
    def eof(self) -> bool:
        return bool(self._stream.eof)

    @property
    def unused_data(self) -> bytes:
        return bytes(self._stream.unused_data)

    @property
    def is_hungry(self) -> bool:
        return self.eof or bool(self._stream.needs_input)

    def push(self, data: bytes) -> bytes:
        return bytes(self._stream.decompress(data, OUTPUT_BYTES))


class _Zlib(_Unpacker):
    """zlib with the interface that the others have: what was not taken yet stays inside."""

    _is_full = False

    @property
    def is_hungry(self) -> bool:
        return self.eof or not (self._stream.unconsumed_tail or self._is_full)

    def push(self, data: bytes) -> bytes:
        piece = super().push(self._stream.unconsumed_tail + data)
        self._is_full = len(piece) == OUTPUT_BYTES
        return piece


_UNPACKERS: dict[str, Callable[[], _Unpacker]] = {
    "deflate": lambda: _Zlib(zlib.decompressobj(-zlib.MAX_WBITS)),
    "gzip": lambda: _Zlib(zlib.decompressobj(16 + zlib.MAX_WBITS)),
    "bzip2": lambda: _Unpacker(bz2.BZ2Decompressor()),
    "xz": lambda: _Unpacker(lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_LZMA_MEMORY_BYTES)),
}
