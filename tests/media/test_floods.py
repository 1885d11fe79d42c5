"""Bodies made to cost a server its memory, its disk or its patience, over real connections."""

import base64
import contextlib
import json
import os
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.media import samples
from tests.media.gate.opened import opened
from tests.servers import Server, descendants

BOUNDARY = "----a-boundary"
MB = 1 << 20
CAP = 64 * MB
MOST_MEMORY_KB = 24 << 10
FILE = 'Content-Disposition: form-data; name="file"; filename="a.bin"'
FIELD = 'Content-Disposition: form-data; name="x"'
END = f"--{BOUNDARY}--\r\n".encode()
WSGI, ASGI = ("granian-wsgi", "gunicorn"), ("granian-asgi", "uvicorn")

pytestmark = [
    pytest.mark.xdist_group("floods"),  # so that each server is started once
    pytest.mark.skipif(
        not Path("/proc/self/status").exists(), reason="peak memory is read in /proc"
    ),
]


class Flood(NamedTuple):
    """A body, piece by piece; what may be answered, None for hanging up on who still sends; and how
    many bytes the body has."""

    id: str
    pieces: Callable[[], Iterator[bytes]]
    statuses: set[int | None]
    size: int


def part(head: str, *content: bytes) -> list[bytes]:
    return [f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode(), *content, b"\r\n"]


def flood(name: str, statuses: set[int | None], *pieces: bytes) -> Flood:
    return Flood(name, lambda: iter(pieces), statuses, sum(map(len, pieces)))


REFUSED = {400, None}
IN_BASE64, FIELD_IN_BASE64 = (
    f"{head}\r\nContent-Transfer-Encoding: base64" for head in (FILE, FIELD)
)
NEAR = f"\r\n--{BOUNDARY[:-1]}".encode()
FLOODS = [
    # CVE-2026-33033, CVE-2026-108147
    flood("base64", {201}, *part(IN_BASE64, *[base64.b64encode(bytes(3 * MB))] * 8), END),
    flood("base64 of spaces", {201}, *part(IN_BASE64, *[b" \n" * (MB // 2)] * 32), END),
    flood("base64 in a field", REFUSED, *part(FIELD_IN_BASE64, *[b" " * MB] * 32), END),
    # CVE-2023-24580
    flood("100,000 files", REFUSED, *part(FILE, b"x") * 100_000, END),
    flood("100,000 fields", REFUSED, *part(FIELD, b"x") * 100_000, END),
    flood("a million boundaries", REFUSED, *[f"--{BOUNDARY}\r\n".encode() * 1000] * 1000, END),
    # CVE-2014-0481
    flood("100 equal names", {201}, *part(FILE, b"x") * 100, END),
    flood("nearly boundaries", {201}, *part(FILE, *[NEAR * (MB // len(NEAR))] * 32), END),
    flood("a head without end", REFUSED, f"--{BOUNDARY}\r\n{FILE}; x=".encode(), *[b"y" * MB] * 32),
    flood("more behind the end", {201, *REFUSED}, *part(FILE, b"x"), END, *[b"z" * MB] * 32),
    flood("never ends", REFUSED, f"--{BOUNDARY}\r\n{FILE}\r\n\r\n".encode(), *[b"x" * MB] * 32),
]  # fmt: skip


@pytest.fixture(scope="module", params=(*WSGI, *ASGI))
def server(request, tmp_path_factory):
    limits = {"MAX_BODY_BYTES": {"/save/": CAP}, "DURABLE_UPLOADS": False}
    folder = tmp_path_factory.mktemp("floods")
    with opened(request.param, folder, ROOTS_TEST_ROOTS=json.dumps(limits)) as server:
        assert answers(server)
        yield server


@pytest.mark.parametrize("flood", FLOODS, ids=[flood.id for flood in FLOODS])
def test_memory_stays_flat_and_an_answer_comes(server: Server, flood: Flood):
    before = peak_kb(server)
    status, _ = exchange(server, "/save/", flood.pieces(), flood.size)
    assert status in flood.statuses
    assert peak_kb(server) - before < MOST_MEMORY_KB
    assert answers(server)


def test_a_body_in_chunks_without_end_is_stopped_at_the_cap(server: Server):
    """CVE-2026-33034, CVE-2026-5766: no Content-Length to believe."""
    chunk = f"{MB:x}\r\n".encode() + b"x" * MB + b"\r\n"
    begun = f"--{BOUNDARY}\r\n{FILE}\r\n\r\n".encode()
    endless = iter([f"{len(begun):x}\r\n".encode() + begun + b"\r\n", *[chunk] * 1024])
    before = peak_kb(server)
    status, sent = exchange(server, "/save/", endless, None)
    assert status in {413, 400, None}
    assert sent < CAP + 32 * MB
    assert peak_kb(server) - before < MOST_MEMORY_KB
    assert answers(server)


@pytest.mark.parametrize("path", ["/form/", "/api/"])
@pytest.mark.parametrize(("content", "most"), [("a.exe", 32 * MB), ("a.jpg", 64 * MB)])
@pytest.mark.parametrize("server", WSGI, indirect=True, scope="module")
def test_the_rest_of_what_is_of_a_wrong_type_or_too_long_is_not_read(server, path, content, most):
    """A gigabyte called a picture, of which at most 20 MiB are allowed. Under ASGI Django takes in
    all of a body before anybody may look at it."""
    head = f"--{BOUNDARY}\r\n{FILE}\r\n\r\n".replace("a.bin", "a.jpg").encode()
    pieces = [head, *[samples.named(content).ljust(MB, b"\0")] * 1024]
    status, sent = exchange(server, path, iter(pieces), sum(map(len, pieces)))
    assert status in REFUSED
    assert sent < most


def exchange(server: Server, path: str, pieces: Iterator[bytes], size: int | None):
    """The status of the answer, None for none; and how many bytes of the body the server took,
    or the kernel for it, until it answered or hung up."""
    sent, status = 0, None
    length = "Transfer-Encoding: chunked" if size is None else f"Content-Length: {size}"
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{length}\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as client:
        with contextlib.suppress(ConnectionError):
            client.sendall(head.encode())
            for piece in pieces:
                client.sendall(piece)
                sent += len(piece)
        with contextlib.suppress(ConnectionError):
            if answer := client.recv(1 << 16):
                status = int(answer.split(b" ", 2)[1])
    return status, sent


def answers(server: Server) -> bool:
    """Whether it stores a small upload as if nothing had happened."""
    pieces = [*part(FILE, os.urandom(100)), END]
    return exchange(server, "/save/", iter(pieces), sum(map(len, pieces)))[0] == 201


def peak_kb(server: Server) -> int:
    """The sum of what its processes have ever held."""
    found = (Path(f"/proc/{pid}/status").read_text() for pid in descendants(server.process.pid))
    return sum(int(re.search(r"VmHWM:\s*(\d+)", status)[1]) for status in found)
