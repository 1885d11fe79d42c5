"""The table in cases.py through real servers, over real connections."""

import http.client
import socket
import time

import pytest

from tests.serve.cases import CASES, OUTSIDE, Case
from tests.serve.site import Site
from tests.serve.test_cases import check
from tests.servers import Server, fetch, open_files_below, running

SERVERS = ("granian-wsgi", "granian-asgi", "granian-alone", "gunicorn", "uvicorn")


@pytest.fixture(
    scope="module",
    params=[pytest.param(kind, marks=pytest.mark.xdist_group(kind)) for kind in SERVERS],
)
def server(request, folder, site):
    with running(request.param, folder) as server:
        yield server


def test_every_case_holds_over_the_wire(server: Server, site: Site):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    failures = [problem for case in CASES if (problem := fault(connection, case, site))]
    connection.close()
    assert not failures, "\n".join(failures)


def test_a_client_that_goes_away_leaves_no_file_open(server: Server, folder, site):
    leave_early(server, folder, b"/media/big.bin")


def test_a_file_is_there_the_moment_it_is_stored_and_gone_when_it_is_removed(
    server: Server, folder, site
):
    path = folder / "media" / "late.0123456789ab.txt"
    path.write_bytes(b"just uploaded")
    assert fetch(server, "/media/late.0123456789ab.txt") == (200, b"just uploaded")
    path.unlink()
    assert fetch(server, "/media/late.0123456789ab.txt")[0] == 404


def fault(connection: http.client.HTTPConnection, case: Case, site: Site) -> str | None:
    """What is wrong with the reply to `case`, if anything."""
    connection.putrequest(case.method, site.fill(case.path), skip_accept_encoding=True)
    for name, value in case.headers.items():
        connection.putheader(name, site.fill(value))
    try:
        connection.endheaders()
        response = connection.getresponse()
        body = response.read()
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        return f"{case.id}: {error!r}"
    headers = dict(response.getheaders())
    if case.status is None:
        return None if response.getheader("X-Django") else f"{case.id}: did not reach Django"
    if response.status in (400, 414) and case in OUTSIDE:
        return None  # the server refused the path before we saw it
    try:
        check(case, site, response.status, headers, body)
    except AssertionError as error:
        return f"{case.id}: {error}"
    return None


@pytest.mark.parametrize("view", ["private", "async"])
def test_what_a_view_hands_over_is_sent_like_any_file(server: Server, site: Site, view: str):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    path = f"/{view}/{site.facts['jpg']}"
    for headers, status, body in (
        ({}, 200, site.bodies["jpg"]),
        ({"Range": "bytes=10-19"}, 206, site.bodies["jpg"][10:20]),
        ({"If-None-Match": site.fill('"{jpg.tag}"')}, 304, b""),
    ):
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        assert (response.status, response.read()) == (status, body)
        assert response.getheader("Cache-Control") == "private, no-cache"
        assert response.getheader("X-Django") == "yes"
        assert response.getheader("X-Roots-Handover") is None
    connection.close()


def test_a_client_that_leaves_a_handed_over_file_leaves_it_closed(server: Server, folder, site):
    leave_early(server, folder, b"/private/big.bin")


def leave_early(server: Server, folder, path: bytes) -> None:
    """Begin to download the big file that `path` leads to, and go; the server closes it."""
    (folder / "media" / "big.bin").write_bytes(bytes(50_000_000))
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", server.port)) as client:
            client.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert client.recv(1000).startswith(b"HTTP/1.1 200")
    deadline = time.monotonic() + 60
    while open_files_below(server.process.pid, folder / "media") and time.monotonic() < deadline:
        time.sleep(0.1)
    assert open_files_below(server.process.pid, folder / "media") == []
