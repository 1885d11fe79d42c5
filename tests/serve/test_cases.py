"""The table in cases.py, on the core and through both adapters, without a server."""

import asyncio
import zlib
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes
from wsgiref.validate import validator

import brotli
import pytest

from roots.serve.asgi import RootsASGI
from roots.serve.assembly import assemble
from roots.serve.messages import REQUEST_HEADERS, Request
from roots.serve.responder import Responder
from roots.serve.wsgi import RootsWSGI
from tests.serve.cases import CASES, Case
from tests.serve.environ import environ
from tests.serve.site import Site

Got = tuple[int, dict[str, str], bytes]
DJANGOS = 299
"""The status our stand-in for Django answers with."""


def core(case: Case, site: Site) -> Got:
    """As the adapters use it: prefix first, then the responder."""
    roots = assemble()
    path = _bytes(site.fill(case.path)).decode("utf-8", "replace")
    if not path.startswith(tuple(root.prefix for root in roots)):
        return DJANGOS, {}, b""
    headers = {
        k.lower(): v for k, v in _headers(case, site).items() if k.lower() in REQUEST_HEADERS
    }
    responder = Responder(roots, 0, lambda reply: reply)
    reply, file, _ = responder.respond(Request(case.method, path, headers))
    body = reply.body
    if file is not None and reply.span is not None:
        with file.stream as stream:
            stream.seek(reply.span.start)
            body = stream.read(reply.span.length)
    return reply.status, dict(reply.headers), body


def wsgi(case: Case, site: Site, hot_bytes: int = 0, times: int = 1) -> Got:
    """As a WSGI server calls it, under wsgiref's validator."""
    got: list[Any] = []

    def django(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        start_response(f"{DJANGOS} Django", [("Content-Type", "text/plain")])
        return [b""]

    def start_response(status: str, headers: list[tuple[str, str]], exc: Any = None) -> Any:
        got.extend((int(status[:3]), dict(headers)))
        return lambda data: None

    application = validator(RootsWSGI(django, assemble(), hot_bytes))
    for _ in range(times):
        got.clear()
        result = application(_environ(case, site), start_response)
        try:
            body = b"".join(result)
        finally:
            result.close()
    return got[0], got[1], body


def asgi(case: Case, site: Site, hot_bytes: int = 0, times: int = 1) -> Got:
    """As an ASGI server calls it."""
    sent: list[dict[str, Any]] = []

    async def django(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": DJANGOS, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    application = RootsASGI(django, assemble(), hot_bytes)
    for _ in range(times):
        sent.clear()
        asyncio.run(application(_scope(case, site), receive, send))
    start, *parts = sent
    assert [part.get("more_body", False) for part in parts] == [True] * (len(parts) - 1) + [False]
    headers = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
    return start["status"], headers, b"".join(part["body"] for part in parts)


def wsgi_hot(case: Case, site: Site) -> Got:
    """The second time, when the reply may come from memory."""
    return wsgi(case, site, hot_bytes=1 << 24, times=2)


def asgi_hot(case: Case, site: Site) -> Got:
    """The second time, when the reply may come from memory."""
    return asgi(case, site, hot_bytes=1 << 24, times=2)


@pytest.mark.parametrize("way", [core, wsgi, asgi, wsgi_hot, asgi_hot])
@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_the_reply_is_the_promised_one(way: Callable[[Case, Site], Got], case: Case, site: Site):
    status, headers, body = way(case, site)
    if case.status is None:
        assert status == DJANGOS
        return
    check(case, site, status, headers, body)


def test_every_case_has_a_name_of_its_own():
    assert len({case.id for case in CASES}) == len(CASES)


def check(case: Case, site: Site, status: int, headers: dict[str, str], body: bytes) -> None:
    """Compare a reply, from whichever way it came, with what `case` promises."""
    headers = {name.title(): value for name, value in headers.items()}
    assert status == case.status
    for name, wanted in case.replies.items():
        assert headers.get(name.title()) == (wanted if wanted is None else site.fill(wanted)), name
    if case.method == "HEAD" or status in (204, 304):
        assert body == b""
    else:
        assert len(body) == int(headers["Content-Length"])
    expected = site.expected_body(case)
    if expected is not None:
        assert decode(body, headers.get("Content-Encoding")) == expected
    assert b"secret" not in body


def decode(body: bytes, coding: str | None) -> bytes:
    """`body` without its content coding."""
    decoders = {"br": brotli.decompress, "gzip": lambda data: zlib.decompress(data, 31)}
    return decoders[coding](body) if coding else body


def _headers(case: Case, site: Site) -> dict[str, str]:
    return {name: site.fill(value) for name, value in case.headers.items()}


def _bytes(path: str) -> bytes:
    return unquote_to_bytes(path)


def _environ(case: Case, site: Site) -> dict[str, Any]:
    return environ(case.method, site.fill(case.path), _headers(case, site))


def _scope(case: Case, site: Site) -> dict[str, Any]:
    path = site.fill(case.path)
    return {
        "type": "http",
        "method": case.method,
        "path": _bytes(path).decode("utf-8", "replace"),
        "raw_path": path.encode(),
        "root_path": "",
        "headers": [
            (k.lower().encode(), v.encode("latin-1")) for k, v in _headers(case, site).items()
        ],
    }
