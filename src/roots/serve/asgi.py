"""Serve both roots in front of an ASGI application (ASGI 3).

asgi.py of a project:

    from roots.serve.asgi import get_asgi_application

    application = get_asgi_application()
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from roots.serve.core import Root
from roots.serve.messages import REQUEST_HEADERS, Reply, Request, Span
from roots.serve.opener import OpenFile
from roots.serve.responder import Answer, Responder

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

CHUNK_BYTES = 256 * 1024


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
    from roots.serve.assembly import assemble

    if isinstance(application, RootsASGI):
        return application
    return RootsASGI(application, assemble(), configuration().memory_cache_bytes)


class RootsASGI:
    """Answers HTTP below a root's prefix; every other scope is handed on, untouched.

    Holds up to `hot_bytes` of hot static files in memory: those need no thread.
    """

    def __init__(self, application: Application, roots: Sequence[Root], hot_bytes: int = 0) -> None:
        self.application = application
        self._responder = Responder(roots, hot_bytes, _prepare)
        self._prefixes = tuple(root.prefix for root in roots)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI 3."""
        path = self._served_path(scope)
        if path is None:
            await self.application(scope, receive, send)
            return
        request = _request(scope, path)
        if ready := self._responder.ready(request):
            await _send_ready(ready, send)
        else:
            answer = await asyncio.to_thread(self._responder.respond, request)
            await _send(answer, scope, receive, send)

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


def _request(scope: Scope, path: str) -> Request:
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        if name := _HEADER_NAMES.get(raw_name):
            value = raw_value.decode("latin-1")
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return Request(scope["method"], path, headers)


async def _send(answer: Answer, scope: Scope, receive: Receive, send: Send) -> None:
    reply, file = answer.reply, answer.file
    if file is None or reply.span is None:
        await _send_ready(_prepare(reply), send)
        return
    try:
        await send(_start(_prepare(reply)))
        if _is_whole(reply.span, file) and "http.response.pathsend" in _extensions(scope):
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
    gone = asyncio.ensure_future(_disconnect(receive))
    try:
        while remaining and not gone.done():
            size = min(CHUNK_BYTES, remaining)
            chunk = await asyncio.to_thread(os.pread, file.stream.fileno(), size, offset)
            if not chunk:
                raise OSError(f"{file.path} became shorter while it was sent.")
            offset += len(chunk)
            remaining -= len(chunk)
            await send({"type": "http.response.body", "body": chunk, "more_body": remaining > 0})
    finally:
        gone.cancel()
        with suppress(asyncio.CancelledError):
            await gone


async def _disconnect(receive: Receive) -> None:
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


def _is_whole(span: Span, file: OpenFile) -> bool:
    return span == Span(0, file.facts.size)


def _extensions(scope: Scope) -> Mapping[str, Any]:
    return scope.get("extensions") or {}
