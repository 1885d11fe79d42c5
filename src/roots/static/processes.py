"""Shares work between this process and copies of it: Python's threads would take turns.

Whatever a copy does not finish, for whatever reason, this process does itself. So `work` must bear
to be done twice, and what is wrong with an item is told by this process.
"""

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import IO, TypeVar

MOST = 4
FEWEST_ITEMS = 64  # for each process; a copy takes as long to start as some dozens of files
_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def shared(
    work: Callable[[_Item], _Result],
    items: Sequence[_Item],
    on_done: Callable[[_Item], object] = id,
) -> list[_Result]:
    """`work` of each of `items`, in their order; `on_done` is called here, for each of them.

    Items that take long should come first, so that each process gets its share of them.
    """
    count = _count(len(items))
    results: list[list[_Result]] = [[] for _ in range(count)]
    with contextlib.ExitStack() as stack:
        parts = [items[first::count] for first in range(count)]
        pipes = [stack.enter_context(_copied(work, part)) for part in parts[1:]]
        results[0] = _each(work, parts[0], on_done)
        for number, pipe in enumerate(pipes, 1):
            results[number] = _received(pipe) or _each(work, parts[number])
            for item in parts[number]:
                on_done(item)
    return [results[index % count][index // count] for index in range(len(items))]


def _count(items: int) -> int:
    """How many processes to use. Copying one is safe only on Linux, and only without threads."""
    if sys.platform != "linux" or threading.active_count() > 1:
        return 1
    return max(1, min(MOST, len(os.sched_getaffinity(0)), items // FEWEST_ITEMS))


def _each(
    work: Callable[[_Item], _Result],
    part: Sequence[_Item],
    on_done: Callable[[_Item], object] = id,
) -> list[_Result]:
    results = []
    for item in part:
        results.append(work(item))
        on_done(item)
    return results


@contextlib.contextmanager
def _copied(work: Callable[[_Item], _Result], part: Sequence[_Item]) -> Iterator[IO[bytes]]:
    """Where a copy of this process sends the results of `part`; it is gone when the block ends."""
    receiving, sending = os.pipe()
    child = os.fork()
    if not child:
        os.close(receiving)
        _send(work, part, sending)
    os.close(sending)
    try:
        with open(receiving, "rb") as pipe:
            yield pipe
    finally:
        os.waitpid(child, 0)


def _send(work: Callable[[_Item], _Result], part: Sequence[_Item], sending: int) -> None:
    """All that a copy does. It leaves without a word, and cleans up nothing that is not its own."""
    import pickle

    with contextlib.suppress(BaseException), open(sending, "wb") as pipe:
        pickle.dump(_each(work, part), pipe, pickle.HIGHEST_PROTOCOL)
    os._exit(0)


def _received(pipe: IO[bytes]) -> list[_Result] | None:
    import pickle  # nothing is sent where nothing has changed

    try:
        results: list[_Result] = pickle.load(pipe)  # noqa: S301 (of this very program)
    except (EOFError, pickle.UnpicklingError):
        return None
    return results
