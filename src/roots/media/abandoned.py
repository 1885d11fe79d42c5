"""Removes what killed processes left behind among the uploads under way."""

import contextlib
import os
import time
from collections.abc import Callable
from operator import attrgetter
from pathlib import Path

ABANDONED_AFTER_S = 24 * 60 * 60


def sweep_staging(directory: Path, *, older_than_s: float = ABANDONED_AFTER_S) -> int:
    """Remove files of `directory` nobody wrote to for `older_than_s` seconds; says how many.

    An upload that still arrives is written to again and again, so it is never old. Safe while other
    processes receive files, or sweep too. Raises OSError where the directory cannot be read.
    """
    return _sweep(directory, older_than_s, attrgetter("st_mtime"))


def sweep_claims(directory: Path, *, older_than_s: float = ABANDONED_AFTER_S) -> int:
    """Remove the claims that `directory` got more than `older_than_s` seconds ago; says how many.

    A claim is a link to a file that may be years old; that it was made is in the file's ctime. What
    was forgotten may stay longer, as long as something else happens to its file.
    """
    return _sweep(directory, older_than_s, attrgetter("st_ctime"))


def _sweep(directory: Path, older_than_s: float, touched: Callable[[os.stat_result], float]) -> int:
    deadline = time.time() - older_than_s
    count = 0
    for path in list(directory.iterdir()):
        with contextlib.suppress(FileNotFoundError):
            if touched(path.lstat()) < deadline:
                path.unlink()
                count += 1
    return count
