"""The releases of a STATIC_ROOT as a running process sees them, shared by storage and catalog."""

import contextlib
import logging
import threading
import time
from functools import cache
from pathlib import Path

from roots.errors import StorageError
from roots.static import manifest, release
from roots.static.manifest import Manifest

RECHECK_S = 1.0
_logger = logging.getLogger("roots.static")
_State = tuple[int, int, int] | None


class LiveReleases:
    """The current release of `root` and those kept before it, read when first asked for.

    Once every `RECHECK_S` seconds at most, the manifest is looked at (one `stat`), so a process
    that was started before a `collectstatic` finds the new release. Safe for threads.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._lock = threading.Lock()
        self._checked_at = float("-inf")
        self._state: _State = None
        self._current: Manifest | None = None
        self._earlier: tuple[Manifest, ...] | None = None

    @property
    def current(self) -> Manifest | None:
        """The current release; None where nothing was collected, or without post-processing.

        Raises StorageError where its manifest is damaged, unless an older one was read before.
        """
        now = time.monotonic()
        if now - self._checked_at >= RECHECK_S:
            is_first = self._checked_at == float("-inf")
            # whoever comes second keeps the old release rather than wait for the new one to be read
            if self._lock.acquire(blocking=is_first):
                try:
                    self._check(now)
                finally:
                    self._lock.release()
        return self._current

    def earlier(self) -> tuple[Manifest, ...]:
        """The kept releases, the newest first; damaged ones are left out."""
        found = self._earlier
        if found is None:
            found = tuple(self._read_earlier())
            self._earlier = found
        return found

    def look_again(self) -> None:
        """Look at the manifest when next asked, not only after `RECHECK_S`."""
        self._checked_at = float("-inf")

    def _check(self, now: float) -> None:
        path = release.manifest_path(self.root)
        state = _state(path)
        if state != self._state:
            try:
                self._current, self._earlier = manifest.load(path), None
            except StorageError:
                if self._current is None:
                    raise
                _logger.exception("This process keeps the release it knows.")
            self._state = state
        self._checked_at = now

    def _read_earlier(self) -> list[Manifest]:
        found = []
        for path in release.kept(self.root):
            with contextlib.suppress(StorageError):
                if earlier := manifest.load(path):
                    found.append(earlier)
        return found


@cache
def releases(root: Path) -> LiveReleases:
    """The one view of `root` that this process has."""
    return LiveReleases(root)


def _state(path: Path) -> _State:
    try:
        facts = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return facts.st_ino, facts.st_mtime_ns, facts.st_size
