"""Threads for what blocks, so that the event loop never does: a bounded number, each started when
there is work for it.

Not asyncio's default executor, which everybody in the process shares: a view that fills it would
stop files, and a hanging disk would stop views. It is also half as fast.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from threading import Lock, Semaphore, Thread
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_Job = tuple[asyncio.AbstractEventLoop, "asyncio.Future[Any]", Callable[[], Any]]


class Threads:
    """At most `most` threads; what comes while all are busy waits its turn."""

    def __init__(self, most: int, name: str) -> None:
        self.most, self._name = most, name
        self._jobs: SimpleQueue[_Job] = SimpleQueue()
        self._idle = Semaphore(0)
        self._started = 0
        self._lock = Lock()

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `function` returns or raises, having run on one of the threads."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._jobs.put((loop, future, lambda: function(*args, **kwargs)))
        if not self._idle.acquire(blocking=False):
            self._start_one_more()
        return await future

    def _start_one_more(self) -> None:
        with self._lock:
            if self._started == self.most:
                return
            self._started += 1
            name = f"{self._name}-{self._started}"
        # A daemon: whoever waits for a job keeps the process alive, an idle thread does not.
        Thread(target=self._work, name=name, daemon=True).start()

    def _work(self) -> None:
        while True:
            loop, future, job = self._jobs.get()
            settle = _done(future, job)
            # Idle before anybody hears of the result: who then asks for more finds this thread.
            self._idle.release()
            with suppress(RuntimeError):  # the loop was closed: nobody waits any more
                loop.call_soon_threadsafe(settle)


def _done(future: "asyncio.Future[T]", job: Callable[[], T]) -> Callable[[], None]:
    try:
        return partial(_return, future, job())
    except BaseException as error:  # noqa: BLE001 - it is raised where it is awaited
        return partial(_raise, future, error)


def _return(future: "asyncio.Future[T]", result: T) -> None:
    if not future.cancelled():
        future.set_result(result)


def _raise(future: "asyncio.Future[T]", error: BaseException) -> None:
    if not future.cancelled():
        future.set_exception(error)
