"""A request's body under ASGI as the file that WSGI wants it to be."""

import asyncio
import io
from concurrent.futures import Future
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, Self

from roots.serve.asgi import Receive

PORTION_BYTES = 256 * 1024
"""What is taken from the server at a time: each time costs a change of thread."""

AHEAD = 4
"""Portions that may wait for the application. It seldom lets the event loop run while it parses
one, so with a single one the two would take turns."""


class ClientGoneError(OSError):
    """The client went away in the middle of its request; nobody is left to be answered."""

    def __init__(self) -> None:
        super().__init__("The client went away before all of its request had come.")


class ReceivedBody(io.RawIOBase):
    """A body that is read on a thread while it still arrives, up to AHEAD portions before.

    What was not asked for stays with the server, which then lets the client wait. Closing it takes
    no more from there.
    """

    def __init__(self, begun: bytes, receive: Receive) -> None:
        self._portion, self._receive = memoryview(begun), receive
        self._loop = asyncio.get_running_loop()
        # Of portions, none of them empty; then b"" for the end, or None where the client has gone.
        self._waiting: SimpleQueue[bytes | None] = SimpleQueue()
        self._has_room = asyncio.Event()
        self._arriving: Future[None] | None = None
        self._is_at_end = False

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
        """Whether the server has nothing more of it."""
        return self._arriving is not None and self._arriving.done()

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """As of a file, on any thread but the event loop's. Raises ClientGoneError."""
        if not self._portion and not self._is_at_end:
            self._portion = memoryview(self._taken())
            self._is_at_end = not self._portion
        size = min(len(buffer), len(self._portion))
        buffer[:size] = self._portion[:size]
        self._portion = self._portion[size:]
        return size

    def close(self) -> None:
        """As of a file."""
        if self._arriving is not None:
            self._arriving.cancel()
        super().close()

    def _taken(self) -> bytes:
        if self._arriving is None:
            self._arriving = asyncio.run_coroutine_threadsafe(self._arrive(), self._loop)
        portion = self._waiting.get()
        if portion is None:
            self._waiting.put(None)  # for who asks again
            raise ClientGoneError
        if self._waiting.qsize() == AHEAD // 2:
            self._loop.call_soon_threadsafe(self._has_room.set)
        return portion

    async def _arrive(self) -> None:
        end = None
        try:
            with suppress(ClientGoneError):
                await self._pass_on()
                end = b""
        finally:  # cancelled, too: a thread may be waiting
            self._waiting.put(end)

    async def _pass_on(self) -> None:
        more = True
        while more:
            portion, more = await _next(self._receive)
            if portion:
                self._waiting.put(portion)
            while self._waiting.qsize() >= AHEAD:
                self._has_room.clear()
                await self._has_room.wait()


async def _next(receive: Receive) -> tuple[bytes, bool]:
    """A portion, and whether there are more. Raises ClientGoneError."""
    parts, size, more = [], 0, True
    while more and size < PORTION_BYTES:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientGoneError
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        more = message.get("more_body", False)
    return b"".join(parts), more
