"""A request's body under ASGI as the file that WSGI wants it to be."""

import asyncio
import io
from concurrent.futures import Future
from typing import Any, Self

from roots.serve.asgi import Receive

PORTION_BYTES = 256 * 1024
"""What is taken from the server at a time: each time costs two changes of thread."""

Portion = tuple[bytes, bool]


class ClientGoneError(OSError):
    """The client went away in the middle of its request; nobody is left to be answered."""


class ReceivedBody(io.RawIOBase):
    """A body that is read on a thread while it still arrives, one portion ahead.

    What was not asked for stays with the server, which then lets the client wait.
    """

    def __init__(self, begun: bytes, receive: Receive) -> None:
        self._portion, self._receive = memoryview(begun), receive
        self._loop = asyncio.get_running_loop()
        self._arriving: Future[Portion] | None = self._fetch()

    @classmethod
    async def begin(cls, receive: Receive) -> "io.BytesIO | io.BufferedReader[Self]":
        """The body, of which the first PORTION_BYTES are waited for here, where a slow client costs
        no thread. Raises ClientGoneError."""
        begun, more = await _next(receive)
        if not more:
            return io.BytesIO(begun)
        return io.BufferedReader(cls(begun, receive), 64 * 1024)

    @property
    def is_whole(self) -> bool:
        """Whether all of it has been asked for."""
        return self._arriving is None

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """As of a file, on any thread but the event loop's. Raises ClientGoneError."""
        while not self._portion and self._arriving:
            portion, more = self._arriving.result()
            self._portion = memoryview(portion)
            self._arriving = self._fetch() if more else None
        size = min(len(buffer), len(self._portion))
        buffer[:size] = self._portion[:size]
        self._portion = self._portion[size:]
        return size

    def _fetch(self) -> "Future[Portion]":
        return asyncio.run_coroutine_threadsafe(_next(self._receive), self._loop)


async def _next(receive: Receive) -> Portion:
    """A portion, and whether there are more."""
    parts, size, more = [], 0, True
    while more and size < PORTION_BYTES:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientGoneError("The client went away before all of its request had come.")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        more = message.get("more_body", False)
    return b"".join(parts), more
