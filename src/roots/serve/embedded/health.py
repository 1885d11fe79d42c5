"""A page for load balancers: whether this process takes requests, said without Django.

It asks for nothing that processes share, no database and no mount: were that gone, every process
would be taken out at once, and the pages that need none of it with them.
"""

from roots.serve.asgi import Application, Receive, Scope, Send

_BODY = b"ok\n"
_HEADERS = (
    (b"content-type", b"text/plain; charset=utf-8"),
    (b"content-length", b"3"),
    (b"cache-control", b"no-store"),
)
_METHODS = frozenset({"GET", "HEAD"})


class Health:
    """`application`, and `ok` at `path`."""

    def __init__(self, application: Application, path: str) -> None:
        self.application, self.path = application, path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI 3."""
        if scope.get("path") != self.path or scope.get("method") not in _METHODS:
            await self.application(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 200, "headers": [*_HEADERS]})
        body = _BODY if scope["method"] == "GET" else b""
        await send({"type": "http.response.body", "body": body})
