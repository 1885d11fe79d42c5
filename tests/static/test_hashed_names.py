"""Files whose names a bundler made of their content."""

import re

import pytest
from django.core.management import CommandError

from roots.static.bundled import HASHED_NAMES
from roots.static.catalog import StaticCatalog
from tests.static.project import collect


@pytest.mark.parametrize(
    "name",
    [
        "main.3f2a91c0.js",
        "main.3f2a91c0d4e7aabbccdd.chunk.css",
        "main.3f2a91c0.js.map",
        "style-1a2b3c4d.css",
        "app-BxY12_9z.js",
        "index-DiwrgT4a.css",
        "logo-C-x9_Ab2.svg",
        "greet-HRnAnZit.js",
        "logo-BrmHQpsy.svg",
        "chunk-5QK2ZBTL.js",
    ],
)
def test_names_that_bundlers_make_are_known(name):
    assert re.search("|".join(HASHED_NAMES), name)


@pytest.mark.parametrize(
    "name",
    [
        "app.css",
        "bootstrap-datepicker.js",
        "jquery-validate.js",
        "photo-20240101.jpg",
        "jquery.20240101.js",
        "Noto-Regular2.ttf",
        "my-DateTime.js",
        "a-MyWidget.js",
        "BSD-2-Clause.txt",
        "ui-deadbeef.js",
        "a-README22.txt",
        "RELEASE-VERSION2.txt",
        "feather.facade.js",
        "jquery-3.7.1.min.js",
        "font-awesome.min.css",
    ],
)
def test_words_dates_and_versions_are_no_hashes(name):
    assert not re.search("|".join(HASHED_NAMES), name)


BUNDLE = {
    "dist/app-BxY12_9z.js": "import('./part-C4x9_Ab2.js')\n" * 50,
    "dist/part-C4x9_Ab2.js": "export const a = 1\n" * 50,
    "dist/app-DiwrgT4a.css": "a { b: url(../img/logo.png) }\n" * 50,
    "img/logo.png": "png",
}


def test_they_keep_their_names_and_their_bytes_and_are_immutable(project):
    project.write(BUNDLE)
    collect()
    project.assert_whole()
    paths = project.manifest().paths
    for name in BUNDLE:
        assert (paths[name] == name) == name.startswith("dist/"), name
        assert (project.root / name).read_text() == BUNDLE[name]
    entry = StaticCatalog(project.root).find("dist/app-BxY12_9z.js")
    assert entry.is_immutable
    assert len(entry.representations) > 1
    before = project.snapshot()
    collect()
    assert project.snapshot() == before


def test_references_to_them_stay_as_they_are(project):
    project.write({"css/app.css": "@import '../dist/app-DiwrgT4a.css'", **BUNDLE})
    collect()
    assert project.stored("css/app.css") == b"@import '../dist/app-DiwrgT4a.css'"


def test_one_that_changes_under_its_name_is_told(project):
    project.write(BUNDLE)
    collect()
    before = (project.root / "staticfiles.json").read_bytes()
    project.write({"dist/app-BxY12_9z.js": "changed"})
    with pytest.raises(CommandError, match=r"app-BxY12_9z\.js: The name looks as if a bundler"):
        collect()
    assert (project.root / "staticfiles.json").read_bytes() == before
    project.assert_whole()


def test_names_can_be_declared_or_none_at_all(project, settings):
    settings.ROOTS = {"HASHED_NAMES": [r"^v\d+_"]}
    project.write({"v12_app.js": "a", **BUNDLE})
    collect()
    paths = project.manifest().paths
    assert paths["v12_app.js"] == "v12_app.js"
    assert paths["dist/app-BxY12_9z.js"] != "dist/app-BxY12_9z.js"
    settings.ROOTS = {"HASHED_NAMES": []}
    collect()
    assert project.manifest().paths["v12_app.js"] != "v12_app.js"


def test_files_the_bundler_compressed_itself_are_stored_under_our_names(project):
    project.write({**BUNDLE, "dist/app-BxY12_9z.js.gz": "theirs"})
    collect()
    project.assert_whole()
    assert project.manifest().paths["dist/app-BxY12_9z.js"] != "dist/app-BxY12_9z.js"
    assert (project.root / "dist/app-BxY12_9z.js.gz").read_text() == "theirs"


@pytest.mark.parametrize("flag", ["--link", "--clear"])
def test_flags_leave_them_real_and_whole(project, flag):
    project.write(BUNDLE)
    collect()
    collect(flag)
    project.assert_whole()
    assert not (project.root / "dist/app-BxY12_9z.js").is_symlink()
