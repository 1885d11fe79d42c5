"""A WSGI application for an ASGI server: Django on threads, everything else on the event loop.

This is how `manage.py serve` calls a project through WSGI (docs/decisions/0006-interface.md): a
slow client holds a connection then, and no thread.
"""

import asyncio
from collections.abc import Coroutine, Iterable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from io import BufferedReader, BytesIO
from typing import IO, TYPE_CHECKING, Any

from roots.serve.asgi import CHUNK_BYTES, Message, Receive, Scope, Send, disconnected
from roots.serve.embedded import environ
from roots.serve.embedded.received import ClientGoneError, ReceivedBody
from roots.serve.threads import Threads

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

    Body = BytesIO | BufferedReader[ReceivedBody]


class Gateway:
    """`application`, called on at most `threads` threads at a time."""

    def __init__(self, application: "WSGIApplication", threads: int) -> None:
        self.application = application
        self._threads = Threads(threads, "roots-django")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI 3; HTTP alone. What the application raises is raised here."""
        if scope["type"] != "http":
            raise ValueError(f"A WSGI application knows no {scope['type']}.")
        with suppress(ClientGoneError):
            request = environ.of(scope)
            has_body = _may_have_body(request)
            with await ReceivedBody.begin(receive) if has_body else BytesIO() as body:
                request |= {"wsgi.input": body, "wsgi.file_wrapper": FileBlocks}
                exchange = Exchange(receive, send, body)
                rest = await self._threads.run(exchange.hold, self.application, request)
            for message in rest:
                await send(message)


class Exchange:
    """One request, whose body is `body`, and its response."""

    def __init__(self, receive: Receive, send: Send, body: "Body") -> None:
        self._receive, self._send, self._body = receive, send, body
        self._loop = asyncio.get_running_loop()
        self._start: Message | None = None
        self._has_started = False

    def hold(self, application: "WSGIApplication", request: "WSGIEnvironment") -> list[Message]:
        """Call `application`, on a thread; what of its response is still to be sent: all of it, if
        it was whole, so that the thread does not wait for the client."""
        response = application(request, self.start_response)
        try:
            if _is_whole(response):
                return [self._started(), _body(b"".join(response), more=False)]
            self._stream(response)
            return []
        finally:
            if close := getattr(response, "close", None):
                close()

    def start_response(
        self, status: str, headers: list[tuple[str, str]], _exc_info: object = None, /
    ) -> Any:
        """PEP 3333, without `write`, which frameworks have not used for twenty years."""
        self._start = {
            "type": "http.response.start",
            "status": int(status[:3]),
            "headers": [
                (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
            ],
        }
        return _write

    def _stream(self, response: Iterable[bytes]) -> None:
        """Chunk by chunk: the next is asked for when the server has taken the last.

        Stops when the client has gone: servers take every chunk of a dead connection, and a stream
        without an end would hold its thread for ever.
        """
        watch = self._on_loop(self._client_gone())
        try:
            for chunk in response:
                if watch.done():
                    return
                self._pass_on_start()  # not earlier: until the first chunk the headers may change
                self._pass_on(_body(chunk, more=True))
            self._pass_on_start()
            self._pass_on(_body(b"", more=False))
        finally:
            watch.cancel()

    async def _client_gone(self) -> None:
        if isinstance(self._body, BytesIO) or self._body.raw.is_whole:
            await disconnected(self._receive)
        else:  # who listens would take what the application may still want to read
            await self._loop.create_future()

    def _pass_on_start(self) -> None:
        if not self._has_started:
            self._has_started = True
            self._pass_on(self._started())

    def _pass_on(self, message: Message) -> None:
        self._on_loop(_awaited(self._send, message)).result()

    def _on_loop(self, waiting: Coroutine[Any, Any, None]) -> Future[None]:
        return asyncio.run_coroutine_threadsafe(waiting, self._loop)

    def _started(self) -> Message:
        if self._start is None:
            raise RuntimeError("The WSGI application answered without calling start_response.")
        return self._start


class FileBlocks:
    """An open file, in blocks that are worth a change of thread each: PEP 3333, `file_wrapper`."""

    def __init__(self, file: IO[bytes], _block_bytes: int = 0) -> None:
        self._read = file.read
        if close := getattr(file, "close", None):
            self.close = close

    def __iter__(self) -> Iterator[bytes]:
        return iter(partial(self._read, CHUNK_BYTES), b"")


async def _awaited(send: Send, message: Message) -> None:
    await send(message)


def _may_have_body(request: "WSGIEnvironment") -> bool:
    """HTTP/1 says so in the head (RFC 9112 section 6.3), and asking the server is not for free."""
    return (
        "CONTENT_LENGTH" in request
        or "HTTP_TRANSFER_ENCODING" in request
        or not request["SERVER_PROTOCOL"].startswith("HTTP/1")
    )


def _is_whole(response: Iterable[bytes]) -> bool:
    """Whether all of `response` is in memory already: a list, or a Django response of that kind."""
    return isinstance(response, list | tuple) or getattr(response, "streaming", True) is False


def _body(chunk: bytes, *, more: bool) -> Message:
    return {"type": "http.response.body", "body": chunk, "more_body": more}


def _write(_: bytes) -> None:
    raise NotImplementedError("Return the response's body instead of calling write().")
