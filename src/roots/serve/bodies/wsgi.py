"""Between the layer and Django under WSGI: no more of a body than `MAX_BODY_BYTES` allows."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.core.exceptions import RequestDataTooBig

from roots.serve.bodies import refusal as bodies
from roots.serve.bodies.limits import BodyLimits, exceeds
from roots.serve.bodies.refusal import WITHOUT_BODY
from roots.serve.wsgi import send_answer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def cap(application: "WSGIApplication") -> "WSGIApplication":
    """`application` as this project's settings limit it: itself, where they do not."""
    limits = bodies.limits()
    return CappedWSGI(application, limits) if limits else application


class CappedWSGI:
    """`application`, which never gets more of a body than `limits` allow."""

    def __init__(self, application: "WSGIApplication", limits: BodyLimits) -> None:
        self.application = application
        self._limits = BodyLimits(
            tuple((p.encode().decode("latin-1"), most) for p, most in limits.by_prefix)
        )

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """PEP 3333."""
        declared = environ.get("CONTENT_LENGTH")
        if (
            not declared
            and environ["REQUEST_METHOD"] in WITHOUT_BODY
            and "HTTP_TRANSFER_ENCODING" not in environ
        ):
            return self.application(environ, start_response)
        most = self._limits.of(environ.get("PATH_INFO", ""))
        if most is None:
            return self.application(environ, start_response)
        if declared and exceeds(declared, most):
            return _refuse(environ, most, start_response)
        return self._counted(environ, start_response, most)

    def _counted(
        self, environ: "WSGIEnvironment", start_response: "StartResponse", most: int
    ) -> Iterable[bytes]:
        body = environ["wsgi.input"] = CountedInput(environ["wsgi.input"], most)
        refusals: list[Iterable[bytes]] = []

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            if not body.is_exceeded:
                return start_response(status, headers, *more)
            if not refusals:
                refusals.append(_refuse(environ, most, start_response))
            return lambda _: None

        answer = self.application(environ, start)
        if not refusals:
            return answer
        if close := getattr(answer, "close", None):
            close()
        return refusals[0]


class CountedInput:
    """A `wsgi.input` that fails with RequestDataTooBig once more than `most` bytes were read.

    It fails and does not end, so that nobody takes the part that was read for the whole.
    """

    def __init__(self, stream: Any, most: int) -> None:
        self._stream, self._remaining = stream, most
        self.is_exceeded = False

    def read(self, size: int = -1) -> bytes:
        """As of a file."""
        return self._count(self._stream.read(self._bounded(size)))

    def readline(self, size: int = -1) -> bytes:
        """As of a file."""
        return self._count(self._stream.readline(self._bounded(size)))

    def readlines(self, _hint: int = -1) -> list[bytes]:
        """As of a file; no hint is needed, since the whole is bounded."""
        return list(self)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")

    def _bounded(self, size: int | None) -> int:
        """One byte more than allowed tells that there is more; asking for all would hold it all."""
        most = self._remaining + 1
        return most if size is None or size < 0 else min(size, most)

    def _count(self, data: bytes) -> bytes:
        self._remaining -= len(data)
        if self._remaining < 0 or self.is_exceeded:
            self.is_exceeded, self._remaining = True, 0
            raise RequestDataTooBig('The body is larger than ROOTS["MAX_BODY_BYTES"] allows.')
        return data


def _refuse(
    environ: "WSGIEnvironment", most: int, start_response: "StartResponse"
) -> Iterable[bytes]:
    answer = bodies.too_large(environ["REQUEST_METHOD"], environ.get("PATH_INFO", ""), most)
    return send_answer(answer, environ, start_response)
