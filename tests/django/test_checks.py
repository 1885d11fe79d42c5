"""What `manage.py check` says before anything is lost."""

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command


@pytest.fixture
def roots(settings, tmp_path):
    settings.STATICFILES_DIRS = []
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "staticfiles"
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings


def found() -> dict[str, str]:
    return {message.id: message.msg for message in run_checks(tags=["files", "staticfiles"])}


def test_a_project_in_order_has_nothing_to_say(roots):
    assert found() == {}


def test_a_wrong_setting_is_e001(roots):
    roots.ROOTS = {"ENCODING": []}
    assert "Did you mean 'ENCODINGS'?" in found()["roots.E001"]


def test_roots_that_overlap_are_e002_whoever_serves_them(roots, tmp_path):
    roots.MEDIA_ROOT = tmp_path / "staticfiles" / "media"
    roots.ROOTS = {"SERVE_MEDIA": False}
    assert "must be two directories" in found()["roots.E002"]


def test_static_root_among_its_sources_is_e003(roots, tmp_path):
    roots.STATICFILES_DIRS = [tmp_path]
    from django.contrib.staticfiles import finders

    finders.get_finder.cache_clear()
    assert "would collect its own products" in found()["roots.E003"]


def test_roots_after_staticfiles_is_w001(roots):
    roots.INSTALLED_APPS = ["django.contrib.staticfiles", "roots"]
    assert "collectstatic is Django's" in found()["roots.W001"]


def test_it_is_part_of_manage_py_check(roots):
    roots.ROOTS = {"ENCODING": []}
    with pytest.raises(CommandError, match="SystemCheckError"):
        call_command("check")


@pytest.mark.parametrize("serve_media", [True, False])
def test_collectstatic_never_clears_uploads(roots, tmp_path, serve_media):
    roots.MEDIA_ROOT = tmp_path / "staticfiles" / "media"
    roots.ROOTS = {"SERVE_MEDIA": serve_media}
    roots.MEDIA_ROOT.mkdir(parents=True)
    (roots.MEDIA_ROOT / "upload.jpg").write_bytes(b"irreplaceable")
    with pytest.raises(CommandError, match="clear what users uploaded"):
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    assert (roots.MEDIA_ROOT / "upload.jpg").read_bytes() == b"irreplaceable"


def test_collectstatic_never_publishes_the_project(roots, tmp_path):
    from django.contrib.staticfiles import finders

    roots.STATICFILES_DIRS = [tmp_path]
    finders.get_finder.cache_clear()
    with pytest.raises(CommandError, match="in a directory of their own"):
        call_command("collectstatic", interactive=False, verbosity=0)
