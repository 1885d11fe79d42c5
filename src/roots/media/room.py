"""How much a disk still takes: asked now and then, and counted in between."""

import os
import threading
import time
from functools import cache

_KNOWN_FOR_S = 1.0
_KNOWN_FOR_BYTES = 16 << 20


class Room:
    """The space on the disk of one directory, for all threads of this process.

    What others write is noticed a second, or 16 MiB of our own, later.
    """

    def __init__(self, directory: str) -> None:
        self.directory = directory
        self._lock = threading.Lock()
        self._free_bytes, self._written_bytes, self._asked_at_s = 0.0, 0, float("-inf")

    def has(self, size: int, reserve: int) -> bool:
        """Whether `size` more bytes could be written so that `reserve` bytes stay free. Always so
        where the system does not tell."""
        with self._lock:
            return self._has(size + reserve)

    def take(self, size: int, reserve: int) -> bool:
        """The same; and if so, they count as written."""
        with self._lock:
            if not self._has(size + reserve):
                return False
            self._free_bytes -= size
            self._written_bytes += size
            return True

    def _has(self, size: int) -> bool:
        if self._is_old() or self._free_bytes < size:
            self._ask()
        return self._free_bytes >= size

    def _is_old(self) -> bool:
        is_late = time.monotonic() - self._asked_at_s > _KNOWN_FOR_S
        return is_late or self._written_bytes > _KNOWN_FOR_BYTES

    def _ask(self) -> None:
        self._free_bytes = _free_bytes(self.directory)
        self._written_bytes, self._asked_at_s = 0, time.monotonic()


@cache
def room_in(directory: str) -> Room:
    """The one `Room` of a directory, which need not be there yet."""
    return Room(directory)


def _free_bytes(directory: str) -> float:
    """What this user may still write there; infinite where nobody knows."""
    try:
        facts = os.statvfs(directory)
    except FileNotFoundError:
        above = os.path.dirname(directory)
        return _free_bytes(above) if above != directory else float("inf")
    except OSError:
        return float("inf")
    return float(facts.f_bavail * facts.f_frsize)
