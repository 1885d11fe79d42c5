"""Compressed bytes by content and encoder, kept outside STATIC_ROOT and shared by projects.

An entry is a file: a checksum, then the bytes. It is written in one step and never changed, so
any number of builds may use one cache at once; one that does not match its checksum is made anew.
"""

import contextlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from blake3 import blake3

from roots import atomic
from roots.atomic import Modes
from roots.errors import StorageError
from roots.static.variants import Encoder

_CHECKSUM_BYTES = 32
_MODES = Modes(0o600, 0o700)
_ABANDONED_S = 3600  # after so long, a temporary file belongs to a build that was killed


@dataclass(slots=True)
class BuildCache:
    """A cache in `directory` of at most `max_bytes`, kept so by `trim`.

    A directory that cannot be written is told once to `warn`; the build goes on without.
    """

    directory: Path
    max_bytes: int
    warn: Callable[[str], None]
    hits: int = 0
    _has_written: bool = field(default=False, init=False)
    _is_broken: bool = field(default=False, init=False)

    def compress(self, digest: str, encoder: Encoder, data: bytes) -> bytes:
        """`data`, whose digest is `digest`, by `encoder`: from the cache, or made and put there."""
        path = self.directory / digest[:2] / f"{digest}.{encoder.identity}"
        found = self._get(path)
        if found is not None:
            self.hits += 1
            return found
        made = encoder.encode(data)
        self._put(path, made)
        return made

    def trim(self) -> None:
        """Delete what was not used for longest, until `max_bytes` are not exceeded.

        Does nothing when nothing was written. Others may use and trim the cache meanwhile.
        """
        if not self._has_written:
            return
        entries = self._entries()
        total = sum(size for _, size, _ in entries)
        for _, size, path in sorted(entries):
            if total <= self.max_bytes:
                break
            with contextlib.suppress(OSError):
                os.unlink(path)
                total -= size

    def _get(self, path: Path) -> bytes | None:
        try:
            stored = path.read_bytes()
        except OSError:
            return None
        data = stored[_CHECKSUM_BYTES:]
        if blake3(data).digest() != stored[:_CHECKSUM_BYTES]:
            return None  # what is made instead takes its place
        with contextlib.suppress(OSError):
            os.utime(path)  # the time of its last use
        return data

    def _put(self, path: Path, data: bytes) -> None:
        if self._is_broken:
            return
        try:
            atomic.write(path, blake3(data).digest() + data, _MODES)
            self._has_written = True
        except (StorageError, OSError) as error:
            self._is_broken = True
            self.warn(
                f"The build cache cannot be used, so the next build will compress again: {error} "
                "Or move it with ROOTS_BUILD_CACHE, which may be empty for none."
            )

    def _entries(self) -> list[tuple[float, int, str]]:
        """Last use, size and path of each entry; what killed builds left behind is deleted."""
        found = []
        abandoned_before = time.time() - _ABANDONED_S
        for directory, _, names in os.walk(self.directory):
            for name in names:
                path = os.path.join(directory, name)
                with contextlib.suppress(OSError):
                    facts = os.lstat(path)
                    if not name.startswith(atomic.TEMPORARY_PREFIX):
                        found.append((facts.st_mtime, facts.st_size, path))
                    elif facts.st_mtime < abandoned_before:
                        os.unlink(path)
        return found


def default_directory() -> Path | None:
    """`$XDG_CACHE_HOME/django-roots/build`, below `~/.cache` where that is not set; None for a user
    without a home."""
    try:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    except RuntimeError:
        return None
    return Path(base) / "django-roots" / "build"
