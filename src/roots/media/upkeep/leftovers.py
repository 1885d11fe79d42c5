"""What this package keeps for itself in a root, and should have removed by now."""

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from roots.media import trash
from roots.media.abandoned import ABANDONED_AFTER_S
from roots.media.intake import claims_of, staging_of
from roots.media.upkeep.findings import Finding


def leftovers(root: Path, trash_days: int) -> Iterator[Finding]:
    """What killed processes left of uploads, and what was in the trash for more than `trash_days`.

    Names of the former are below `.roots`, those of the latter are what they were.
    """
    for directory in (staging_of(root), claims_of(root)):
        yield from _abandoned(root, directory)
    for entry in trash.expired(root, trash_days):
        yield Finding("expired", entry.name, {"day": entry.day.isoformat(), "bytes": entry.size})


def _abandoned(root: Path, directory: Path) -> Iterator[Finding]:
    deadline_s = time.time() - ABANDONED_AFTER_S
    for entry in _entries(directory):
        with contextlib.suppress(FileNotFoundError):
            facts = entry.stat(follow_symlinks=False)
            # A claim is a link to a file that may be years old; only its ctime is new.
            if max(facts.st_mtime, facts.st_ctime) < deadline_s:
                name = Path(entry.path).relative_to(root).as_posix()
                yield Finding("abandoned", name, {"bytes": facts.st_size})


def _entries(directory: Path) -> list["os.DirEntry[str]"]:
    try:
        with os.scandir(directory) as entries:
            return list(entries)
    except FileNotFoundError:
        return []
