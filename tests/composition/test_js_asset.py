"""django-js-asset, with which widgets bring import maps: ours goes into theirs."""

import json
import re

import pytest

from roots.django.modules import importmap
from tests.static.project import collect, make

js_asset = pytest.importorskip("js_asset", reason="django-js-asset is not installed.")


def test_one_map_on_the_page_leads_to_our_modules_and_to_theirs(tmp_path, settings):
    project = make(tmp_path, settings)
    project.write({"js/main.js": "import './a.js'", "js/a.js": "export {}", "editor.js": "1"})
    collect(verbosity=0)
    ours = importmap("js/main.js", integrity=True)
    page = js_asset.Media(
        importmap=js_asset.ImportMap(ours.imports, integrity=ours.integrity)
    ) + js_asset.Media(importmap=js_asset.ImportMap({"editor": "editor.js"}))
    (text,) = re.findall(r'<script type="importmap">(.*)</script>', str(page))
    written = json.loads(text)
    urls = {name: f"/static/{stored}" for name, stored in project.manifest().paths.items()}
    assert written["imports"] == {
        "/static/js/main.js": urls["js/main.js"],
        "/static/js/a.js": urls["js/a.js"],
        "editor": urls["editor.js"],
    }
    assert written["integrity"].keys() == {urls["js/main.js"], urls["js/a.js"]}
