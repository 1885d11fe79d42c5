"""ROOTS["MEDIA_ORIGIN"] behind real proxies: two names, and each has what is its own."""

import http.client
from urllib.parse import quote

import pytest
from django.test import override_settings

from roots.media.storage import MediaStorage
from tests.serve.private_cases import NAME, SECRET, fill, storages_in
from tests.serve.proxies.running import proxied
from tests.servers import Server

SITE, MEDIA = "127.0.0.1", "media.test"
ORIGIN = {"MEDIA_ORIGIN": f"http://{MEDIA}"}


def get(server: Server, host: str, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("GET", path, headers={"Host": host})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    if response.status == 404:
        assert response.getheader("Cache-Control") == "no-store", (host, path)
    return response.status, body


@pytest.mark.parametrize("proxy", ["nginx", "caddy", "apache"])
def test_each_name_has_its_own(proxy, folder, site, settings):
    fill(folder)
    settings.STORAGES = storages_in(folder)
    with override_settings(ROOTS=ORIGIN):
        link = MediaStorage(folder / "contracts", "/contracts/", access="signed").url(NAME)
    signed = link.removeprefix(f"http://{MEDIA}")
    project = {"django": "gunicorn", "project": "tests.project.private"}
    with proxied(proxy, folder, **project, **ORIGIN) as server:
        for path, body in ((site.fill("/media/{jpg}"), site.bodies["jpg"]), (signed, SECRET)):
            assert get(server, MEDIA, path) == (200, body)
            assert get(server, SITE, path)[0] == 404
        for path, body in (
            ("/page/", b"a page by Django"),
            (site.fill("/static/{css}"), site.bodies["css"]),
        ):
            assert get(server, SITE, path) == (200, body)
            assert get(server, MEDIA, path)[0] == 404
        for path in (f"/papers/{quote(NAME)}", "/", "/media", "/media/../page/"):
            assert get(server, MEDIA, path)[0] == 404
        assert get(server, MEDIA, signed.partition("?")[0])[0] == 404
