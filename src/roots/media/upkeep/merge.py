"""Several streams of names, read side by side: without I/O, and one name at a time."""

from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any

Item = tuple[Any, ...]


def side_by_side(*streams: Iterable[Item]) -> Iterator[tuple[str, list[list[Item]]]]:
    """Every name with the items that each stream has of it.

    The first part of an item is its name, and every stream is in ascending order of these.

    >>> for name, items in side_by_side([("a", 1), ("b", 2)], [("b", 3), ("b", 4)]):
    ...     print(name, items)
    a [[('a', 1)], []]
    b [[('b', 2)], [('b', 3), ('b', 4)]]
    """
    numbered = [_numbered(number, stream) for number, stream in enumerate(streams)]
    for name, group in groupby(merge(*numbered), itemgetter(0)):
        items: list[list[Item]] = [[] for _ in streams]
        for _, number, item in group:
            items[number].append(item)
        yield name, items


def _numbered(number: int, stream: Iterable[Item]) -> Iterator[tuple[str, int, Item]]:
    return ((item[0], number, item) for item in stream)
