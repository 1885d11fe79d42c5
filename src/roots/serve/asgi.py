"""Serve both roots in front of an ASGI application (ASGI 3).

asgi.py of a project:

    from roots.serve.asgi import get_asgi_application

    application = get_asgi_application()
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from roots.serve.core import Root
from roots.serve.messages import REQUEST_HEADERS, Reply, Request, Span
from roots.serve.opener import OpenFile
from roots.serve.responder import Answer, respond

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

CHUNK_BYTES = 256 * 1024
_HEADER_NAMES = {name.encode(): name for name in REQUEST_HEADERS}


def get_asgi_application() -> "RootsASGI":
    """Django's ASGI application with both roots served in front of it.

    Raises ConfigError where the settings contradict each other.
    """
    from django.core.asgi import get_asgi_application as get_django_application

    application = get_django_application()
    from roots.serve.assembly import assemble

    return RootsASGI(application, assemble())


class RootsASGI:
    """Answers HTTP below a root's prefix; every other scope is handed on, untouched."""

    def __init__(self, application: Application, roots: Sequence[Root]) -> None:
        self.application = application
        self.roots = tuple(roots)
        self._prefixes = tuple(root.prefix for root in roots)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI 3."""
        path = self._served_path(scope)
        if path is None:
            await self.application(scope, receive, send)
        else:
            answer = await asyncio.to_thread(respond, self.roots, _request(scope, path))
            await _send(answer, scope, receive, send)

    def _served_path(self, scope: Scope) -> str | None:
        """The path as the browser sees it, or below the mount point the server was told of."""
        if scope["type"] != "http":
            return None
        path: str = scope["path"]
        if path.startswith(self._prefixes):
            return path
        path = path.removeprefix(scope.get("root_path") or "")
        return path if path.startswith(self._prefixes) else None


def _request(scope: Scope, path: str) -> Request:
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        if name := _HEADER_NAMES.get(raw_name):
            value = raw_value.decode("latin-1")
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return Request(scope["method"], path, headers)


async def _send(answer: Answer, scope: Scope, receive: Receive, send: Send) -> None:
    reply, file = answer
    if file is None or reply.span is None:
        await send(_start(reply))
        await send({"type": "http.response.body", "body": reply.body})
        return
    try:
        await send(_start(reply))
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


def _start(reply: Reply) -> Message:
    headers: Iterable[tuple[bytes, bytes]] = [
        (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers
    ]
    return {"type": "http.response.start", "status": reply.status.value, "headers": headers}


def _is_whole(span: Span, file: OpenFile) -> bool:
    return span == Span(0, file.facts.size)


def _extensions(scope: Scope) -> Mapping[str, Any]:
    return scope.get("extensions") or {}
