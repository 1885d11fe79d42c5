"""Files that two uploads share, and the time in which one of them has no row yet.

An upload whose bytes are stored already takes that file over. Until its row is committed nothing
in the database says so, and whoever deletes the last row that does would take the file with it. So
sharing leaves a mark beside the root's staging files, and a file marked lately is not removed.
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from roots import atomic, digests
from roots.atomic import Modes

SETTLING_S = 60 * 60
"""How long an upload may take from sharing a file to committing the row that names it."""

_DIRECTORY = ".roots/shared"


@contextlib.contextmanager
def exclusive(root: Path, modes: Modes) -> Iterator[None]:
    """Be the only one, of all threads and processes, to share or remove files of `root`.

    Raises StorageError where nothing can be written there.
    """
    lock = root / _DIRECTORY / "lock"
    with contextlib.ExitStack() as stack:
        with atomic.blaming_environment(lock):
            atomic.make_directories(lock.parent, modes)
            # Read-only: another user of the root's group may have made it.
            stream = stack.enter_context(open(lock, "rb", opener=_create))
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def mark(root: Path, name: str) -> None:
    """Say that the file `name` was shared just now. Only inside `exclusive`."""
    path = _mark(root, name)
    with atomic.blaming_environment(path):
        path.unlink(missing_ok=True)  # the times of a file belong to who made it
        path.touch()


def is_settling(root: Path, name: str) -> bool:
    """Whether the file `name` was shared within SETTLING_S. Only inside `exclusive`."""
    path = _mark(root, name)
    try:
        age_s = time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return False
    if age_s < SETTLING_S:
        return True
    path.unlink(missing_ok=True)
    return False


def _create(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_CREAT, 0o644)


def _mark(root: Path, name: str) -> Path:
    return root / _DIRECTORY / digests.of_bytes(name.encode())
