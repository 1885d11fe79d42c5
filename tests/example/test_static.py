import json
import re
from posixpath import dirname, join, normpath

import pytest

from .pages import links

pytestmark = pytest.mark.xdist_group("example")


@pytest.fixture
def stylesheet(client):
    (address,) = [link for link in links(client.get("/").text, "/static/") if "css/shop" in link]
    return address


def test_the_stylesheet_comes_in_brotli_and_holds_for_ever(client, stylesheet):
    reply = client.get(stylesheet, headers={"Accept-Encoding": "br"})
    assert reply.status_code == 200
    assert reply.headers["Content-Encoding"] == "br"
    assert "immutable" in reply.headers["Cache-Control"]
    assert reply.headers["Vary"] == "Accept-Encoding"
    assert reply.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "--wide" in reply.text


def test_what_stylesheets_refer_to_is_hashed_and_there(client, stylesheet):
    waiting, seen = [stylesheet], set()
    while waiting:
        address = waiting.pop()
        reply = client.get(address)
        assert reply.status_code == 200, address
        seen.add(address)
        if address.endswith(".css"):
            inner = re.findall(r'(?:@import |url\()"([^"]+)"', reply.text)
            waiting += {normpath(join(dirname(address), name)) for name in inner} - seen
    assert {address.rpartition(".")[2] for address in seen} == {"css", "png", "svg", "woff2"}
    assert all(re.search(r"\.[0-9a-f]{12}\.\w+$", address) for address in seen), seen


def test_a_known_version_is_not_sent_again(client, stylesheet):
    tag = client.get(stylesheet, headers={"Accept-Encoding": "br"}).headers["ETag"]
    again = client.get(stylesheet, headers={"Accept-Encoding": "br", "If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_the_entry_module_finds_the_modules_it_imports(client):
    html = client.get("/").text
    (entry,) = re.findall(r'<script src="(/static/.+?)"', html)
    (text,) = re.findall(r'type="importmap"[^>]*>(.+?)</script>', html)
    imports = json.loads(text)["imports"]
    waiting, seen = [entry], set()
    while waiting:
        address = waiting.pop()
        reply = client.get(address)
        assert reply.status_code == 200, address
        assert reply.headers["Content-Type"].startswith("text/javascript")
        seen.add(address)
        inner = re.findall(r'from "([^"]+)"', reply.text)
        waiting += {imports[normpath(join(dirname(address), name))] for name in inner} - seen
    assert len(seen) == 3
    assert all(re.search(r"\.[0-9a-f]{12}\.js$", address) for address in seen), seen


def test_a_missing_file_is_not_kept_by_anyone(client):
    reply = client.get("/static/css/nothing.css")
    assert reply.status_code == 404
    assert "immutable" not in reply.headers.get("Cache-Control", "")
