"""The directory of a ZIP archive (PKWARE APPNOTE 4.3), read a little at a time.

`zipfile` makes an object of every entry before it says how many there are, which is itself a bomb:
a directory of 100 MB fits in an upload of 100 MB.
"""

import stat
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

_END = b"PK\x05\x06"
_END_BYTES = 22
_MAX_COMMENT_BYTES = 0xFFFF
_END64_LOCATOR = b"PK\x06\x07"
_END64_LOCATOR_BYTES = 20
_END64 = b"PK\x06\x06"
_END64_BYTES = 56
_ENTRY = struct.Struct("<4s4xHH8xIIHHH4xII")
_ENTRY_MAGIC = b"PK\x01\x02"
_LOCAL = struct.Struct("<4s22xHH")
_LOCAL_MAGIC = b"PK\x03\x04"
_SIZES64_ID = 1
_IN_64 = 0xFFFFFFFF


class BrokenArchive(Exception):
    """The archive cannot be read; `str` says why, after "it"."""


@dataclass(frozen=True, slots=True)
class Member:
    """An entry of the directory, as it describes itself: nothing of it is proved."""

    name: str
    method: int
    is_encrypted: bool
    is_symlink: bool
    packed_bytes: int
    header_at: int


def members(file: BinaryIO) -> Iterator[Member]:
    """Every entry of the directory, in its order. Raises BrokenArchive."""
    start, end = _directory(file)
    while start < end:
        file.seek(start)
        fixed = file.read(_ENTRY.size)
        if len(fixed) < _ENTRY.size or fixed[:4] != _ENTRY_MAGIC:
            raise BrokenArchive("has a directory that breaks off")
        lengths = struct.unpack("<HHH", fixed[28:34])
        variable = file.read(sum(lengths))
        if len(variable) < sum(lengths):
            raise BrokenArchive("has a directory that breaks off")
        yield _member(fixed, variable)
        start += _ENTRY.size + sum(lengths)


def content_at(file: BinaryIO, member: Member) -> int:
    """Where the packed content of `member` begins. Raises BrokenArchive."""
    file.seek(member.header_at)
    header = file.read(_LOCAL.size)
    if len(header) < _LOCAL.size or header[:4] != _LOCAL_MAGIC:
        raise BrokenArchive("lists a file that it does not hold")
    _, name_length, extra_length = _LOCAL.unpack(header)
    return member.header_at + _LOCAL.size + int(name_length) + int(extra_length)


def _member(fixed: bytes, variable: bytes) -> Member:
    _, flags, method, packed, unpacked, name_length, extra_length, _, attributes, at = (
        _ENTRY.unpack(fixed)
    )
    raw, extra = variable[:name_length], variable[name_length : name_length + extra_length]
    _, packed, at = _sizes64(extra, [unpacked, packed, at])
    return Member(
        name=raw.decode("utf-8" if flags & 0x800 else "cp437", "replace"),
        method=method,
        is_encrypted=bool(flags & 0x41),
        is_symlink=stat.S_ISLNK(attributes >> 16),
        packed_bytes=packed,
        header_at=at,
    )


def _sizes64(extra: bytes, sizes: list[int]) -> list[int]:
    """`sizes`, where one that did not fit 32 bits is taken from the extra field made for it."""
    while len(extra) >= 4:
        kind, length = struct.unpack("<HH", extra[:4])
        if kind == _SIZES64_ID:
            wide = iter(struct.iter_unpack("<Q", extra[4 : 4 + length // 8 * 8]))
            return [next(wide, (each,))[0] if each == _IN_64 else each for each in sizes]
        extra = extra[4 + length :]
    return sizes


def _directory(file: BinaryIO) -> tuple[int, int]:
    """Where the directory begins and ends."""
    size = file.seek(0, 2)
    tail_at = max(0, size - _END_BYTES - _MAX_COMMENT_BYTES - _END64_LOCATOR_BYTES)
    file.seek(tail_at)
    tail = file.read(size - tail_at)
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_BYTES:
        raise BrokenArchive("has no directory")
    length, start = struct.unpack("<II", tail[at + 12 : at + 20])
    locator = tail[max(0, at - _END64_LOCATOR_BYTES) : at]
    if locator[:4] == _END64_LOCATOR:
        length, start = _directory64(file, int.from_bytes(locator[8:16], "little"))
    if start + length > size:
        raise BrokenArchive("has a directory that is not in the file")
    return start, start + length


def _directory64(file: BinaryIO, at: int) -> tuple[int, int]:
    if at > file.seek(0, 2):
        raise BrokenArchive("has a directory that is not in the file")
    file.seek(at)
    end = file.read(_END64_BYTES)
    if len(end) < _END64_BYTES or end[:4] != _END64:
        raise BrokenArchive("has no directory")
    length, start = struct.unpack("<QQ", end[40:56])
    return length, start
