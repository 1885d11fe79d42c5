"""Disks, platforms and types of this machine."""

import os
import tempfile
from pathlib import Path

import pytest

PLAIN = 'STORAGES["default"]["BACKEND"] = "django.core.files.storage.FileSystemStorage"\n'
MODEL = """\
from django.db import models


class Invoice(models.Model):
    scan = models.FileField()
"""
NEARLY_FULL = """
import os
_statvfs = os.statvfs
def _nearly_full(path):
    found = list(_statvfs(path))
    found[{field}] = {left}
    return os.statvfs_result(found)
os.statvfs = _nearly_full
"""
"""No disk is filled: what the system says of it is."""


@pytest.fixture
def other_disk():
    """A directory on another file system than pytest's."""
    for place in ("/dev/shm", "/run", "/var/tmp", Path.home()):
        there = os.path.isdir(place) and os.access(place, os.W_OK)
        if there and os.stat(place).st_dev != os.stat(tempfile.gettempdir()).st_dev:
            with tempfile.TemporaryDirectory(dir=place) as found:
                yield found
            return
    pytest.skip("This machine has one file system only that can be written to.")


def test_uploads_that_arrive_on_another_disk(project, other_disk):
    project.settings(f'{PLAIN}FILE_UPLOAD_TEMP_DIR = "{other_disk}"')
    project.write({"shop/models.py": MODEL})
    finding = project.only("temp-on-other-filesystem")
    assert finding["severity"] == "info"
    assert other_disk in finding["what"]
    assert f'FILE_UPLOAD_TEMP_DIR = "{project.directory}/incoming"' in finding["fix"]


def test_uploads_arrive_on_the_disk_they_stay_on(project, other_disk):
    project.settings(f'{PLAIN}FILE_UPLOAD_TEMP_DIR = "{project.directory}"')
    project.write({"shop/models.py": MODEL})
    assert project.findings("--only", "temp-on-other-filesystem") == []


def test_our_storage_has_them_arrive_in_media_root(project, other_disk):
    project.settings(f'FILE_UPLOAD_TEMP_DIR = "{other_disk}"')
    assert project.findings("--only", "temp-on-other-filesystem") == []


@pytest.mark.parametrize(
    ("field", "left", "told"),
    [("4", "1000", "are free"), ("7", "10", "10 of ")],
    ids=["bytes", "inodes"],
)
def test_a_disk_that_is_nearly_full(project, field, left, told):
    all_names = "\n    found[5] = 1_000_000" if field == "7" else ""
    lines = NEARLY_FULL.replace("{left}", "{left}" + all_names)
    project.settings(lines.format(field=field, left=left))
    finding = project.only("low-disk")
    assert told in finding["what"]
    assert str(project.directory / "media") in finding["what"]


def test_a_read_only_disk_is_not_full(project):
    project.settings(NEARLY_FULL.format(field="4", left="0\n    found[8] |= os.ST_RDONLY"))
    assert "low-disk" not in project.slugs("--only", "low-disk")


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"Procfile": "web: gunicorn config.wsgi", "app.json": '{"stack": "heroku-24"}'}, "Heroku"),
        ({"Procfile": "web: gunicorn config.wsgi", "requirements.txt": "django-heroku"}, "Heroku"),
        ({"app.yaml": "runtime: python312\n"}, "App Engine"),
        ({"vercel.json": "{}"}, "Vercel"),
        ({"zappa_settings.json": '{"prod": {"django_settings": "config.settings"}}'}, "AWS Lambda"),
        ({"fly.toml": 'app = "shop"\n'}, "Fly"),
        ({"render.yaml": "services:\n  - type: web\n    name: shop\n"}, "Render"),
    ],
)
def test_a_platform_without_a_lasting_disk(project, files, told):
    project.write(files)
    finding = project.only("ephemeral-media")
    assert finding["severity"] == "warning"
    assert f"and {told} (" in finding["what"]
    assert "shop.Invoice.scan" in finding["what"]


@pytest.mark.parametrize(
    "files",
    [
        {"Procfile": "web: gunicorn config.wsgi"},  # Dokku reads it, too
        {"app.yaml": "kind: Deployment\n"},
        {"serverless.yml": "provider: scaleway\n"},
        {"fly.toml": '[mounts]\nsource = "data"\ndestination = "/srv/shop/media"\n'},
        {"render.yaml": "services:\n- type: web\n  disk:\n    mountPath: /opt/media\n"},
        {"render.yaml": "databases:\n- name: shop\n"},
    ],
)
def test_a_platform_that_has_a_disk_or_is_not_known_for_sure(project, files):
    project.write(files)
    assert "ephemeral-media" not in project.slugs("--only", "ephemeral-media")


def test_a_process_on_such_a_platform_knows_it(project):
    assert project.only("ephemeral-media", DYNO="web.1")["severity"] == "error"


def test_a_bucket_needs_no_disk(project):
    project.write(
        {
            "vercel.json": "{}",
            "shop/models.py": MODEL,
            "shop/bucket.py": "from django.core.files.storage import Storage\n"
            "class Bucket(Storage):\n    pass\n",
        }
    )
    project.settings('STORAGES["default"]["BACKEND"] = "shop.bucket.Bucket"')
    assert "ephemeral-media" not in project.slugs("--only", "ephemeral-media")


def test_a_wrong_type_of_scripts(project):
    project.settings('import mimetypes\nmimetypes.add_type("text/plain", ".js")')
    finding = project.only("mime-registry-wrong")
    assert ".js is text/plain" in finding["what"]
    assert 'mimetypes.add_type("text/javascript", ".js")' in finding["fix"]


def test_the_file_that_has_a_wrong_type_is_named(project):
    project.write({"mime.types": "text/html html\ntext/x-style scss css\n"})
    project.settings(
        f'import mimetypes\nmimetypes.knownfiles[:] = ["{project.directory}/mime.types"]\n'
        "mimetypes.init()"
    )
    assert project.only("mime-registry-wrong")["where"].endswith("mime.types:2")


@pytest.mark.parametrize("kind", ["text/javascript", "application/javascript"])
def test_either_type_of_scripts_is_right(project, kind):
    project.settings(f'import mimetypes\nmimetypes.add_type("{kind}", ".js")')
    assert "mime-registry-wrong" not in project.slugs("--only", "mime-registry-wrong")
