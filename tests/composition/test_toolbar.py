"""Django's debug toolbar and the admin, served by their stored names."""

import re

import httpx
import pytest

from tests.composition.conftest import Site

pytestmark = [pytest.mark.xdist_group("composition"), pytest.mark.timeout(120)]
HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")


def test_the_toolbar_is_loaded_by_stored_names(site):
    page = site.get("/page/toolbar/").text
    toolbar = [url for url in site.linked(page) if "debug_toolbar" in url]
    assert len(toolbar) > 3
    assert all(map(HASHED.search, toolbar))


def test_the_toolbar_tells_the_logical_name_and_the_source_of_what_was_used(site, folder):
    page = site.get("/page/toolbar/").text
    request_id = re.search(r'data-request-id="(\w+)"', page)[1]
    panel = site.get(
        f"/__debug__/render_panel/?request_id={request_id}&panel_id=StaticFilesPanel"
    ).json()["content"]
    used = re.search(r"<dl>(.*?)</dl>", panel, re.DOTALL)[1]
    assert re.findall(r">([^<>]+)</a>|<samp>(.*?)</samp>", used) == [
        ("css/app.css", ""),
        ("", str(folder / "sources/css/app.css")),
    ]
    assert site.paths["css/app.css"] in used


def test_with_debug_everything_comes_by_its_logical_name(folder, serve):
    with (
        serve(ROOTS_TEST_DEBUG="1") as server,
        httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=60) as client,
    ):
        site = Site(folder, client)
        for page in ("/page/toolbar/", "/page/compressed/", "/admin/login/"):
            found = site.linked(site.get(page).text)
            assert found
            assert not any(map(HASHED.search, found))


def test_the_admin_is_loaded_by_stored_names(site):
    found = site.linked(site.get("/admin/login/").text)
    assert len(found) > 3
    assert all(map(HASHED.search, found))
