"""The memory of a process and of all that it starts, while it runs."""

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

SAMPLE_S = 0.05


class Peak:
    """The most megabytes seen at once. A page that processes share is divided among them (PSS)."""

    mb = 0.0


@contextlib.contextmanager
def watched(pid: int) -> Iterator[Peak]:
    """Look at `pid` and its descendants twenty times a second until the block ends.

    Only while there are descendants: of one process alone the kernel keeps the peak itself, and
    looking takes time from it.
    """
    peak, ended = Peak(), threading.Event()

    def watch() -> None:
        while not ended.wait(SAMPLE_S):
            processes = family(pid)
            if len(processes) > 1:
                peak.mb = max(peak.mb, sum(map(taken_mb, processes)))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        ended.set()
        watcher.join()


def family(pid: int) -> list[int]:
    """`pid` and its descendants."""
    found = [pid]
    for parent in found:
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                found += map(int, children.read_text().split())
    return found


def taken_mb(pid: int) -> float:
    """The proportional set size of `pid`; 0 where it is gone."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0
