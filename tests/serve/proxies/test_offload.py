"""ROOTS["OFFLOAD"]: what a view sends is sent by a real proxy, whatever the file is called."""

import http.client
from urllib.parse import quote

import pytest

from roots.serve.handover.offload import PROXIES, location
from tests.serve.cases import SANDBOX
from tests.serve.handover.private_site import private_directory
from tests.serve.proxies.running import proxied
from tests.servers import Server

NAMES = [
    "plain.txt",
    "with space.txt",
    "größe 😀.txt",
    "100%.txt",
    "%2e%2e%2fplain.txt",
    "what?.txt",
    "a#b.txt",
    "quo\"te's.txt",
    "semi;co,mma.txt",
    "new\nline.txt",
    "plus+amp&eq=.txt",
    "dollar$1 {braces} `tick`.txt",
    "sub folder/[ü](1)!*.txt",
]


@pytest.fixture(params=PROXIES)
def server(request, folder, site, settings):
    private = private_directory(folder, settings)
    for name in NAMES:
        (private / name).parent.mkdir(exist_ok=True)
        (private / name).write_bytes(name.encode())
    (private / "page.html").write_bytes(b"<script>alert(1)</script>")
    with proxied(request.param, folder, OFFLOAD=request.param) as server:
        yield server


def get(server: Server, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request(
        "GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


def test_a_proxy_sends_what_a_view_names(server: Server, folder):
    for name in NAMES:
        response, body = get(server, f"/named/?name={quote(name, safe='')}")
        assert (response.status, body) == (200, name.encode())
        assert response.getheader("Cache-Control") == "private, no-cache"
        assert response.getheader("Content-Type") == "text/plain; charset=utf-8"
        assert response.getheader("X-Content-Type-Options") == "nosniff"
        assert response.getheader("Content-Security-Policy") == SANDBOX
        assert response.getheader("X-Accel-Redirect") is None
        assert response.getheader("X-Sendfile") is None

    response, body = get(server, "/named/?name=page.html")
    assert response.getheader("Content-Disposition") == 'attachment; filename="page.html"'

    response, body = get(server, "/named/?name=plain.txt", Range="bytes=1-4")
    assert (response.status, body) == (206, b"lain")
    known = response.getheader("ETag")
    response, body = get(server, "/named/?name=plain.txt", If_None_Match=known)
    assert (response.status, body) == (304, b"")

    for name in ("gone.txt", "../secret.txt", "%2e%2e/secret.txt"):
        response, body = get(server, f"/named/?name={quote(name, safe='')}")
        assert response.status == 404
        assert b"secret" not in body

    inside = location(str(folder / "private"))
    assert get(server, f"{inside}plain.txt", X_Accel_Redirect=f"{inside}plain.txt")[0].status == 404
