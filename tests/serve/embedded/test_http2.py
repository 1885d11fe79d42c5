"""HTTP/2 as a browser speaks it to `manage.py serve`: many requests over one connection."""

import asyncio
import json
import os
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any, Self

import httpx
import pytest
from h2 import events
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.exceptions import InvalidBodyLengthError, StreamClosedError

from tests.serve.cases import CASES, Case
from tests.serve.embedded.test_tls import pair
from tests.serve.site import Site
from tests.serve.test_cases import check
from tests.servers import Server, running

BIG_BYTES = 8_000_000
LIMITS = {"MAX_BODY_BYTES": {"/count/": 3_000_000}}


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(k, marks=pytest.mark.xdist_group(k)) for k in ("granian-wsgi", "granian-asgi")
    ],
)
def server(request, folder, site, tmp_path_factory):
    tls = pair(tmp_path_factory.mktemp("tls"), "shop")
    options = ["--tls-cert", str(tls.certificate), "--tls-key", str(tls.key)]
    with running(request.param, folder, *options, ROOTS_TEST_ROOTS=json.dumps(LIMITS)) as server:
        yield server


@pytest.fixture(params=["h2.bin", "h2.0123456789ab.bin"], ids=["may-change", "immutable"])
def big(request, folder):
    path = folder / "media" / request.param
    path.write_bytes(os.urandom(BIG_BYTES))
    yield path
    path.unlink()


def over_one_connection(
    server: Server, visit: Callable[[httpx.AsyncClient], Awaitable[Any]]
) -> None:
    """Await `visit` with a client that speaks HTTP/2 to `server` over a single connection."""

    async def connect() -> None:
        async with httpx.AsyncClient(
            base_url=f"https://localhost:{server.port}",
            http1=False,
            http2=True,
            verify=False,  # the certificate was made a second ago, by ourselves
            trust_env=False,
            timeout=60,
            limits=httpx.Limits(max_connections=1),
        ) as client:
            await visit(client)

    asyncio.run(connect())


def test_every_case_holds(server: Server, site: Site):
    failures = []

    async def visit(client: httpx.AsyncClient) -> None:
        found = [(case.id, await fault(client, case, site)) for case in CASES]
        failures.extend(f"{name}: {problem}" for name, problem in found if problem)

    over_one_connection(server, visit)
    assert not failures, "\n".join(failures)


async def fault(client: httpx.AsyncClient, case: Case, site: Site) -> str | None:
    """What is wrong with the reply to `case`, if anything."""
    target = {"target": site.fill(case.path).encode()}  # as it stands, not as a browser mends it
    headers = {"accept-encoding": "", **{k: site.fill(v) for k, v in case.headers.items()}}
    if not headers["accept-encoding"]:
        del headers["accept-encoding"]
    request = httpx.Request(case.method, client.base_url, headers=headers, extensions=target)
    response = await client.send(request, stream=True)
    body = b"".join([chunk async for chunk in response.aiter_raw()])
    if case.status is None:
        return None if "x-django" in response.headers else "did not reach Django"
    try:
        check(case, site, response.status_code, dict(response.headers), body)
    except AssertionError as error:
        return str(error)
    return None


