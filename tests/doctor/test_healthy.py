"""Projects in order: the doctor reports no error, and no warning that is none."""

import json
import shutil

import pytest
from django.core.management import call_command

from tests.doctor.starters import STARTERS

AS_THE_README_SAYS = """
INSTALLED_APPS = ["roots", *INSTALLED_APPS]
STORAGES = {
    "default": {"BACKEND": "roots.media.storage.MediaStorage"},
    "staticfiles": {"BACKEND": "roots.static.storage.StaticStorage"},
}
STATIC_ROOT = BASE_DIR / "staticfiles"
MEDIA_ROOT = BASE_DIR / "media"
MEDIA_URL = "/media/"
DEBUG = False
ALLOWED_HOSTS = ["shop.example"]
"""


def worse_than_notes(found):
    return {each["slug"]: each["what"] for each in found if each["severity"] != "info"}


@pytest.fixture
def empty(project):
    """A directory with manage.py in it."""
    for path in project.directory.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != "manage.py":
            path.unlink()
    return project


def as_stranger(project, *arguments):
    """What is found where this package is not among INSTALLED_APPS."""
    result = project.manage("-m", "doctor", "--json", *arguments)
    assert result.out, result.err
    return worse_than_notes(json.loads(result.out))


@pytest.fixture
def started(empty):
    """What `startproject` of this Django makes, and nothing else."""
    (empty.directory / "manage.py").unlink()
    call_command("startproject", "config", empty.directory)
    return empty


def test_what_startproject_makes(started):
    assert not as_stranger(started)


def test_what_startproject_makes_with_this_package(started):
    started.settings(AS_THE_README_SAYS)
    path = started.directory / "config/wsgi.py"
    path.write_text(path.read_text().replace("django.core.wsgi", "roots.serve.wsgi"))
    started.collect()
    assert not worse_than_notes(started.findings())


@pytest.mark.parametrize("name", STARTERS)
@pytest.mark.parametrize("settings", ["production", "local"])
def test_what_people_start_with(empty, name, settings):
    empty.write({"shop/__init__.py": "", **STARTERS[name]})
    assert not as_stranger(empty, "--settings", f"config.settings.{settings}")
