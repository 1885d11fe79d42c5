"""What a real Chromium makes of import maps, preloads and integrity, under a strict policy."""

import re

import django
import pytest

from roots.static import manifest
from tests.browser.conftest import collected, visiting
from tests.browser.site import SOURCES

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.timeout(180)]
HASHED = re.compile(r"/static/.+\.[0-9a-f]{12}\.(js|css)$")
NONCE = pytest.param(
    "/form/form_nonce/",
    marks=pytest.mark.skipif(
        django.VERSION < (6, 1), reason="The media of a form has no nonce yet."
    ),
)
MODULES = ["main", "ping", "pong", "leaf", "lazy", "lit", "inner", "part", "base"]


@pytest.fixture(scope="module")
def visit(tmp_path_factory, browser, playwright):
    """Visits to the site, one file of which was tampered with after it was collected."""
    folder = collected(tmp_path_factory.mktemp("site"), SOURCES)
    stored = manifest.load(folder / "static" / manifest.NAME).paths["js/tampered.js"]
    (folder / "static" / stored).write_text("document.body.dataset.done = 'stolen'")
    with visiting(folder, browser, playwright) as visit:
        yield visit


@pytest.mark.parametrize("path", ["/page/main/", "/hashed/main/", "/form/form_hash/", NONCE])
def test_modules_load_by_hashed_names_once_each(visit, path):
    found = visit(path)
    assert found.complaints == []
    assert found.done == "pingpong lit part lazy worker"
    assert sorted(found.evaluated) == sorted(["classic", *MODULES])
    assert found.background == "rgb(1, 2, 3)"
    assert all(HASHED.match(url) for url in found.assets), found.assets
    assert len(found.assets) == len(SOURCES) - 2
    assert all(statuses == [200] for statuses in found.statuses.values()), found.statuses


def test_a_file_that_was_tampered_with_is_refused(visit):
    found = visit("/page/hurt/", wait_s=2)
    assert found.done is None
    assert any("integrity" in complaint for complaint in found.complaints)
