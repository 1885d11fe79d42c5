"""STATIC_ROOT as a place for releases: its lock, its leftovers, its current and kept manifests."""

import contextlib
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from roots import atomic
from roots.atomic import Modes
from roots.errors import StorageError
from roots.static import manifest
from roots.static.manifest import Manifest

OWN_DIRECTORY = ".roots"
RECORDS = f"{OWN_DIRECTORY}/releases"
RETIRED_SUFFIX = ".retired"
LOCK = f"{OWN_DIRECTORY}/lock"
LOCK_TIMEOUT_S = 900
_LOCK_POLL_S = 0.1


def manifest_path(root: Path) -> Path:
    """Where the current release's manifest is."""
    return root / manifest.NAME


def kept(root: Path) -> list[Path]:
    """Manifests of earlier releases, the newest first."""
    try:
        names = os.listdir(root / RECORDS)
    except (FileNotFoundError, NotADirectoryError):
        return []
    numbered = (name for name in names if name.endswith(".json") and name[:-5].isdigit())
    newest_first = sorted(numbered, key=lambda name: int(name[:-5]), reverse=True)
    return [root / RECORDS / name for name in newest_first]


@contextlib.contextmanager
def locked(
    root: Path, modes: Modes, on_wait: Callable[[], None], timeout_s: float = LOCK_TIMEOUT_S
) -> Iterator[None]:
    """Be the only one to build in `root`; `on_wait` is called once if another has to finish first.

    A killed process lets go of the lock by dying. Raises StorageError when `timeout_s` have passed,
    or when nothing can be written in `root`.
    """
    path = root / LOCK
    with contextlib.ExitStack() as stack:
        with atomic.blaming_environment(path):
            atomic.make_directories(path.parent, modes)
            stream = stack.enter_context(open(path, "ab"))
        _acquire(stream, root, on_wait, timeout_s)
        yield


def swap(root: Path, new: Manifest, modes: Modes) -> None:
    """Make `new` the current release, if it is not.

    The one before it is kept, so that pages it rendered keep finding their files. When there was
    one, a power cut at any moment leaves that or the new one, whole. The first in `root` is not
    waited for: the disk may take as long as all the rest did, and there is nothing to fall back to.
    """
    current, data = manifest_path(root), new.dump()
    previous = _bytes(current)
    if previous == data:
        return None
    if previous is None:
        return atomic.write(current, data, modes)
    _keep(root, previous, modes)
    os.sync()  # once for all files of the release: after a power cut, no record without its bytes
    atomic.write(current, data, modes, durable=True)
    with atomic.blaming_environment(root):
        return atomic.sync_directory(root)


def withdraw(root: Path, modes: Modes) -> None:
    """Leave no release current, as after collecting without names: logical names are plain files
    again, and what the last release named is still found."""
    previous = _bytes(manifest_path(root))
    if previous is not None:
        _keep(root, previous, modes)
        manifest_path(root).unlink(missing_ok=True)


def _keep(root: Path, data: bytes, modes: Modes) -> None:
    earlier = kept(root)
    if earlier and earlier[0].read_bytes() == data:
        return  # by a run that was killed before it could swap
    number = int(earlier[0].stem) + 1 if earlier else 1
    atomic.write(root / RECORDS / f"{number:06}.json", data, modes)


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _acquire(stream: IO[bytes], root: Path, on_wait: Callable[[], None], timeout_s: float) -> None:
    deadline = time.monotonic() + timeout_s
    has_waited = False
    while True:
        try:
            return fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise StorageError(
                    f"Another collectstatic has been working in {root} for {timeout_s:.0f} "
                    "seconds. Wait for it, or stop it, and try again."
                ) from None
        if not has_waited:
            on_wait()
            has_waited = True
        time.sleep(_LOCK_POLL_S)
