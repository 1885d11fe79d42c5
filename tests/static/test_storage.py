import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static

from roots.errors import ConfigError
from tests.static.project import SMALL_TREE, collect


@pytest.fixture
def paths(project):
    project.write(SMALL_TREE | {"img/a b#1.png": b"png"})
    collect(verbosity=0)
    return project.manifest().paths


def test_static_gives_the_hashed_url(paths):
    assert static("css/app.css") == f"/static/{paths['css/app.css']}"


def test_with_debug_it_gives_the_logical_url(paths, settings):
    settings.DEBUG = True
    assert static("css/app.css?v=1#x") == "/static/css/app.css?v=1#x"


@pytest.mark.parametrize("suffix", ["?v=1", "#x", "?v=1#x", "?#iefix"])
def test_query_and_fragment_are_kept(paths, suffix):
    assert static("css/app.css" + suffix) == f"/static/{paths['css/app.css']}{suffix}"


def test_names_are_percent_encoded_and_may_be_given_so(paths):
    url = "/static/" + paths["img/a b#1.png"].replace(" ", "%20").replace("#", "%23")
    assert static("img/a b#1.png") == url
    assert static("img/a%20b%231.png") == url


@pytest.mark.parametrize("name", ["", "css/", "nowhere/"])
def test_directories_are_not_hashed(paths, name):
    assert static(name) == f"/static/{name}"


def test_a_missing_entry_gives_the_logical_url_and_one_log_line(paths, caplog):
    assert static("css/ap.css") == static("css/ap.css") == "/static/css/ap.css"
    (record,) = caplog.records
    assert record.name == "roots.static"
    assert "No static file 'css/ap.css' was collected. Did you mean 'css/app.css'?" in caplog.text


def test_a_missing_entry_may_be_an_error(paths, settings):
    settings.ROOTS = {"MISSING_ENTRIES": "error"}
    with pytest.raises(ValueError, match=r"Did you mean 'css/app\.css'\?"):
        static("css/ap.css")


def test_a_missing_entry_may_be_ignored(paths, settings, caplog):
    settings.ROOTS = {"MISSING_ENTRIES": "ignore"}
    assert static("css/ap.css") == "/static/css/ap.css"
    assert caplog.records == []


def test_without_a_manifest_the_log_says_to_collect(project, caplog):
    assert static("css/app.css") == "/static/css/app.css"
    assert "There is no manifest of static files" in caplog.text
    assert "Run collectstatic." in caplog.text


def test_a_changed_setting_is_respected(paths, settings):
    settings.STATIC_URL = "https://cdn.example.com/s/"
    assert static("css/app.css") == f"https://cdn.example.com/s/{paths['css/app.css']}"


def test_static_root_must_be_set(settings):
    settings.STATIC_ROOT = None
    with pytest.raises(ConfigError, match="STATIC_ROOT is not set"):
        _ = staticfiles_storage.root
