"""Puts one planned file at a time into STATIC_ROOT."""

import contextlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple

from blake3 import blake3

from roots import atomic, digests
from roots.atomic import Modes
from roots.errors import BuildError
from roots.static.planned import PlannedFile, edited
from roots.static.source import Source


class Need(NamedTuple):
    """A planned file, and which of its names are to be given their bytes."""

    file: PlannedFile
    is_stored: bool
    is_logical: bool


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes below `root`. With `is_linking`, logical names are symbolic links to the sources."""

    root: Path
    modes: Modes
    is_linking: bool = False

    def write(self, need: Need) -> None:
        """Write what is needed; it may be written twice.

        Raises BuildError where the source changed since it was planned, StorageError as
        `atomic.replacing` does.
        """
        with atomic.blaming_environment(self.root / need.file.source.name):
            if need.is_stored:
                self._write_stored(need.file)
            if need.is_logical:
                self._write_logical(need.file)

    def _write_stored(self, file: PlannedFile) -> None:
        path = self._path(file.stored or "")
        if not file.edits:
            return self._copy(file, path)
        data = edited(file.source, file.original, file.edits)
        return atomic.write(Path(path), data, self.modes)

    def _write_logical(self, file: PlannedFile) -> None:
        """Give the logical name its bytes: as a link where it can be one, as a copy elsewhere."""
        path = self._path(file.source.name)
        if self.is_linking:
            self._link(path, lambda new: os.symlink(_linkable(file.source), new))
        elif file.stored is None or file.edits:
            self._copy(file, path)
        else:
            stored = self._path(file.stored)
            try:
                self._link(path, lambda new: os.link(stored, new))
            except OSError:  # no hard links here, or too many to this file
                self._copy(file, path)

    def _copy(self, file: PlannedFile, path: str) -> None:
        with atomic.filling(path, self.modes) as target:
            if file.look is None or not file.source.copy(target, file.look):
                file.source.read(lambda stream: _copy_checked(file, stream, target))

    def _link(self, path: str, make: Callable[[str], None]) -> None:
        """Let `make` make `path`; what has that name is replaced in one step."""
        try:
            return make(path)
        except FileExistsError:
            pass
        except FileNotFoundError:
            atomic.make_directories(Path(path).parent, self.modes)
        temporary = atomic.beside(path)
        try:
            make(temporary)
            os.replace(temporary, path)
        finally:
            # still there after a failure, or where both names were one file already
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temporary)

    def _path(self, name: str) -> str:
        return f"{self.root}/{name}"


def _copy_checked(file: PlannedFile, stream: IO[bytes], target: int) -> None:
    """Copy the source, which must still have the bytes it was named after."""
    hasher = blake3()
    os.truncate(target, 0)
    with open(target, "wb", closefd=False) as copied:
        copied.seek(0)
        while chunk := stream.read(digests.CHUNK_BYTES):
            hasher.update(chunk)
            copied.write(chunk)
    if hasher.hexdigest() != file.original.digest:
        raise file.source.changed()


def _linkable(source: Source) -> str:
    if source.local_path is None:
        raise BuildError(
            "This file is not on this machine's disk, so --link cannot link to it. Collect without "
            "--link.",
            path=source.origin,
        )
    return source.local_path