def test_big_files_come_side_by_side(server: Server, big):
    content = big.read_bytes()

    async def visit(client: httpx.AsyncClient) -> None:
        whole = client.get(f"/media/{big.name}")
        spans = [(start, start + BIG_BYTES // 2) for start in (0, 1, 1_000_000, BIG_BYTES // 2 - 1)]
        parts = [
            client.get(f"/media/{big.name}", headers={"Range": f"bytes={first}-{last}"})
            for first, last in spans
        ]
        answer, *answers = await asyncio.gather(whole, *parts)
        assert (answer.status_code, answer.http_version) == (200, "HTTP/2")
        assert answer.content == content
        for (first, last), part in zip(spans, answers, strict=True):
            assert part.status_code == 206
            assert part.content == content[first : last + 1]

    over_one_connection(server, visit)


def test_what_is_not_read_holds_nobody_up(server: Server, big):
    async def visit(client: httpx.AsyncClient) -> None:
        async with client.stream("GET", f"/media/{big.name}") as unread:
            assert unread.status_code == 200
            for _ in range(20):
                answer = await client.get("/media/legacy.txt")
                assert answer.content == b"from before"
                assert (await client.get("/page/")).text == "a page by Django"

    over_one_connection(server, visit)


def test_downloads_that_are_given_up_leave_the_connection_to_others(server: Server, big):
    with Wire(server) as wire:
        for _ in range(5):
            stream = wire.ask("GET", f"/media/{big.name}")
            wire.wait_for(events.DataReceived, stream)
            wire.give_up(stream)
        assert wire.body_of(wire.ask("GET", "/media/legacy.txt")) == b"from before"


def test_nobody_takes_a_file_that_becomes_shorter_for_the_whole(server: Server, big):
    async def visit(client: httpx.AsyncClient) -> None:
        async with client.stream("GET", f"/media/{big.name}") as cut:
            assert cut.status_code == 200
            os.truncate(big, 1_000)
            with pytest.raises((httpx.RemoteProtocolError, InvalidBodyLengthError)):
                await cut.aread()

    over_one_connection(server, visit)


def test_uploads_arrive_whole_side_by_side(server: Server):
    async def visit(client: httpx.AsyncClient) -> None:
        sizes = (0, 1, 300_000, 2_999_999)
        declared = [client.post("/count/", content=bytes(size)) for size in sizes]
        streamed = [client.post("/count/", content=in_pieces(size)) for size in sizes]
        answers = await asyncio.gather(*declared, *streamed)
        assert [answer.text for answer in answers] == [f"{size} bytes" for size in sizes * 2]

    over_one_connection(server, visit)


@pytest.mark.parametrize("fields", [[("content-length", "4000000")], []], ids=["told", "counted"])
def test_a_body_that_is_too_large_is_refused_and_the_next_request_is_served(server, fields):
    with Wire(server) as wire:
        stream = wire.ask("POST", "/count/", *fields, is_whole=False)
        wire.send(stream, bytes(4_000_000))
        started = wire.wait_for(events.ResponseReceived, stream)
        assert dict(started.headers)[b":status"] == b"413"
        wire.give_up(stream)
        assert wire.body_of(wire.ask("GET", "/media/legacy.txt")) == b"from before"


async def in_pieces(size: int) -> AsyncIterator[bytes]:
    """A body whose length the head does not tell."""
    for begin in range(0, size, 50_000):
        yield bytes(min(50_000, size - begin))


class Wire:
    """A connection frame by frame, for what httpx does not do: to stop in the middle."""

    def __init__(self, server: Server) -> None:
        context = ssl._create_unverified_context()
        context.set_alpn_protocols(["h2"])
        plain = socket.create_connection(("127.0.0.1", server.port), 60)
        self._socket = context.wrap_socket(plain, server_hostname="localhost")
        self._state = H2Connection(H2Configuration(client_side=True))
        self._state.initiate_connection()
        self._seen: list[Any] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def ask(self, method: str, path: str, *fields: tuple[str, str], is_whole: bool = True) -> int:
        """Send the head of a request; the number of its stream."""
        stream = self._state.get_next_available_stream_id()
        pseudo = {":method": method, ":path": path, ":scheme": "https", ":authority": "localhost"}
        self._state.send_headers(stream, [*pseudo.items(), *fields], end_stream=is_whole)
        self._flush()
        return stream

    def send(self, stream: int, body: bytes) -> None:
        """Send `body` as fast as the server takes it, and stop when it has answered."""
        while body and not self._find(events.ResponseReceived, stream):
            window = self._state.local_flow_control_window(stream)
            size = min(window, self._state.max_outbound_frame_size, len(body))
            if size:
                self._state.send_data(stream, body[:size])
                body = body[size:]
                self._flush()
            else:
                self._receive()

    def give_up(self, stream: int) -> None:
        """Want no more of `stream`."""
        with suppress(StreamClosedError):  # the server may have been faster
            self._state.reset_stream(stream)
        self._flush()

    def wait_for(self, kind: type, stream: int) -> Any:
        """The first event of `kind` on `stream`."""
        while not (found := self._find(kind, stream)):
            self._receive()
        return found

    def body_of(self, stream: int) -> bytes:
        """All that comes on `stream`."""
        self.wait_for(events.StreamEnded, stream)
        parts = [event for event in self._seen if isinstance(event, events.DataReceived)]
        return b"".join(part.data for part in parts if part.stream_id == stream)

    def _find(self, kind: type, stream: int) -> Any:
        found = (e for e in self._seen if isinstance(e, kind) and e.stream_id == stream)
        return next(found, None)

    def _receive(self) -> None:
        arrived = self._state.receive_data(self._socket.recv(65536))
        assert arrived or self._state.data_to_send, "the server closed the connection"
        for event in arrived:
            if isinstance(event, events.DataReceived):
                self._state.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        self._seen += arrived
        self._flush()

    def _flush(self) -> None:
        self._socket.sendall(self._state.data_to_send())
