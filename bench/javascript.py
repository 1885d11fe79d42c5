"""Our tokenizer against tree-sitter on every script below a folder: agreement, speed and memory.

python bench/javascript.py FOLDER     # with tree-sitter and tree-sitter-javascript installed
"""

import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "src")]

from roots.static import imports  # noqa: E402
from tests.static import oracle  # noqa: E402

Found = list[tuple[str, int, int]]


def ours(data: bytes) -> Found:
    return [(role, each.start, each.end) for each, role in imports.of(data).found]


def theirs(data: bytes) -> Found:
    return oracle.imports(data, oracle.parse(data))


def timed(read: Callable[[bytes], Found], data: bytes) -> tuple[Found, float]:
    start = time.perf_counter()
    found = read(data)
    return found, time.perf_counter() - start


def peak_growth(read: Callable[[bytes], Found], data: bytes) -> float:
    """MB by which the peak of this process grows; only the first big one tells."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    read(data)
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def main(folder: Path) -> None:
    paths = sorted(p for p in folder.rglob("*") if p.suffix in (".js", ".mjs") and p.is_file())
    biggest = max(paths, key=lambda path: path.stat().st_size).read_bytes()
    memory = {read.__name__: peak_growth(read, biggest) for read in (ours, theirs)}
    seconds = {"ours": 0.0, "theirs": 0.0}
    count = size = 0
    for path in paths:
        data = path.read_bytes()
        found, took = timed(ours, data)
        found_by_them, took_them = timed(theirs, data)
        seconds["ours"] += took
        seconds["theirs"] += took_them
        count, size = count + len(found), size + len(data)
        if found != found_by_them:
            print(f"They differ: {path}")
    print(f"{len(paths)} scripts, {size / 1e6:.0f} MB, {count} imports")
    for name, spent in seconds.items():
        speed = size / 1e6 / spent
        print(
            f"{name}: {spent:.2f} s, {speed:.1f} MB/s, {memory[name]:.0f} MB more for the biggest"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
