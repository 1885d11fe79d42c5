"""Reads stored files again, several at a time, to learn what is there now."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from roots import digests

Item = tuple[Any, ...]
Learned = TypeVar("Learned")
THREADS = 4
_BATCH_FILES = 64
_BATCH_BYTES = 4 << 20


def reread(
    items: Iterable[Item],
    root: Path,
    learn: Callable[[BinaryIO, str], Learned],
    threads: int = THREADS,
) -> Iterator[tuple[Item, Learned | OSError]]:
    """Each item, in the order they come, with what `learn` says of its file, or why it cannot.

    An item is `(name, size, …)`; the size in bytes only says how much to give to a thread at once.
    `learn` gets the open file and the name. A few items are read ahead.
    """
    waiting: deque[Future[list[tuple[Item, Learned | OSError]]]] = deque()
    with ThreadPoolExecutor(threads, "roots-reread") as pool:
        for batch in _batches(items):
            waiting.append(pool.submit(_read, batch, root, learn))
            if len(waiting) > 2 * threads:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def digest(file: BinaryIO, name: str) -> str:  # noqa: ARG001  # as `reread` calls it
    """The digest of the file."""
    return digests.of_stream(file)


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Of many small files or of one large one: the digest of a large one keeps a thread busy."""
    batch: list[Item] = []
    size = 0
    for item in items:
        batch.append(item)
        size += item[1]
        if len(batch) >= _BATCH_FILES or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _read(
    batch: list[Item], root: Path, learn: Callable[[BinaryIO, str], Learned]
) -> list[tuple[Item, Learned | OSError]]:
    found: list[tuple[Item, Learned | OSError]] = []
    for item in batch:
        try:
            with open(root / item[0], "rb", buffering=0, opener=_without_waiting) as file:
                found.append((item, learn(file, item[0])))
        except OSError as error:
            found.append((item, error))
    return found


def _without_waiting(path: str, flags: int) -> int:
    """Somebody may have put a pipe there, and nobody writes to it."""
    return os.open(path, flags | os.O_NONBLOCK)
