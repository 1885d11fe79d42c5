import pytest

from roots.errors import ConfigError
from roots.media.catalog import MediaCatalog
from roots.serve.assembly import assemble
from roots.static.catalog import StaticCatalog
from roots.static.source_catalog import SourceCatalog


@pytest.fixture
def roots(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "staticfiles"
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings


def test_both_roots_are_served_under_the_paths_of_their_urls(roots, tmp_path):
    roots.STATIC_URL = "https://cdn.example.com/st%C3%A4tic/"
    assert [(root.prefix, root.directory) for root in assemble()] == [
        ("/stätic/", str(tmp_path / "staticfiles")),
        ("/media/", str(tmp_path / "media")),
    ]


def test_nothing_is_made_or_read_at_start(roots, tmp_path):
    assemble()
    assert list(tmp_path.iterdir()) == []


def test_a_root_that_is_not_set_is_not_served(roots):
    roots.MEDIA_ROOT, roots.MEDIA_URL = "", ""
    assert [root.prefix for root in assemble()] == ["/static/"]


def test_a_root_can_be_left_to_somebody_else(roots):
    roots.ROOTS = {"SERVE_STATIC": False}
    assert [root.prefix for root in assemble()] == ["/media/"]


@pytest.mark.parametrize(
    "url", ["", "/", "https://cdn.example.com/", "https://cdn.example.com", "/../media/", "//x/"]
)
def test_a_url_without_a_path_of_its_own_is_refused(roots, url):
    roots.MEDIA_URL = url
    with pytest.raises(ConfigError, match="MEDIA_URL must be a URL whose path is a prefix of its"):
        assemble()


@pytest.mark.parametrize("url", ["/static/", "/app/static/"])
def test_a_forced_script_name_may_be_cut_off_by_the_proxy_or_not(roots, url):
    roots.FORCE_SCRIPT_NAME, roots.STATIC_URL, roots.MEDIA_ROOT = "/app", url, ""
    assert {root.prefix for root in assemble()} == {"/static/", "/app/static/"}


@pytest.mark.parametrize(
    ("static", "media"), [("files", "files"), ("files", "files/media"), ("files/static", "files")]
)
def test_roots_that_overlap_on_disk_are_refused(settings, tmp_path, static, media):
    settings.STATIC_ROOT, settings.MEDIA_ROOT = tmp_path / static, tmp_path / media
    with pytest.raises(ConfigError, match="must be two directories, neither inside the other"):
        assemble()


def test_roots_that_overlap_through_a_symlink_are_refused(settings, tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    settings.STATIC_ROOT, settings.MEDIA_ROOT = tmp_path / "real", tmp_path / "link"
    with pytest.raises(ConfigError, match="must be two directories"):
        assemble()


def test_directories_whose_names_begin_alike_are_two(settings, tmp_path):
    settings.STATIC_ROOT, settings.MEDIA_ROOT = tmp_path / "files", tmp_path / "files2"
    assert len(assemble()) == 2


@pytest.mark.parametrize(("static", "media"), [("/f/", "/f/"), ("/f/", "/f/m/"), ("/f/s/", "/f/")])
def test_urls_that_overlap_are_refused(roots, static, media):
    roots.STATIC_URL, roots.MEDIA_URL = static, media
    with pytest.raises(ConfigError, match="must be two prefixes, neither inside the other"):
        assemble()


@pytest.fixture
def development(roots):
    roots.DEBUG = True
    return roots


def test_in_development_static_files_come_from_their_sources(development, tmp_path):
    development.STATIC_ROOT = None
    static, media = assemble()
    assert isinstance(static.catalog, SourceCatalog)
    assert (static.prefix, static.is_held) == ("/static/", False)
    assert (media.prefix, media.directory) == ("/media/", str(tmp_path / "media"))


def test_in_development_no_file_is_kept_unasked_whatever_the_rules_say(development):
    rules = {"*": {"Cache-Control": "public, max-age=600", "X-A": "1"}}
    development.ROOTS = {"HEADERS": {"static": rules, "media": rules}}
    for root in assemble():
        for name in ("app.css", "app.3f2a91c0d4e7.css"):
            entry = MediaCatalog().find(name)
            headers = dict(root.policy.shared(entry))
            assert (headers["Cache-Control"], headers["X-A"]) == ("no-cache", "1")


def test_in_development_a_root_can_be_left_to_somebody_else_too(development):
    development.ROOTS = {"SERVE_STATIC": False}
    assert [root.prefix for root in assemble()] == ["/media/"]


def test_without_the_staticfiles_app_there_are_no_sources(development):
    apps = [name for name in development.INSTALLED_APPS if not name.endswith("staticfiles")]
    development.INSTALLED_APPS = apps
    assert isinstance(assemble()[0].catalog, StaticCatalog)
