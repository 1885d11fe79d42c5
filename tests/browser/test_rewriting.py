"""`ROOTS["REWRITE_JAVASCRIPT"]` in a real Chromium: hashed names, and no import map on the page."""

import re

import pytest

from tests.browser.conftest import collected, visiting
from tests.browser.site import REWRITTEN

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.timeout(180)]
REWRITING = {"ROOTS_TEST_REWRITE": "1"}
HASHED = re.compile(r"/static/.+\.[0-9a-f]{12}\.(js|css)$")


@pytest.fixture(scope="module")
def visit(tmp_path_factory, browser, playwright):
    folder = collected(tmp_path_factory.mktemp("rewritten"), REWRITTEN, **REWRITING)
    with visiting(folder, browser, playwright, **REWRITING) as visit:
        yield visit


def test_modules_load_by_hashed_names_without_an_import_map(visit):
    found = visit("/plain/main/")
    assert found.complaints == []
    assert found.done == "pingpong lazy worker"
    assert sorted(found.evaluated) == ["classic", "lazy", "leaf", "main", "ping", "pong"]
    assert len(found.assets) == len(REWRITTEN)
    assert all(HASHED.match(url) for url in found.assets), found.assets
    assert all(statuses == [200] for statuses in found.statuses.values()), found.statuses
