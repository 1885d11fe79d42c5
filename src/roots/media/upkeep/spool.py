"""More than memory should hold, put in order.

Names come from databases, each with a collation of its own, and from directories, in no order at
all. Sorted here they are all in one order, that of their code points, whoever they came from.
"""

import contextlib
import heapq
import marshal
import tempfile
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any, TypeVar

RUN_ITEMS = 50_000
_BATCH_ITEMS = 200

Item = TypeVar("Item", str, tuple[Any, ...])
Thing = TypeVar("Thing")


def in_order(items: Iterable[Item], run_items: int = RUN_ITEMS) -> Iterator[Item]:
    """`items`, read to their end before this returns, in ascending order.

    Each is a string, or a tuple of strings, numbers and such tuples. About `run_items` are in
    memory, all others in temporary files that have no name. Raises OSError where those do not fit.

    >>> list(in_order(["a/b", "a-b", "a"], run_items=2))
    ['a', 'a-b', 'a/b']
    """
    rest = iter(items)
    runs: list[Iterator[Item]] = []
    while run := sorted(islice(rest, run_items)):
        is_all = len(run) < run_items and not runs
        runs.append(iter(run) if is_all else _put_away(run))
    return heapq.merge(*runs)


def batches(items: Iterable[Thing], most: int) -> Iterator[list[Thing]]:
    """`items` in lists of `most`, the last one of what is left.

    >>> list(batches("abcde", 2))
    [['a', 'b'], ['c', 'd'], ['e']]
    """
    rest = iter(items)
    return iter(lambda: list(islice(rest, most)), [])


def _put_away(run: list[Item]) -> Iterator[Item]:
    stored = _stored(run)
    next(stored)
    return chain.from_iterable(stored)


def _stored(run: list[Item]) -> Iterator[list[Item]]:
    """Nothing, once the run is in a file; then the run. Whoever forgets this closes the file."""
    with tempfile.TemporaryFile() as file:
        for batch in batches(run, _BATCH_ITEMS):
            marshal.dump(batch, file)
        del run
        file.seek(0)
        yield []
        with contextlib.suppress(EOFError):
            while True:
                yield marshal.load(file)  # noqa: S302  # our own, and nobody else can open it
