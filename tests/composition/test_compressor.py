"""django-compressor finds our stored names, and what it makes of them is served."""

import re

import httpx
import pytest

from tests.composition.conftest import Site, manage

pytestmark = [pytest.mark.xdist_group("composition"), pytest.mark.timeout(120)]


def check(site: Site) -> None:
    """The page loads one stylesheet and one script, with everything they load."""
    bundles = site.linked(site.get("/page/compressed/").text)
    assert [url.rpartition(".")[2] for url in bundles] == ["css", "js"]
    assert all(url.startswith("/static/CACHE/") for url in bundles)
    css, js = (site.get(url).text for url in bundles)
    assert js == "globalThis.one=1;;globalThis.two=one+1;;"
    loaded = [re.split("[?#]", url)[0] for url in re.findall(r"url\('?([^')]+)", css)]
    logo, base = (f"/static/{site.paths[name]}" for name in ("img/logo.png", "css/base.css"))
    assert loaded == [base, logo, logo]
    assert all(map(site.is_immutable, loaded))


def test_compressed_while_serving(site):
    check(site)


def test_compressed_ahead(folder, serve):
    told = manage(folder, "compress", COMPRESS_OFFLINE="1")
    assert "Compressed 2 block(s) from 2 template(s)" in told
    with (
        serve(COMPRESS_OFFLINE="1") as server,
        httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=60) as client,
    ):
        check(Site(folder, client))


def test_what_was_compressed_is_of_no_release(site):
    (css, _) = site.linked(site.get("/page/compressed/").text)
    reply = site.get(css)
    assert reply.headers["cache-control"] == "public, max-age=60"
    assert "content-encoding" not in reply.headers
    assert reply.headers["etag"]


def test_collecting_again_leaves_what_was_compressed_and_clearing_does_not(folder):
    manage(folder, "compress", COMPRESS_OFFLINE="1")
    made = sorted((folder / "static/CACHE").rglob("*.*"))
    assert len(made) == 3
    manage(folder, "collectstatic", "--noinput")
    assert sorted((folder / "static/CACHE").rglob("*.*")) == made
    manage(folder, "collectstatic", "--noinput", "--clear")
    assert not any(path.exists() for path in made)
