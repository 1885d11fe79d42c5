"""Serve both roots in front of an ASGI application (ASGI 3).

asgi.py of a project:

    from roots.serve.asgi import get_asgi_application

    application = get_asgi_application()
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from roots.serve.core import Root
from roots.serve.messages import REQUEST_HEADERS, Reply, Request, Span
from roots.serve.opener import OpenFile
from roots.serve.origins import MediaOrigin
from roots.serve.responder import Answer, Responder, not_found
from roots.serve.threads import Threads

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

CHUNK_BYTES = 64 * 1024
"""What a slow client may hold in memory, here and again in the server."""

DISK = Threads(16, "roots-disk")
"""Where files are opened and read; its own, so that neither waits for views nor they for it."""


class Prepared(NamedTuple):
    """A reply in the words of ASGI."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


_HEADER_NAMES = {name.encode(): name for name in REQUEST_HEADERS}


def get_asgi_application() -> "RootsASGI":
    """Django's ASGI application with both roots served in front of it.

    Raises ConfigError where the settings contradict each other.
    """
    from django.core.asgi import get_asgi_application as get_django_application

    return put_roots_before(get_django_application())


def put_roots_before(application: Application) -> "RootsASGI":
    """`application` with this project's roots in front of it; as it is, where they are already.

    Raises ConfigError where the settings contradict each other.
    """
    from roots.conf import configuration
    from roots.serve.assembly import assemble, media_origin
    from roots.serve.bodies.asgi import cap
    from roots.serve.handover.asgi import HandedASGI

    if isinstance(application, RootsASGI):
        return application
    inner = HandedASGI(cap(application))
    roots = assemble()
    return RootsASGI(inner, roots, configuration().memory_cache_bytes, media_origin(roots))


class RootsASGI:
    """Answers HTTP below a root's prefix; every other scope is handed on, untouched.

    Holds up to `hot_bytes` of hot static files in memory: those need no thread. With `origin`
    users' files are answered there alone, and nothing else is.
    """

    def __init__(
        self,
        application: Application,
        roots: Sequence[Root],
        hot_bytes: int = 0,
        origin: MediaOrigin | None = None,
    ) -> None:
        self.application, self._origin = application, origin
        self._responder = Responder(roots, hot_bytes, _prepare)
        self._prefixes = tuple(root.prefix for root in roots)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI 3."""
        path = self._served_path(scope)
        if self._origin is not None and _is_misplaced(path or "", scope, self._origin):
            await _refuse(scope, send)
            return
        if path is None:
            await self.application(scope, receive, send)
            return
        method, headers = scope["method"], request_headers(scope)
        if ready := self._responder.ready(method, path, headers):
            await send(_start(ready))
            await send({"type": "http.response.body", "body": ready.body})
        else:
            query = scope.get("query_string", b"").decode("latin-1")
            request = Request(method, path, headers, query)
            answer = await DISK.run(self._responder.respond, request)
            await send_answer(answer, scope, receive, send)

    def _served_path(self, scope: Scope) -> str | None:
        """The path as the browser sees it, or below the mount point the server was told of."""
        if scope["type"] != "http":
            return None
        path: str = scope["path"]
        if path.startswith(self._prefixes):
            return path
        mount = (scope.get("root_path") or "").rstrip("/")
        if mount and path.startswith(mount + "/"):
            path = path[len(mount) :]
            return path if path.startswith(self._prefixes) else None
        return None


def request_headers(scope: Scope) -> dict[str, str]:
    """Those of REQUEST_HEADERS that were sent, repeated lines joined."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        if name := _HEADER_NAMES.get(raw_name):
            value = raw_value.decode("latin-1")
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _is_misplaced(path: str, scope: Scope, origin: MediaOrigin) -> bool:
    if "headers" not in scope:  # lifespan
        return False
    sent = {name: value.decode("latin-1") for name, value in scope["headers"]}
    told = (host for name in origin.headers if (host := sent.get(name.encode())))
    return origin.refuses(path, next(told, ""))


async def _refuse(scope: Scope, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close"})
    else:
        await _send_ready(_prepare(not_found(scope["method"]).reply), send)


async def send_answer(answer: Answer, scope: Scope, receive: Receive, send: Send) -> None:
    """Send `answer` and close its file."""
    reply, file = answer.reply, answer.file
    if file is None or reply.span is None:
        await _send_ready(_prepare(reply), send)
        return
    try:
        await send(_start(_prepare(reply)))
        if answer.is_whole_and_immutable and "http.response.pathsend" in _extensions(scope):
            await send({"type": "http.response.pathsend", "path": file.path})
        else:
            await _stream(file, reply.span, receive, send)
    finally:
        file.stream.close()


async def _stream(file: OpenFile, span: Span, receive: Receive, send: Send) -> None:
    """Send `span` chunk by chunk: the next is read when the server has taken the last.

    Stops reading when the client has gone: some servers take every chunk of a dead connection.
    """
    offset, remaining = span
    gone = asyncio.ensure_future(disconnected(receive))
    try:
        while remaining and not gone.done():
            size = min(CHUNK_BYTES, remaining)
            chunk = file.read_cached(size, offset)
            if chunk is None:
                chunk = await DISK.run(file.read, size, offset)
            offset += len(chunk)
            remaining -= len(chunk)
            await send({"type": "http.response.body", "body": chunk, "more_body": remaining > 0})
            await asyncio.sleep(0)  # neither of the above need ever wait, and others want to live
    finally:
        gone.cancel()
        with suppress(asyncio.CancelledError):
            await gone


async def disconnected(receive: Receive) -> None:
    """Return once the client has gone; what still comes from it is dropped."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send_ready(prepared: Prepared, send: Send) -> None:
    await send(_start(prepared))
    await send({"type": "http.response.body", "body": prepared.body})


def _prepare(reply: Reply) -> Prepared:
    headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in reply.headers]
    return Prepared(reply.status.value, headers, reply.body)


def _start(prepared: Prepared) -> Message:
    return {
        "type": "http.response.start",
        "status": prepared.status,
        "headers": [*prepared.headers],
    }


def _extensions(scope: Scope) -> Mapping[str, Any]:
    return scope.get("extensions") or {}
