"""Removes what killed processes left behind in the staging directory."""

import time
from pathlib import Path

ABANDONED_AFTER_S = 24 * 60 * 60


def sweep_staging(directory: Path, *, older_than_s: float = ABANDONED_AFTER_S) -> int:
    """Remove files of `directory` nobody wrote to for `older_than_s` seconds; says how many.

    An upload that still arrives is written to again and again, so it is never old. Safe while other
    processes receive files, or sweep too. Raises OSError where the directory cannot be read.
    """
    deadline = time.time() - older_than_s
    abandoned = [path for path in directory.iterdir() if _last_written(path) < deadline]
    for path in abandoned:
        path.unlink(missing_ok=True)
    return len(abandoned)


def _last_written(path: Path) -> float:
    try:
        return path.lstat().st_mtime
    except FileNotFoundError:
        return float("inf")
