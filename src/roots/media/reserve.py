"""Keeps `ROOTS["RESERVE_BYTES"]` of each disk free from uploads."""

import logging
import os
from collections.abc import Iterable, Iterator
from typing import Any

from roots import conf
from roots.media.refusals import refuse, spoken_size
from roots.media.room import room_in

_log = logging.getLogger("roots.media")


def require_room(
    directory: str | os.PathLike[str], size: int, name: str, *, is_written: bool = True
) -> None:
    """Count `size` bytes that an upload called `name` is about to write in `directory`, or is going
    to (not `is_written`). Raises UploadRejected ("full") where they would take from the reserve."""
    reserve = conf.configuration().reserve_bytes
    if not reserve:
        return
    room = room_in(os.fspath(directory))
    if not (room.take if is_written else room.has)(size, reserve):
        _log.error(
            "Refused %s: %s more bytes in %s would take from the %s that ROOTS['RESERVE_BYTES'] "
            "keeps free. Free space on that disk, or lower the reserve.",
            *(name, size, directory, spoken_size(reserve)),
        )
        raise refuse("full", name=name)


def with_room(chunks: Iterable[Any], directory: str | os.PathLike[str], name: str) -> Iterable[Any]:
    """`chunks`, as long as there is room for them. Raises as `require_room`."""
    return _counted(chunks, directory, name) if conf.configuration().reserve_bytes else chunks


def _counted(chunks: Iterable[Any], directory: str | os.PathLike[str], name: str) -> Iterator[Any]:
    for chunk in chunks:
        require_room(directory, len(chunk), name)
        yield chunk
