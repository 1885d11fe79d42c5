"""Between the layer and Django under ASGI: no more of a body than `MAX_BODY_BYTES` allows."""

from collections.abc import Awaitable

from roots.serve.asgi import Application, Message, Receive, Scope, Send, send_answer
from roots.serve.bodies import refusal as bodies
from roots.serve.bodies.limits import BodyLimits, exceeds
from roots.serve.bodies.refusal import WITHOUT_BODY

_HTTP_1 = frozenset({"1.0", "1.1"})
_FRAMING = frozenset({b"content-length", b"transfer-encoding"})


def cap(application: Application) -> Application:
    """`application` as this project's settings limit it: itself, where they do not."""
    limits = bodies.limits()
    return CappedASGI(application, limits) if limits else application


class CappedASGI:
    """`application`, which never gets more of a body than `limits` allow."""

    def __init__(self, application: Application, limits: BodyLimits) -> None:
        self.application, self._limits = application, limits

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """ASGI 3; not a coroutine itself, which most requests would pay for without need."""
        if scope["type"] != "http" or _is_without_body(scope):
            return self.application(scope, receive, send)
        return self._capped(scope, receive, send)

    async def _capped(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"].removeprefix((scope.get("root_path") or "").rstrip("/"))
        most = self._limits.of(path)
        if most is None:
            await self.application(scope, receive, send)
        elif exceeds(_declared(scope), most):
            await _refuse(scope, most, receive, send)
        else:
            exchange = CappedExchange(receive, send, most)
            await self.application(scope, exchange.receive, exchange.send)
            if exchange.is_refused:
                await _refuse(scope, most, receive, send)


class CappedExchange:
    """Both directions of one request: when more than `most` bytes have come, the application is
    told that the client has gone, and what it may still say is not sent."""

    __slots__ = ("_has_started", "_is_exceeded", "_receive", "_remaining", "_send")

    def __init__(self, receive: Receive, send: Send, most: int) -> None:
        self._receive, self._send, self._remaining = receive, send, most
        self._is_exceeded = self._has_started = False

    @property
    def is_refused(self) -> bool:
        """Whether the body was too large and no answer has begun."""
        return self._is_exceeded and not self._has_started

    async def receive(self) -> Message:
        """As the server's."""
        if self._is_exceeded:
            return {"type": "http.disconnect"}
        message = await self._receive()
        self._remaining -= len(message.get("body", b""))
        if self._remaining >= 0:
            return message
        self._is_exceeded = True
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """As the server's."""
        if not self.is_refused:
            self._has_started = True
            await self._send(message)


def _is_without_body(scope: Scope) -> bool:
    """Whether the head tells that no body follows (RFC 9112 section 6.3); in HTTP/2 it does not."""
    if scope["method"] not in WITHOUT_BODY or scope["http_version"] not in _HTTP_1:
        return False
    for name, _ in scope["headers"]:  # noqa: SIM110 - a generator costs three times as much
        if name in _FRAMING:
            return False
    return True


def _declared(scope: Scope) -> str:
    return next(
        (v.decode("latin-1") for name, v in scope["headers"] if name == b"content-length"), ""
    )


async def _refuse(scope: Scope, most: int, receive: Receive, send: Send) -> None:
    answer = bodies.too_large(scope["method"], scope["path"], most)
    await send_answer(answer, scope, receive, send)
