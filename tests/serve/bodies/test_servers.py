"""Bodies beyond MAX_BODY_BYTES, byte for byte over real connections to real servers."""

import json
import socket
from io import BytesIO
from typing import NamedTuple

import pytest
from django.core.exceptions import RequestDataTooBig

from roots.serve.bodies import asgi as capped_asgi
from roots.serve.bodies import wsgi as capped_wsgi
from roots.serve.bodies.limits import read
from roots.serve.bodies.wsgi import CappedWSGI, CountedInput
from tests.servers import Server, running

LIMITS = {"MAX_BODY_BYTES": {"/": 1000, "/large/": 100_000}}
HEAD = "POST {path} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n"


def chunked(size: int) -> bytes:
    chunks = b"".join(b"%x\r\n%s\r\n" % (100, b"x" * 100) for _ in range(size // 100))
    return chunks + b"0\r\n\r\n"


class Case(NamedTuple):
    """A request's framing fields, what is sent as its body, and which answers are right."""

    id: str
    fields: str
    body: bytes
    answers: tuple[bytes, ...]
    path: str = "/count/"


CASES = [
    Case("as declared", "Content-Length: 500", b"x" * 500, (b"500 bytes",)),
    Case("just allowed", "Content-Length: 1000", b"x" * 1000, (b"1000 bytes",)),
    Case("one too many", "Content-Length: 1001", b"x" * 1001, (b" 413 ",)),
    Case("a prefix of its own", "Content-Length: 2000", b"x" * 2000, (b"2000 b",), "/large/count/"),
    Case("chunks", "Transfer-Encoding: chunked", chunked(500), (b"500 bytes",)),
    # No Content-Length at all, or one that says less than what comes: CVE-2026-33034, -5766.
    Case("too many chunks", "Transfer-Encoding: chunked", chunked(5000), (b" 413 ",)),
    Case("understated", "Content-Length: 10", b"x" * 5000, (b"10 bytes",)),
    Case(
        "understated in chunks",
        "Content-Length: 10\r\nTransfer-Encoding: chunked",
        chunked(5000),
        (b" 413 ", b" 400 "),
    ),
    Case("overstated", "Content-Length: 2000", b"x" * 10, (b" 413 ",)),
    Case("beyond all numbers", f"Content-Length: {'9' * 5000}", b"", (b" 413 ", b" 400 ")),
    Case("negative", "Content-Length: -1", b"", (b" 400 ",)),
    Case(
        "refused before it is sent",
        "Content-Length: 2000\r\nExpect: 100-continue",
        b"",
        (b" 413 ",),
    ),
]


@pytest.fixture(scope="module", params=["granian-wsgi", "granian-asgi", "gunicorn", "uvicorn"])
def server(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bodies")
    (folder / "static").mkdir()
    (folder / "static" / "staticfiles.json").write_text('{"paths": {}, "version": "1.1"}')
    with running(request.param, folder, ROOTS_TEST_ROOTS=json.dumps(LIMITS)) as server:
        yield server


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_what_counts_is_what_arrives(server: Server, case: Case):
    with connect(server) as client:
        client.sendall(message(case.path, case.fields, case.body))
        reply = received_until(client, (b" bytes", b"Large\n", b" 400 "))
    assert any(answer in reply for answer in case.answers), reply
    assert (b"X-Django".lower() in reply.lower()) == (b" 200 " in reply)


def test_a_refused_body_is_never_taken_for_the_next_request(server: Server):
    smuggled = b"GET /page/ HTTP/1.1\r\nHost: localhost\r\n\r\n" * 100
    with connect(server) as client:
        client.sendall(message("/count/", f"Content-Length: {len(smuggled)}", smuggled))
        client.sendall(b"GET /large/count/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        reply = received_until(client, ())
    assert b" 413 " in reply
    assert b"a page by Django" not in reply


def test_a_client_that_stops_in_the_middle_harms_nobody_else(server: Server):
    for fields in ("Content-Length: 900", "Transfer-Encoding: chunked"):
        with connect(server) as client:
            client.sendall(message("/count/", fields, b"64\r\nhalf"))
    with connect(server) as client:
        client.sendall(message("/count/", "Content-Length: 3", b"xyz"))
        assert b"3 bytes" in received_until(client, (b" bytes",))


def connect(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=60)


def message(path: str, fields: str, body: bytes) -> bytes:
    return HEAD.format(path=path, fields=f"{fields}\r\n").encode() + body


def received_until(client: socket.socket, ends: tuple[bytes, ...]) -> bytes:
    """What came until one of `ends` did, or the server hung up."""
    reply = b""
    try:
        while not any(end in reply for end in ends) and (data := client.recv(65536)):
            reply += data
    except ConnectionResetError:  # it had read enough
        pass
    return reply


def test_no_limit_leaves_the_application_as_it_is(settings):
    application = object()
    for unlimited in (None, {}, {"/": None}):
        settings.ROOTS = {"MAX_BODY_BYTES": unlimited}
        assert capped_wsgi.cap(application) is application
        assert capped_asgi.cap(application) is application


@pytest.mark.parametrize(
    "way",
    [
        lambda body: body.read(),
        lambda body: body.read(None),
        lambda body: body.read(6) + body.read(6),
        lambda body: body.readline() + body.readline(),
        lambda body: body.readlines(),
        lambda body: list(body),
    ],
)
def test_however_it_is_read_it_fails_and_never_just_ends(way):
    body = CountedInput(BytesIO(b"0123\n56789 and more"), 10)
    with pytest.raises(RequestDataTooBig):
        way(body)
    assert body.is_exceeded
    with pytest.raises(RequestDataTooBig):
        body.read(1)


def test_what_is_allowed_is_read_whole():
    assert CountedInput(BytesIO(b"01\n34"), 5).readlines() == [b"01\n", b"34"]
    assert CountedInput(BytesIO(b"01234"), 5).read() == b"01234"


def test_a_view_that_swallows_the_failure_is_overruled_and_closed():
    closed = []

    class Answer(list):
        def close(self):
            closed.append(True)

    def careless(environ, start_response):
        with pytest.raises(RequestDataTooBig):
            environ["wsgi.input"].read()
        start_response("200 OK", [])
        return Answer([b"saved"])

    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/", "wsgi.input": BytesIO(b"x" * 11)}
    started = []
    body = CappedWSGI(careless, read(10))(environ, lambda status, _: started.append(status))
    assert [status[:3] for status in started] == ["413"]
    assert body == [b"413 " + started[0][4:].encode() + b"\n"]
    assert closed
