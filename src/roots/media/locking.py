"""One at a time, of all threads and processes that use a root."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from roots import atomic
from roots.atomic import Modes
from roots.media.intake import HIDDEN


@contextlib.contextmanager
def exclusive(root: Path, modes: Modes) -> Iterator[None]:
    """Be the only one to share, move or remove files of `root`. Not to be nested.

    Held for a few system calls and never while a database is asked: whoever waits for it may hold
    what that database waits for. Raises StorageError where nothing can be written there.
    """
    lock = root / HIDDEN / "lock"
    with atomic.blaming_environment(lock):
        descriptor = _open(lock, modes)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _open(lock: Path, modes: Modes) -> int:
    try:
        return _create(lock)
    except FileNotFoundError:
        atomic.make_directories(lock.parent, modes)
        return _create(lock)


def _create(lock: Path) -> int:
    # Read-only: another user of the root's group may have made it.
    return os.open(lock, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
