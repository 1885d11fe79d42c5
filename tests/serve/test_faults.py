"""What goes wrong while real servers serve: nobody gets wrong bytes, and the next one is served."""

import http.client
import os
import resource
import socket
from contextlib import closing, contextmanager, suppress

import pytest

from tests.servers import Server, descendants, running

BIG_BYTES = 16_000_000  # more than the sockets and buffers on the way hold
GET = "GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n"


SERVERS = ("granian-wsgi", "granian-asgi", "gunicorn", "uvicorn")


@pytest.fixture(
    scope="module",
    params=[pytest.param(kind, marks=pytest.mark.xdist_group(kind)) for kind in SERVERS],
)
def server(request, folder, site):
    with running(request.param, folder) as server:
        yield server


def begun(server: Server, path: str, headers: str = "") -> socket.socket:
    """A connection on which the head of the answer to `path` has come, and little else."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    client.settimeout(60)
    client.connect(("127.0.0.1", server.port))
    client.sendall(GET.format(path=path, headers=headers).encode())
    assert client.recv(1000).startswith(b"HTTP/1.1 20")
    return client


def rest(client: socket.socket) -> bytes:
    """What still comes, until the server closes the connection."""
    received = []
    with client:
        try:
            while chunk := client.recv(1 << 20):
                received.append(chunk)
        except ConnectionResetError:
            pass
    return b"".join(received)


def get(server: Server, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        connection.request("GET", path, headers=headers or {})
        response = connection.getresponse()
        return response.status, response.read()


@pytest.fixture(params=["big.bin", "big.0123456789ab.bin"], ids=["may-change", "immutable"])
def big(request, folder):
    path = folder / "media" / request.param
    path.write_bytes(b"old!" * (BIG_BYTES // 4))
    yield path
    path.unlink(missing_ok=True)


@pytest.mark.parametrize("headers", ["", "Range: bytes=4-\r\n"], ids=["whole", "part"])
def test_a_file_that_becomes_shorter_breaks_the_connection(server, big, headers):
    client = begun(server, f"/media/{big.name}", headers)
    os.truncate(big, 1_000)
    with suppress(BrokenPipeError, ConnectionResetError):  # it may be closed already
        client.sendall(GET.format(path="/media/legacy.txt", headers="").encode())
    received = rest(client)
    assert len(received) < BIG_BYTES - 1_000
    assert b"from before" not in received, "the next answer passed for the missing bytes"
    assert get(server, "/media/legacy.txt") == (200, b"from before")


def test_a_file_that_becomes_shorter_is_one_line_in_the_log(server, folder):
    cut = folder / "media" / "cut.bin"
    for _ in range(3):
        cut.write_bytes(bytes(BIG_BYTES))
        client = begun(server, "/media/cut.bin?token=secret")
        os.truncate(cut, 1_000)
        rest(client)
    cut.unlink()
    log = server.log.read_text()
    assert log.count("cut.bin' became shorter while it was sent") == 1
    if "uvicorn" not in server.log.name:  # which tells of whatever is raised
        assert "cut.bin" not in log.replace("cut.bin' became", "")
        assert "TruncatedError" not in log


def test_a_file_that_is_replaced_is_sent_as_it_was(server, big):
    client = begun(server, f"/media/{big.name}", "Connection: close\r\n")
    other = big.with_name("other")
    other.write_bytes(b"new!" * (BIG_BYTES // 4))
    other.replace(big)
    assert b"new!" not in rest(client)


def test_a_file_that_is_deleted_is_sent_to_its_end(server, big):
    client = begun(server, f"/media/{big.name}", "Connection: close\r\n")
    big.unlink()
    assert len(rest(client)) > BIG_BYTES - 2_000
    assert get(server, f"/media/{big.name}")[0] == 404


def test_one_connection_survives_every_refusal(server, site):
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        for path, headers, status in (
            ("/media/nothing.txt", {}, 404),
            ("/static/..%2fsecret.txt", {}, 404),
            (site.fill("/media/{jpg}"), {"Range": "bytes=999999999-"}, 416),
            (site.fill("/media/{jpg}"), {"If-Match": '"other"'}, 412),
            (site.fill("/static/{css}"), {"Accept-Encoding": "identity;q=0"}, 406),
            ("/broken/", {}, 500),
            (site.fill("/static/{css}"), {"If-None-Match": "*"}, 304),
            ("/media/legacy.txt", {}, 200),
        ):
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            body = response.read()
            assert response.status == status, path
    assert body == b"from before"


def test_requests_sent_at_once_are_answered_in_turn(server, site):
    paths = ["/media/legacy.txt", site.fill("/static/{css}"), "/media/nothing", "/page/"] * 3
    wanted = "".join(GET.format(path=path, headers="") for path in paths)
    last = GET.format(path="/media/legacy.txt", headers="Connection: close\r\n")
    with socket.create_connection(("127.0.0.1", server.port), 60) as client:
        client.sendall((wanted + last).encode())
        answers = rest(client)
    statuses = [part[:3] for part in answers.split(b"HTTP/1.1 ")[1:]]
    assert statuses == [b"200", b"200", b"404", b"200"] * 3 + [b"200"]
    assert answers.endswith(b"from before")


def test_a_view_that_raises_is_an_error_of_its_own(server):
    assert get(server, "/broken/")[0] == 500
    assert get(server, "/page/") == (200, b"a page by Django")


def test_a_root_that_is_unmounted_comes_back(server, folder):
    away = folder / "away"
    (folder / "media").rename(away)
    try:
        assert {get(server, f"/media/gone-{n}.txt")[0] for n in range(5)} == {404}
        assert get(server, "/page/")[0] == 200
    finally:
        away.rename(folder / "media")
    assert get(server, "/media/legacy.txt") == (200, b"from before")
    assert server.log.read_text().count("is not there: is it mounted?") == 1


def test_without_descriptors_the_server_says_so_and_recovers(server, folder):
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        connection.request("GET", "/media/legacy.txt")
        assert connection.getresponse().read() == b"from before"
        with without_descriptors(server):
            for number in range(5):
                connection.request("GET", f"/media/{number}.txt")
                response = connection.getresponse()
                response.read()
                assert (response.status, response.getheader("Retry-After")) == (503, "1")
        connection.request("GET", "/media/legacy.txt")
        assert connection.getresponse().read() == b"from before"
    assert server.log.read_text().count("Too many open files") == 1


@contextmanager
def without_descriptors(server: Server):
    """No process of `server` may open anything meanwhile."""
    before = {}
    for pid in descendants(server.process.pid):
        before[pid] = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (3, before[pid][1]))
    try:
        yield
    finally:
        for pid, limits in before.items():
            resource.prlimit(pid, resource.RLIMIT_NOFILE, limits)
