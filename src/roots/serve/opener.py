"""Opening a file of a root: only regular files, only inside the root, on one descriptor.

What is checked is what is sent: size, kind and place are read off the open descriptor, so nothing
can be swapped in between (aiohttp CVE-2024-23334 and its variant for `.gz` siblings).
"""

import errno
import os
import stat
from dataclasses import dataclass
from io import FileIO
from typing import Self

from roots.paths import is_inside
from roots.serve.messages import Facts
from roots.serve.reports import REPORTS

_EXHAUSTED = frozenset({errno.EMFILE, errno.ENFILE})
_MISSING = frozenset(
    {errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.ENXIO}
)


class UnavailableError(Exception):
    """The machine cannot open the file now: out of descriptors, an I/O error, a stale mount."""


class TruncatedError(BrokenPipeError):
    """A file became shorter while it was sent: the connection must break, or the next reply would
    pass for the missing bytes. WSGI servers close it for EPIPE without a word."""

    def __init__(self, path: str) -> None:
        super().__init__(errno.EPIPE, "The file became shorter while it was sent", path)


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

    def read(self, size: int, offset: int) -> bytes:
        """Up to `size` bytes from `offset`, at least one. Blocks on the disk.

        Raises TruncatedError, having said so in the log.
        """
        return self._required(os.pread(self.stream.fileno(), size, offset))

    def read_cached(self, size: int, offset: int) -> bytes | None:
        """As `read`, but never blocks: None where the bytes, or this system, do not allow it."""
        buffer = bytearray(size)
        try:
            size = os.preadv(self.stream.fileno(), [buffer], offset, _WITHOUT_WAITING)
        except (OSError, AttributeError):
            return None
        return self._required(bytes(memoryview(buffer)[:size]))

    def require_whole(self) -> None:
        """Raise TruncatedError, having said so in the log, where the file has become shorter."""
        if os.fstat(self.stream.fileno()).st_size < self.facts.size:
            raise self._truncated()

    def _required(self, chunk: bytes) -> bytes:
        if not chunk:
            raise self._truncated()
        return chunk

    def _truncated(self) -> TruncatedError:
        REPORTS.error(
            ("truncated", self.path),
            "%r became shorter while it was sent, so the connection was broken. Write a new file "
            "and rename it, instead of writing into one that is served.",
            self.path,
        )
        return TruncatedError(self.path)


_WITHOUT_WAITING: int = getattr(os, "RWF_NOWAIT", -1)  # Linux: what is not in memory is EAGAIN


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
        REPORTS.warn(
            ("EACCES", path), "%r may not be read by this process: check its mode and owner.", path
        )
        return
    report(path, error)
    raise UnavailableError(path) from error


def report(path: str, error: OSError) -> None:
    """Say in the log that the machine cannot open `path` now."""
    # Out of descriptors is one trouble, whatever is asked for meanwhile.
    subject = error.errno if error.errno in _EXHAUSTED else (error.errno, path)
    reason = os.strerror(error.errno or 0)
    REPORTS.error(subject, "%r cannot be opened now: %s.", path, reason)


def look_at_root(directory: str) -> None:
    """Say so in the log where nothing can be found because the root is not mounted.

    Raises UnavailableError where it cannot even be looked at.
    """
    try:
        with os.scandir(directory) as entries:
            trouble = "" if any(True for _ in entries) else "is empty"
    except (FileNotFoundError, NotADirectoryError):
        trouble = "is not there"
    except OSError as error:
        _explain(directory, error)
        return
    if trouble:
        REPORTS.warn(("root", directory), "%r %s: is it mounted?", directory, trouble)
