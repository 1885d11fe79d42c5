"""Real proxies with what proxyconf prints: they answer as we do, except where we say so."""

import http.client
import json
from pathlib import Path

import pytest

from tests.serve.proxies.asking import faults
from tests.serve.proxies.differences import DIFFERENCES
from tests.serve.proxies.running import proxied
from tests.servers import REPOSITORY, Server


@pytest.mark.parametrize("proxy", DIFFERENCES)
def test_a_proxy_differs_exactly_where_it_is_said_to(proxy, folder, site):
    with proxied(proxy, folder) as server:
        found = faults(server, site)
        asked_by = forwarded(server)
        kinds = [kind_of(server, path) for path in packed(folder)]
    listed = {case for cases in DIFFERENCES[proxy].values() for case in cases}
    unlisted = "\n".join(problem for case, problem in found.items() if case not in listed)
    assert not unlisted
    assert listed - set(found) == set(), "these are no differences any more"
    assert kinds == ["application/gzip", "application/gzip"]
    host = f"127.0.0.1:{server.port}"
    assert asked_by == {"host": host, "forwarded_host": host, "for": "127.0.0.1", "proto": "http"}


def packed(folder: Path) -> list[str]:
    """Files that are compressed themselves, which no coding is taken off."""
    for name in ("media/page.html.gz", "static/data.json.gz"):
        (folder / name).write_bytes(b"packed")
    return ["/media/page.html.gz", "/static/data.json.gz"]


def kind_of(server: Server, path: str) -> str | None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("HEAD", path, headers={"Accept-Encoding": "gzip"})
    response = connection.getresponse()
    connection.close()
    assert response.getheader("Content-Encoding") is None
    return response.getheader("Content-Type")


def forwarded(server: Server) -> dict[str, str]:
    """What Django is told of a client that lies about itself."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    lies = {"For": "192.0.2.9", "Host": "media.example.org", "Proto": "https"}
    connection.request(
        "GET", "/forwarded/", headers={f"X-Forwarded-{k}": v for k, v in lies.items()}
    )
    told = json.loads(connection.getresponse().read())
    connection.close()
    return told


@pytest.mark.parametrize("proxy", DIFFERENCES)
def test_the_page_says_every_difference(proxy):
    page = " ".join((REPOSITORY / "docs" / "proxies.md").read_text().split())
    for sentence in DIFFERENCES[proxy]:
        assert f"- {sentence}" in page
