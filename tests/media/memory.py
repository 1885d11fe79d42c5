"""How much memory something took."""

import contextlib
import tracemalloc
from collections.abc import Iterator


class Memory:
    """`peak` is the most bytes that Python held at once, known afterwards."""

    peak = 0


@contextlib.contextmanager
def traced() -> Iterator[Memory]:
    """Watch what is allocated meanwhile; makes everything slower."""
    memory = Memory()
    tracemalloc.start()
    try:
        yield memory
        memory.peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
