"""One static file as a finder offers it, and safe ways to read it."""

import contextlib
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, TypeVar, cast

from django.core.files.storage import Storage

from roots.errors import BuildError
from roots.static.memory import Look

_PACKAGE_DIRECTORIES = {"site-packages", "dist-packages", "node_modules"}
_ATTEMPTS = 2
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Source:
    """One file of a finder: `name` is its logical name, `path` what `storage` calls it.

    `local_path` is where it is on this machine's disk; None where its storage is elsewhere. With
    `is_plain`, opening it there is all that its storage does.
    """

    name: str
    path: str
    storage: Storage
    local_path: str | None
    is_plain: bool

    @property
    def is_packaged(self) -> bool:
        """Whether it came with an installed package, so that its author is not this project's."""
        return not _PACKAGE_DIRECTORIES.isdisjoint(PurePath(self.local_path or "").parts)

    @property
    def origin(self) -> str:
        """Where the file is, for people."""
        return self.local_path or f"{self.path} in {self.storage.__class__.__name__}"

    def look(self) -> Look | None:
        """What one look at the file tells; None where it is not on this disk, or not to be seen."""
        if self.local_path is None or not self.is_plain:
            return None
        try:
            return _look(os.stat(self.local_path))
        except OSError:
            return None

    def read(self, reader: Callable[[IO[bytes]], _Result]) -> _Result:
        """What `reader` makes of the open file; asked again if the file changed meanwhile.

        Raises BuildError where the file is none, cannot be read or keeps changing.
        """
        for _ in range(_ATTEMPTS):
            with self._opened() as stream:
                before = _state(stream)
                result = reader(stream)
                if _state(stream) == before:
                    return result
        raise self.changed()

    def whole(self) -> bytes:
        """All of it. Raises BuildError as `read` does."""
        return self.read(lambda stream: stream.read())

    def copy(self, target: int, look: Look) -> bool:
        """Let the kernel copy the file to the descriptor `target`; False where it cannot.

        `look` is how the file looked when it was read, and it must not be younger than `RACY_NS`:
        then a file that still looks so has the same bytes. Raises BuildError for any other.
        """
        with self._opened() as stream:
            if _look(os.fstat(stream.fileno())) != look:
                raise self.changed()
            is_copied = _copy(stream.fileno(), target, look.size)
            if _look(os.fstat(stream.fileno())) != look:
                raise self.changed()
        return is_copied

    def changed(self) -> BuildError:
        """The error for a file that is not the same at two looks."""
        return BuildError(
            "This file changed while it was collected. Let whatever writes it finish, then run "
            "collectstatic again.",
            path=self.origin,
        )

    @contextlib.contextmanager
    def _opened(self) -> Iterator[IO[bytes]]:
        try:
            stream = self._open()
        except OSError as error:
            raise self._unreadable(error) from error
        with stream:
            yield stream

    def _open(self) -> IO[bytes]:
        if self.local_path is not None:
            self._refuse_special(os.stat(self.local_path).st_mode)
            if self.is_plain:
                return open(self.local_path, "rb", buffering=0, opener=_without_waiting)
        return cast(IO[bytes], self.storage.open(self.path, "rb"))

    def _refuse_special(self, mode: int) -> None:
        """Opening a pipe waits for who writes to it, and opening a device may do anything."""
        if not stat.S_ISREG(mode):
            kind = _KINDS.get(stat.S_IFMT(mode), "something else")
            raise BuildError(
                f"This is {kind}, not a file. Move it away, or leave it out with --ignore.",
                path=self.origin,
            )

    def _unreadable(self, error: OSError) -> BuildError:
        if self.local_path and os.path.islink(self.local_path):
            problem = f"This symbolic link leads nowhere (it says {os.readlink(self.local_path)!r})"
        else:
            problem = f"This file cannot be read ({error.strerror or error})"
        return BuildError(f"{problem}. Repair it, or leave it out with --ignore.", path=self.origin)


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)  # in case it became a pipe just now


def _look(facts: os.stat_result) -> Look:
    return Look(facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns, facts.st_ino)


def _copy(source: int, target: int, size: int) -> bool:
    """Whether the kernel copied `size` bytes; some file systems cannot, and say so in many ways."""
    left = size if hasattr(os, "copy_file_range") else -1
    with contextlib.suppress(OSError):
        while left > 0 and (copied := os.copy_file_range(source, target, left)):
            left -= copied
    return left == 0


def _state(stream: IO[bytes]) -> tuple[int, int] | None:
    try:
        facts = os.fstat(stream.fileno())
    except (OSError, AttributeError):  # in memory, or behind a network
        return None
    return facts.st_size, facts.st_mtime_ns


_KINDS = {
    stat.S_IFBLK: "a device",
    stat.S_IFCHR: "a device",
    stat.S_IFDIR: "a directory",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
}
