"""One request made from any bytes, through both adapters: they must agree, and tell no secret."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from roots.media.catalog import MediaCatalog
from roots.media.signed import SignedLinks
from roots.serve.asgi import RootsASGI
from roots.serve.catalog import Entry, Representation
from roots.serve.core import Root
from roots.serve.headers import media_policy, signed_policy, static_policy
from roots.serve.messages import REQUEST_HEADERS
from roots.serve.wsgi import RootsWSGI
from roots.signing import Signer

SECRET = b"nobody may read this"
CONTENT = bytes(range(256)) * 4
NAMES = ("a.css", "a.css.br", "a.css.gz", "app.0123456789ab.css", "größe.txt", "empty.txt")
METHODS = ("GET", "GET", "GET", "HEAD", "OPTIONS", "POST")
STATUSES = {200, 204, 206, 304, 403, 404, 405, 406, 412, 416}
EXAMPLES = (
    b"\x00/media/a.css\n\x06bytes=0-0",
    b"\x00/static/a.css\n\x00br;q=0.5, gzip\n\x03*",
    b"\x00/media/gr\xc3\xb6\xc3\x9fe.txt\n\x02Sun, 06 Nov 1994 08:49:37 GMT",
    b'\x03/media/../secret\n\x01W/"x", *',
    b'\x00/media/app.0123456789ab.css\n\x06bytes=-5\n\x04"0123456789ab"',
    b"\x00/static/out/secret\n\x05Sunday, 06-Nov-94 08:49:37 GMT",
    b"\x00/private/secret?expires=99999999999&signature=AAAAAAAAAAAAAAAAAAAAAA",
)


class Got(NamedTuple):
    """An answer, as the client sees it."""

    status: int
    headers: dict[str, str]
    body: bytes


class Compressed:
    """A catalog in which every name has variants and is kept in memory."""

    def find(self, name: str) -> Entry:
        """As a static catalog would."""
        found = [Representation(name, tag="t"), Representation(f"{name}.br", "br", "t-br")]
        found.append(Representation(f"{name}.gz", "gzip", "t-gzip"))
        return Entry(tuple(found), "text/css", name, is_immutable=True)


class Target:
    """Both adapters before the same three roots in `folder`, to one of which nobody has a link."""

    def __init__(self, folder: Path) -> None:
        (folder / "secret").write_bytes(SECRET)
        (folder / "private").mkdir()
        (folder / "private" / "secret").write_bytes(SECRET)
        for name in ("static", "media"):
            (folder / name / ".hidden").mkdir(parents=True)
            (folder / name / ".hidden" / "secret").write_bytes(SECRET)
            (folder / name / "out").symlink_to(folder)
            for file in NAMES:
                (folder / name / file).write_bytes(b"" if file.startswith("empty") else CONTENT)
        static = Root("/static/", f"{folder}/static", Compressed(), static_policy(60), is_held=True)
        media = Root("/media/", f"{folder}/media", MediaCatalog(), media_policy())
        links = SignedLinks(Signer([os.urandom(32)], "links"), 3600)
        private = Root(
            "/private/", f"{folder}/private", MediaCatalog(), signed_policy(), gate=links
        )
        roots = (static, media, private)
        self._asgi = RootsASGI(_pass_asgi, roots, 1 << 20)
        self._wsgi = RootsWSGI(_pass_wsgi, roots, 1 << 20)
        self._loop = asyncio.new_event_loop()

    def close(self) -> None:
        """Let the event loop go."""
        self._loop.close()

    def check(self, data: bytes) -> None:
        """Ask what `data` says: a byte for the method and the path with a query, then a line for
        each header, whose first byte chooses the name. Raises AssertionError, or whatever is
        wrong."""
        first, *lines = data.split(b"\n")
        method = METHODS[first[0] % len(METHODS)] if first else "GET"
        path, _, query = first[1:].partition(b"?")
        headers = {
            REQUEST_HEADERS[line[0] % len(REQUEST_HEADERS)]: line[1:].decode("latin-1")
            for line in lines
            if line
        }
        one = self._loop.run_until_complete(self._through_asgi(method, path, query, headers))
        other = self._through_wsgi(method, path, query, headers)
        assert one == other, (one, other)
        if one.status != 299:
            _judge(method, headers, one)

    async def _through_asgi(
        self, method: str, path: bytes, query: bytes, headers: dict[str, str]
    ) -> Got:
        sent: list[dict[str, Any]] = []
        scope = {
            "type": "http",
            "method": method,
            "path": path.decode("utf-8", "replace"),
            "query_string": query,
            "headers": [(n.encode(), v.encode("latin-1")) for n, v in headers.items()],
        }

        async def send(message: Any) -> None:
            sent.append(message)

        await self._asgi(scope, asyncio.Event().wait, send)  # type: ignore[arg-type]
        found = {n.decode().title(): v.decode("latin-1") for n, v in sent[0]["headers"]}
        return Got(sent[0]["status"], found, b"".join(m.get("body", b"") for m in sent[1:]))

    def _through_wsgi(self, method: str, path: bytes, query: bytes, headers: dict[str, str]) -> Got:
        started: list[Any] = []
        environ: dict[str, Any] = {"REQUEST_METHOD": method, "PATH_INFO": path.decode("latin-1")}
        environ["QUERY_STRING"] = query.decode("latin-1")
        environ |= {"HTTP_" + n.upper().replace("-", "_"): v for n, v in headers.items()}
        result = self._wsgi(environ, lambda *arguments: started.extend(arguments))
        body = b"".join(result)
        if close := getattr(result, "close", None):
            close()
        status, found = started[:2]
        return Got(int(status[:3]), {n.title(): v for n, v in found}, body)


@contextmanager
def target() -> Iterator[Target]:
    """A target on files of its own."""
    with TemporaryDirectory(prefix="roots-fuzz-") as name:
        made = Target(Path(os.path.realpath(name)))
        try:
            yield made
        finally:
            made.close()


def _judge(method: str, headers: dict[str, str], got: Got) -> None:
    assert got.status in STATUSES
    assert SECRET not in got.body
    assert all("\r" not in value and "\n" not in value for value in got.headers.values())
    if method == "HEAD" or got.status in (204, 304):
        assert got.body == b""
        return
    assert len(got.body) == int(got.headers["Content-Length"])
    if got.status == 206:
        assert "range" in headers
        span, _, size = got.headers["Content-Range"].removeprefix("bytes ").partition("/")
        start, _, last = span.partition("-")
        assert got.body == CONTENT[int(start) : int(last) + 1]
        assert int(size) == len(CONTENT)


async def _pass_asgi(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 299, "headers": []})


def _pass_wsgi(environ: Any, start_response: Any) -> list[bytes]:
    start_response("299 Django", [])
    return []
