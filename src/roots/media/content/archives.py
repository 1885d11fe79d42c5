"""Archives, looked into: unpacked as far as the rules allow, counted, and thrown away.

What a directory says about sizes is a claim. What counts is what comes out, and a bomb is stopped
when the count is reached: it never fills a disk or the memory.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from roots.media.content import formats, tars, zips
from roots.media.content.sniff import HEAD_BYTES, sniff
from roots.media.content.unpacking import BrokenStream, unpacked
from roots.media.content.zips import BrokenArchive
from roots.media.refusals import refuse, spoken_size

_PACKED_FILES = {
    formats.GZIP: "gzip",
    "application/x-bzip2": "bzip2",
    "application/x-xz": "xz",
}
_ZIP_METHODS = {0: "stored", 8: "deflate", 12: "bzip2"}
_TAR = "application/x-tar"
LOOKED_INTO = formats.ZIPPED | {_TAR} | frozenset(_PACKED_FILES)
_ESCAPES = re.compile(r"(\A|[/\\])\.\.([/\\]|\Z)|\A[/\\]|\A[A-Za-z]:|\0")
_RATIO_COUNTS_FROM_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class ArchiveBounds:
    """The most files in an archive, bytes once unpacked, and bytes unpacked per byte packed (which
    counts from 1 MiB on); None for no limit. And whether it may hold archives."""

    members: int | None = None
    unpacked_bytes: int | None = None
    ratio: int | None = None
    nested: bool = False


def look_into(file: BinaryIO, content_type: str, name: str, bounds: ArchiveBounds) -> None:
    """Raises UploadRejected where what is in `file`, called `name`, breaks a rule or cannot be
    read; `content_type` is one of LOOKED_INTO."""
    count = _Count(name, bounds, file.seek(0, 2))
    try:
        if content_type in formats.ZIPPED:
            _look_into_zip(file, count)
        elif content_type == _TAR:
            _look_into_tar(_from_start(file), count)
        else:
            _look_into_packed(file, _PACKED_FILES[content_type], count)
    except (BrokenArchive, BrokenStream) as broken:
        raise refuse("broken", name=name, why=str(broken)) from broken


@dataclass(slots=True)
class _Count:
    """What came out so far. Everything it does may raise UploadRejected."""

    name: str
    bounds: ArchiveBounds
    packed_bytes: int
    members: int = 0
    unpacked_bytes: int = 0
    head: bytearray = field(default_factory=bytearray)

    def member(self, name: str, *, is_link: bool = False) -> None:
        """A member begins."""
        self.members += 1
        self.head.clear()
        shown = repr(name[:80])
        if self.bounds.members is not None and self.members > self.bounds.members:
            raise refuse("members", name=self.name, most=self.bounds.members)
        if _ESCAPES.search(name):
            raise refuse("member_name", name=self.name, member=shown)
        if is_link:
            raise refuse("link", name=self.name, member=shown)

    def content(self, member: str, chunk: bytes) -> None:
        """Bytes of the member's content came out."""
        if len(self.head) >= HEAD_BYTES or self.bounds.nested:
            return
        self.head += chunk[: HEAD_BYTES - len(self.head)]
        if sniff(bytes(self.head)).family == "archive":
            raise refuse("nested", name=self.name, member=repr(member[:80]))

    def bytes(self, count: int) -> None:
        """So many bytes came out."""
        self.unpacked_bytes += count
        most, ratio = self.bounds.unpacked_bytes, self.bounds.ratio
        if most is not None and self.unpacked_bytes > most:
            raise refuse("unpacked", name=self.name, most=spoken_size(most))
        is_large = self.unpacked_bytes > _RATIO_COUNTS_FROM_BYTES
        if ratio is not None and is_large and self.unpacked_bytes > ratio * self.packed_bytes:
            raise refuse("ratio", name=self.name, most=ratio)


def _look_into_zip(file: BinaryIO, count: _Count) -> None:
    spans = []
    for member in zips.members(file):
        count.member(member.name, is_link=member.is_symlink)
        if member.is_encrypted:
            raise refuse("encrypted", name=count.name)
        start = zips.content_at(file, member)
        spans.append((member.header_at, start + member.packed_bytes))
        for chunk in unpacked(_span(file, start, member.packed_bytes), _method(member.method)):
            count.bytes(len(chunk))
            count.content(member.name, chunk)
    if _overlap(spans):
        # One packed zero-filled file, listed a thousand times (Fifield's bomb).
        raise BrokenArchive("has files that overlap")


def _look_into_tar(chunks: Iterator[bytes], count: _Count) -> None:
    member = ""
    counted = _counted(chunks, count)
    for event in tars.members(counted):
        if isinstance(event, bytes):
            count.content(member, event)
        else:
            member = event.name
            count.member(member, is_link=event.is_link)
    for _ in counted:  # what follows the end is unpacked by some, and a bomb like any other
        pass


def _look_into_packed(file: BinaryIO, method: str, count: _Count) -> None:
    """One packed file; a tar inside it is looked into as well."""
    chunks = unpacked(_from_start(file), method)
    first = b""
    while len(first) < HEAD_BYTES and (chunk := next(chunks, b"")):
        first += chunk
    chunks = itertools.chain([first], chunks)
    if tars.is_tar(first):
        _look_into_tar(chunks, count)
        return
    count.member("")
    for chunk in _counted(chunks, count):
        count.content("", chunk)


def _counted(chunks: Iterator[bytes], count: _Count) -> Iterator[bytes]:
    """The chunks; of a tar its headers count as well, or a million of them were a bomb."""
    for chunk in chunks:
        count.bytes(len(chunk))
        yield chunk


def _method(number: int) -> str:
    if number not in _ZIP_METHODS:
        raise BrokenArchive("is packed in a way that is not known here")
    return _ZIP_METHODS[number]


def _overlap(spans: list[tuple[int, int]]) -> bool:
    spans.sort()
    return any(one[1] > other[0] for one, other in itertools.pairwise(spans))


def _from_start(file: BinaryIO) -> Iterator[bytes]:
    return _span(file, 0, file.seek(0, 2))


def _span(file: BinaryIO, at: int, size: int) -> Iterator[bytes]:
    while size > 0:
        file.seek(at)
        chunk = file.read(min(size, 1 << 16))
        if not chunk:
            raise BrokenArchive("breaks off")
        yield chunk
        at, size = at + len(chunk), size - len(chunk)
