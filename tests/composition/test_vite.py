"""django-vite: what a bundler named after its content keeps its name, so that chunks find it."""

import pytest

from tests.composition.sources import SOURCES

pytestmark = [pytest.mark.xdist_group("composition"), pytest.mark.timeout(120)]


def test_the_page_loads_the_names_that_the_chunks_import(site):
    found = site.linked(site.get("/page/bundled/").text)
    assert found == [
        "/static/assets/main-DSHc3zbt.css",
        "/static/assets/main-DsL6LgYJ.js",
        "/static/assets/greet-HRnAnZit.js",
    ]
    assert all(map(site.is_immutable, found))
    assert site.is_immutable("/static/assets/logo-BrmHQpsy.svg")  # as the stylesheet says it


def test_every_file_of_the_bundle_keeps_its_name_and_its_bytes(site):
    bundle = {name for name in SOURCES if name.startswith("assets/")}
    assert {name for name in bundle if site.paths[name] != name} == set()
    for name in bundle:
        assert site.get(f"/static/{name}").text == SOURCES[name]


def test_vites_own_record_is_not_published(site):
    assert ".vite/manifest.json" not in site.paths
    assert site.client.get("/static/.vite/manifest.json").status_code == 404
