"""Between the layer and Django under WSGI: sends what views hand over."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from roots.serve.handover.desk import KEY, Desk, Handed, merged, unmarked
from roots.serve.messages import Headers
from roots.serve.wsgi import request_headers, send_answer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class HandedWSGI:
    """`application`, whose views may answer with `roots.serve.send`."""

    def __init__(self, application: "WSGIApplication") -> None:
        self.application = application

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """PEP 3333."""
        desk = environ[KEY] = WSGIDesk(start_response)
        result = self.application(environ, desk)
        desk.is_open = False  # an application that starts later than here must send it itself
        if desk.handed is None:
            return result
        _close(result)  # Django is done: a slow client must not hold a database connection
        answer = desk.handed.respond(environ["REQUEST_METHOD"], request_headers(environ))
        return send_answer(merged(answer, desk.headers), environ, start_response)


class WSGIDesk(Desk):
    """The desk of one request, and the `start_response` that looks at it."""

    __slots__ = ("_start_response", "handed", "headers")

    def __init__(self, start_response: "StartResponse") -> None:
        super().__init__()
        self._start_response = start_response
        self.handed: Handed | None = None
        self.headers: Headers = ()

    def __call__(
        self, status: str, headers: list[tuple[str, str]], exc_info: Any = None, /
    ) -> Callable[[bytes], object]:
        """PEP 3333."""
        if not self.is_empty:
            self.headers = tuple(headers)
            self.handed = self.taken(int(status[:3]), self.headers)
            if self.handed is not None:
                return _nothing_to_write
            headers = [*unmarked(self.headers)]
        if exc_info is None:
            return self._start_response(status, headers)
        return self._start_response(status, headers, exc_info)


def _nothing_to_write(_: bytes) -> None:
    pass


def _close(result: Iterable[bytes]) -> None:
    if close := getattr(result, "close", None):
        close()
