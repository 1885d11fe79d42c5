"""What names a file: the digest of its bytes, and how many there are."""

from typing import IO, NamedTuple

from roots import digests


class Content(NamedTuple):
    """The digest and the size of some bytes."""

    digest: str
    size: int


def of_bytes(data: bytes) -> Content:
    """The content of `data`."""
    return Content(digests.of_bytes(data), len(data))


def of_stream(stream: IO[bytes], size: int = digests.CHUNK_BYTES) -> Content:
    """The content of everything in `stream`, read from its start; memory stays flat.

    `size` is how much that will probably be: little is not given room for much.
    """
    return Content(digests.of_stream(stream, min(size + 1, digests.CHUNK_BYTES)), stream.tell())
