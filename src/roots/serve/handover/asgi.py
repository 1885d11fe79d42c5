"""Between the layer and Django under ASGI: sends what views hand over."""

from collections.abc import Awaitable, Iterable

from roots.serve.asgi import (
    DISK,
    Application,
    Message,
    Receive,
    Scope,
    Send,
    request_headers,
    send_answer,
)
from roots.serve.handover.desk import KEY, Desk, Handed, merged, unmarked
from roots.serve.messages import Headers


class HandedASGI:
    """`application`, whose views may answer with `roots.serve.send`; sync or async."""

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI 3."""
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        desk = scope[KEY] = ASGIDesk(send)
        await self.application(scope, receive, desk)
        if desk.handed is None or not desk.is_complete:
            return
        # Not earlier: while Django sends, it is Django that listens for a client going away.
        answer = await DISK.run(desk.handed.respond, scope["method"], request_headers(scope))
        await send_answer(merged(answer, desk.headers), scope, receive, send)


class ASGIDesk(Desk):
    """The desk of one request, and the `send` that looks at it.

    `is_complete` says that Django sent all of the response that stands for `handed`.
    """

    __slots__ = ("_send", "handed", "headers", "is_complete")

    def __init__(self, send: Send) -> None:
        super().__init__()
        self._send = send
        self.handed: Handed | None = None
        self.headers: Headers = ()
        self.is_complete = False

    def __call__(self, message: Message) -> Awaitable[None]:
        """ASGI 3."""
        return self._send(message) if self.is_empty else self._consider(message)

    async def _consider(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.headers = _decoded(message["headers"])
            self.handed = self.taken(message["status"], self.headers)
            message = {**message, "headers": _encoded(unmarked(self.headers))}
        if self.handed is None:
            await self._send(message)
        elif message["type"] == "http.response.body":
            self.is_complete = not message.get("more_body", False)


def _decoded(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)


def _encoded(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
