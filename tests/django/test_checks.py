"""What `manage.py check` says before anything is lost."""

import io
import os
import subprocess
import sys

import pytest
from django.core.checks import ERROR, WARNING, run_checks
from django.core.management import CommandError, call_command

from roots.django import checks
from roots.doctor.registry import rules


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


def test_it_says_what_to_type(roots):
    roots.STATIC_ROOT = "staticfiles"
    message = next(each for each in run_checks(tags=["files"]) if each.id == "roots.W019")
    assert message.level == WARNING
    assert 'STATIC_ROOT = BASE_DIR / "staticfiles"' in message.hint


def test_what_matters_in_production_is_for_check_deploy(roots):
    roots.STATIC_ROOT = None
    roots.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.AppDirectoriesFinder"]
    roots.INSTALLED_APPS = [*roots.INSTALLED_APPS, "django.contrib.admin"]
    assert "roots.E010" not in found()
    deployed = {each.id: each for each in run_checks(include_deployment_checks=True)}
    assert deployed["roots.E010"].level == ERROR


def test_findings_are_silenced_as_usual(roots):
    roots.STATIC_ROOT = "staticfiles"
    roots.SILENCED_SYSTEM_CHECKS = ["roots.W019"]
    out = io.StringIO()
    call_command("check", tags=["files"], stderr=out)
    assert "roots.W019" not in out.getvalue()


def test_every_area_with_a_cheap_rule_is_asked():
    areas = {each.area for each in rules() if each.is_cheap}
    assert areas == {*checks.BEFORE_COLLECTING, *checks.THE_REST}


def test_collectstatic_loads_only_what_it_asks():
    """Everything else would be time that each deploy waits for."""
    program = (
        "import django, sys; django.setup(); from django.core.checks import run_checks; "
        "run_checks(tags=['staticfiles']); "
        "print(*[m for m in sys.modules if m.startswith('roots.doctor.')])"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.project.settings"}
    ran = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    loaded = {each.removeprefix("roots.doctor.") for each in ran.stdout.split()}
    assert loaded == {
        "evidence", "evidence.settings", "evidence.sources", "examination",
        "finding", "project", "registry", "rules", "rules.settings", "rules.sources",
    }  # fmt: skip
