"""The disk a directory is on: how full it is, and whether it is the one of another."""

import os
from dataclasses import dataclass
from pathlib import Path

LEAST_BYTES, PLENTY_BYTES = 200 << 20, 5 << 30
LEAST_SHARE = 0.05
_MOUNTS = Path("/proc/self/mounts")


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes and names that users other than root may still use on a disk, and all it has. A disk
    that knows no number of names has 0 of them in all."""

    free_bytes: int
    all_bytes: int
    free_names: int
    all_names: int

    @property
    def shortage(self) -> str | None:
        """What there is too little of, in words; None where there is enough. A disk of no size is
        none, as those of /proc.

        >>> Room(1 << 30, 40 << 30, 0, 0).shortage
        '1.0 GiB of 40.0 GiB are free'
        >>> Room(6 << 30, 400 << 30, 0, 0).shortage
        >>> Room(6 << 30, 40 << 30, 100, 1_000_000).shortage
        '100 of 1000000 inodes are free'
        """
        bytes_left = self.free_bytes < PLENTY_BYTES and _is_little(self.free_bytes, self.all_bytes)
        if self.all_bytes and (bytes_left or self.free_bytes < LEAST_BYTES):
            return f"{size(self.free_bytes)} of {size(self.all_bytes)} are free"
        if _is_little(self.free_names, self.all_names):
            return f"{self.free_names} of {self.all_names} inodes are free"
        return None


def room(directory: str) -> Room | None:
    """The room on the disk of `directory`, or of the nearest one above that is there; None where it
    is read-only, and nothing can be added anyway."""
    facts = os.statvfs(nearest(directory))
    if facts.f_flag & os.ST_RDONLY:
        return None
    unit = facts.f_frsize
    return Room(facts.f_bavail * unit, facts.f_blocks * unit, facts.f_favail, facts.f_files)


def nearest(path: str) -> str:
    """`path`, or the directory nearest above it that exists."""
    while not os.path.exists(path):
        path = os.path.dirname(path)
    return path


def are_one(one: str, other: str) -> bool:
    """Whether two directories are on one file system, or would be: then moving is renaming."""
    return os.stat(nearest(one)).st_dev == os.stat(nearest(other)).st_dev


def is_in_memory(directory: str) -> bool:
    """Whether what is written to `directory` is kept in memory: tmpfs."""
    real = os.path.realpath(nearest(directory))
    try:
        mounts = [line.split() for line in _MOUNTS.read_text().splitlines()]
    except OSError:  # not Linux
        return False
    above = [m for m in mounts if real == m[1] or real.startswith(m[1].rstrip("/") + "/")]
    return bool(above) and max(above, key=lambda mount: len(mount[1]))[2] == "tmpfs"


def size(count: int) -> str:
    """`count` bytes as people say them.

    >>> size(500), size(1 << 20), size(5 << 30)
    ('500 bytes', '1.0 MiB', '5.0 GiB')
    """
    for power, unit in ((40, "TiB"), (30, "GiB"), (20, "MiB"), (10, "KiB")):
        if count >= 1 << power:
            return f"{count / (1 << power):.1f} {unit}"
    return f"{count} bytes"


def _is_little(free: int, total: int) -> bool:
    return total > 0 and free < total * LEAST_SHARE
