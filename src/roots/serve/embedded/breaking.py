"""Breaks connections as Granian takes it: without a traceback for each of them."""

from contextlib import suppress

from roots.serve.asgi import Application, Receive, Scope, Send
from roots.serve.opener import TruncatedError


class Breaking:
    """`application`, which returns before its response is complete where a file is cut short.

    Granian then closes the connection, or resets the stream of HTTP/2. Other servers may wait for
    the rest for ever (Daphne), so it is not for them.
    """

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI 3."""
        with suppress(TruncatedError):
            await self.application(scope, receive, send)
