"""Opening a file of a root: only regular files, only inside the root, on one descriptor.

What is checked is what is sent: size, kind and place are read off the open descriptor, so nothing
can be swapped in between (aiohttp CVE-2024-23334 and its variant for `.gz` siblings).
"""

import errno
import logging
import os
import stat
from dataclasses import dataclass
from io import FileIO
from typing import Self

from roots.paths import is_inside
from roots.serve.messages import Facts

logger = logging.getLogger("roots.serve")

_MISSING = frozenset(
    {errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.ENXIO}
)


class UnavailableError(Exception):
    """The machine cannot open the file now: out of descriptors, an I/O error, a stale mount."""


@dataclass(frozen=True, slots=True)
class OpenFile:
    """An open file that its holder must close, and what is known of it."""

    stream: FileIO
    path: str
    facts: Facts

    @classmethod
    def open(cls, directory: str, name: str) -> Self | None:
        """The regular file `name` inside `directory`; None where there is none.

        A symlink may lead elsewhere inside the root, never out of it. Raises UnavailableError.
        """
        path = f"{directory}/{name}"
        try:
            stream = FileIO(path, opener=_open_descriptor)
        except OSError as error:
            _explain(path, error)
            return None
        status = os.fstat(stream.fileno())
        if stat.S_ISREG(status.st_mode) and _is_beneath(stream, path, directory):
            return cls(stream, path, Facts(status.st_size, status.st_mtime_ns))
        stream.close()
        return None


def _open_descriptor(path: str, flags: int) -> int:
    # O_NONBLOCK: a FIFO must not hold the worker until somebody writes to it.
    return os.open(path, flags | os.O_NONBLOCK | os.O_NOCTTY)


def _is_beneath(stream: FileIO, path: str, directory: str) -> bool:
    try:
        real = os.readlink(f"/proc/self/fd/{stream.fileno()}")
    except OSError:  # no /proc here
        real = os.path.realpath(path)
    return real == path or is_inside(real, os.path.realpath(directory))


def _explain(path: str, error: OSError) -> None:
    if error.errno in _MISSING:
        return
    if error.errno == errno.EACCES:
        logger.warning("%r may not be read by this process: check its mode and owner.", path)
        return
    logger.error("%r cannot be opened now: %s.", path, os.strerror(error.errno or 0))
    raise UnavailableError(path) from error
