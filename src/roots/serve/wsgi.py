"""Serve both roots in front of a WSGI application (PEP 3333).

wsgi.py of a project:

    from roots.serve.wsgi import get_wsgi_application

    application = get_wsgi_application()
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from roots.serve.core import Root
from roots.serve.messages import REQUEST_HEADERS, Headers, Reply, Request, Span
from roots.serve.opener import OpenFile
from roots.serve.origins import MediaOrigin
from roots.serve.responder import Answer, Responder, not_found

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CHUNK_BYTES = 256 * 1024
_HEADER_KEYS = tuple((name, "HTTP_" + name.upper().replace("-", "_")) for name in REQUEST_HEADERS)


def get_wsgi_application() -> "RootsWSGI":
    """Django's WSGI application with both roots served in front of it.

    Raises ConfigError where the settings contradict each other.
    """
    from django.core.wsgi import get_wsgi_application as get_django_application

    return put_roots_before(get_django_application())


def put_roots_before(application: "WSGIApplication") -> "RootsWSGI":
    """`application` with this project's roots in front of it; as it is, where they are already.

    Raises ConfigError where the settings contradict each other.
    """
    from roots.conf import configuration
    from roots.serve.assembly import assemble, media_origin
    from roots.serve.bodies.wsgi import cap
    from roots.serve.handover.wsgi import HandedWSGI

    if isinstance(application, RootsWSGI):
        return application
    inner = HandedWSGI(cap(application))
    roots = assemble()
    return RootsWSGI(inner, roots, configuration().memory_cache_bytes, media_origin(roots))


class RootsWSGI:
    """Answers what lies below a root's prefix and hands everything else on, untouched.

    Holds up to `hot_bytes` of hot static files in memory. With `origin` users' files are answered
    there alone, and nothing else is.
    """

    def __init__(
        self,
        application: "WSGIApplication",
        roots: Sequence[Root],
        hot_bytes: int = 0,
        origin: MediaOrigin | None = None,
    ) -> None:
        self.application, self._origin = application, origin
        self._responder = Responder(roots, hot_bytes, _prepare)
        # PEP 3333 carries the path's bytes as latin-1, so the prefixes are compared in that form.
        self._prefixes = tuple(_as_latin_1(root.prefix) for root in roots)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """PEP 3333."""
        path = self._served_path(environ)
        if self._origin is not None and _is_misplaced(path or "", environ, self._origin):
            return send_answer(not_found(environ["REQUEST_METHOD"]), environ, start_response)
        if path is None:
            return self.application(environ, start_response)
        decoded = _decoded(path)
        method, wanted = environ["REQUEST_METHOD"], request_headers(environ)
        if ready := self._responder.ready(method, decoded, wanted):
            status, headers, body = ready
            start_response(status, [*headers])
            return [body] if body else []
        request = Request(method, decoded, wanted, environ.get("QUERY_STRING", ""))
        answer = self._responder.respond(request)
        return send_answer(answer, environ, start_response)

    def _served_path(self, environ: "WSGIEnvironment") -> str | None:
        """The path below the mount point, or as the browser sees it; None if it is Django's."""
        path: str = environ.get("PATH_INFO", "")
        if path.startswith(self._prefixes):
            return path
        if mount := environ.get("SCRIPT_NAME"):
            path = mount + path
            return path if path.startswith(self._prefixes) else None
        return None


class FileSpan(Iterator[bytes]):
    """Part of an open file, in chunks; closing it closes the file."""

    def __init__(self, file: OpenFile, span: Span) -> None:
        self._file = file
        self._offset, self._remaining = span

    def __next__(self) -> bytes:
        if not self._remaining:
            raise StopIteration
        chunk = self._file.read(min(CHUNK_BYTES, self._remaining), self._offset)
        self._offset += len(chunk)
        self._remaining -= len(chunk)
        return chunk

    def close(self) -> None:
        """PEP 3333: the server calls this however the response ended."""
        self._file.stream.close()


class WholeFile:
    """A file for a server to send in its own way; closing it closes the file.

    Some servers do not notice an early end, hence that `close` does.
    """

    def __init__(self, file: OpenFile) -> None:
        self._file = file

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file.stream, name)

    def close(self) -> None:
        """PEP 3333; a second time it does nothing. Raises TruncatedError."""
        if self._file.stream.closed:
            return
        try:
            self._file.require_whole()
        finally:
            self._file.stream.close()


def request_headers(environ: "WSGIEnvironment") -> dict[str, str]:
    """Those of REQUEST_HEADERS that were sent."""
    return {name: environ[key] for name, key in _HEADER_KEYS if key in environ}


def _is_misplaced(path: str, environ: "WSGIEnvironment", origin: MediaOrigin) -> bool:
    keys = ("HTTP_" + name.upper().replace("-", "_") for name in origin.headers)
    host = next((environ[key] for key in keys if environ.get(key)), "")
    return origin.refuses(_decoded(path), host)


def send_answer(
    answer: Answer, environ: "WSGIEnvironment", start_response: "StartResponse"
) -> Iterable[bytes]:
    """Send `answer` as an application would; closing what is returned closes its file."""
    reply, file = answer.reply, answer.file
    status, headers, body = _prepare(reply)
    start_response(status, [*headers])
    if file is None or reply.span is None:
        return [body] if body else []
    wrapper: Callable[..., Iterable[bytes]] | None = environ.get("wsgi.file_wrapper")
    if wrapper is not None and answer.is_whole_and_immutable:
        return wrapper(WholeFile(file), CHUNK_BYTES)
    return FileSpan(file, reply.span)


def _prepare(reply: Reply) -> tuple[str, Headers, bytes]:
    return f"{reply.status.value} {reply.status.phrase}", reply.headers, reply.body


def _decoded(path: str) -> str:
    """Bytes that are not UTF-8 name no file; U+FFFD keeps them from naming another one."""
    return path.encode("latin-1").decode("utf-8", "replace")


def _as_latin_1(prefix: str) -> str:
    return prefix.encode().decode("latin-1")
