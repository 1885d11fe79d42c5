"""Puts one planned file at a time into STATIC_ROOT."""

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from blake3 import blake3

from roots import atomic, digests
from roots.atomic import Modes
from roots.errors import BuildError
from roots.static.content import Content
from roots.static.plan import PlannedFile, edited
from roots.static.sources import Source


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes below `root`. With `is_linking`, logical names are symbolic links to the sources."""

    root: Path
    modes: Modes
    is_linking: bool = False

    def write_stored(self, file: PlannedFile) -> None:
        """Write the stored file. Raises BuildError where the source changed since it was planned,
        StorageError as `atomic.replacing` does."""
        path = self.root / (file.stored or "")
        if not file.edits:
            return self._copy(file.source, file.original, path)
        data = edited(file.source, file.original, file.edits)
        return atomic.write(path, data, self.modes)

    def write_logical(self, file: PlannedFile) -> None:
        """Give the logical name its bytes: as a link where it can be one, as a copy elsewhere.

        Raises as `write_stored` does.
        """
        path = self.root / file.source.name
        if self.is_linking:
            self._replace(path, lambda new: os.symlink(_linkable(file.source), new))
        elif file.stored is None or file.edits:
            self._copy(file.source, file.original, path)
        else:
            stored = self.root / file.stored
            try:
                self._replace(path, lambda new: os.link(stored, new))
            except OSError:  # no hard links here, or too many to this file
                self._copy(file.source, file.original, path)

    def _copy(self, source: Source, content: Content, target: Path) -> None:
        def copy(stream: IO[bytes]) -> None:
            hasher = blake3()
            with atomic.replacing(target, self.modes) as copied:
                while chunk := stream.read(digests.CHUNK_BYTES):
                    hasher.update(chunk)
                    copied.write(chunk)
                if hasher.hexdigest() != content.digest:
                    raise source.changed()

        source.read(copy)

    def _replace(self, path: Path, make: Callable[[Path], None]) -> None:
        temporary = path.with_name(f"{atomic.TEMPORARY_PREFIX}{secrets.token_hex(8)}")
        atomic.make_directories(path.parent, self.modes)
        try:
            make(temporary)
            temporary.replace(path)
        finally:
            # still there after a failure, or where both names were one file already
            temporary.unlink(missing_ok=True)


def _linkable(source: Source) -> str:
    if source.local_path is None:
        raise BuildError(
            "This file is not on this machine's disk, so --link cannot link to it. Collect without "
            "--link.",
            path=source.origin,
        )
    return source.local_path
