"""Mistakes about which storage is for what."""

import pytest

TALKATIVE = """
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage


class Talkative(FileSystemStorage):
    def __init__(self, api_key):
        raise ImproperlyConfigured(f"{api_key} is no key.")
"""
BUCKETS = """
from django.core.files.storage import Storage


class Bucket(Storage):
    pass


class S3StaticStorage(Storage):
    pass
"""
FIELD = """
from django.core.files.storage import FileSystemStorage
from django.db import models


class Invoice(models.Model):
    scan = models.FileField({})
"""


def storages(project, default: str = "", static: str = "") -> None:
    for alias, backend in (("default", default), ("staticfiles", static)):
        if backend:
            project.settings(f'STORAGES["{alias}"] = {{"BACKEND": "{backend}"}}')


@pytest.mark.parametrize(
    "backend",
    [
        "django.contrib.staticfiles.storage.StaticFilesStorage",
        "django.contrib.staticfiles.storage.ManifestStaticFilesStorage",
        "roots.static.storage.StaticStorage",
    ],
)
def test_uploads_go_where_static_files_are(project, backend):
    storages(project, default=backend)
    finding = project.only("uploads-into-static-root")
    assert backend in finding["what"]
    assert "static-storage-for-media" not in project.slugs()


@pytest.mark.parametrize(
    "options",
    [
        'storage=FileSystemStorage(location=settings.STATIC_ROOT / "scans")',
        'upload_to="../staticfiles/scans"',
        'upload_to=str(settings.STATIC_ROOT / "scans")',
    ],
)
def test_a_field_that_stores_into_static_root(project, options):
    models = "from django.conf import settings\n" + FIELD.format(options)
    project.write({"shop/models.py": models})
    finding = project.only("uploads-into-static-root")
    assert "shop.Invoice.scan" in finding["what"]
    assert finding["where"].endswith("shop/models.py:7")


@pytest.mark.parametrize("options", ['upload_to="static/scans"', 'upload_to="staticfiles"', ""])
def test_names_that_only_sound_like_it(project, options):
    project.write({"shop/models.py": FIELD.format(options)})
    assert "uploads-into-static-root" not in project.slugs()


def test_another_storage_of_static_files_may_be_there(project):
    project.settings(
        'STORAGES["bundles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}'
    )
    assert "uploads-into-static-root" not in project.slugs()


@pytest.mark.parametrize(
    "kind", ["shop.buckets.S3StaticStorage", "roots.static.storage.StaticStorage"]
)
def test_a_storage_of_static_files_for_uploads_elsewhere(project, kind):
    project.write({"shop/buckets.py": BUCKETS})
    storages(project, default=kind)
    project.settings(
        'STORAGES["default"]["OPTIONS"] = {"location": BASE_DIR / "x"}' if "roots" in kind else ""
    )
    assert kind in project.only("static-storage-for-media")["what"]


def test_a_field_with_a_storage_of_static_files(project):
    project.write(
        {
            "shop/models.py": "from shop.buckets import S3StaticStorage\n"
            + FIELD.format("storage=S3StaticStorage()"),
            "shop/buckets.py": BUCKETS,
        }
    )
    assert "shop.Invoice.scan" in project.only("static-storage-for-media")["what"]


@pytest.mark.parametrize(
    "backend",
    ["roots.media.storage.MediaStorage", "django.core.files.storage.FileSystemStorage"],
)
def test_a_storage_of_uploads_for_static_files(project, backend):
    storages(project, static=backend)
    assert backend in project.only("media-storage-for-static")["what"]


def test_a_plain_directory_for_static_files_is_one(project):
    storages(project, static="django.core.files.storage.FileSystemStorage")
    project.settings('STORAGES["staticfiles"]["OPTIONS"] = {"location": STATIC_ROOT}')
    assert "media-storage-for-static" not in project.slugs()


def test_one_place_in_a_bucket_for_both(project):
    project.write({"shop/buckets.py": BUCKETS})
    storages(project, default="shop.buckets.Bucket", static="shop.buckets.Bucket")
    assert project.only("media-storage-for-static")["severity"] == "warning"


@pytest.mark.parametrize("static", ["shop.buckets.S3StaticStorage", "shop.buckets.Bucket"])
def test_two_places_in_buckets(project, static):
    project.write({"shop/buckets.py": BUCKETS})
    storages(project, default="shop.buckets.Bucket", static=static)
    project.settings(
        'STORAGES["default"]["OPTIONS"] = {}\nSTORAGES["staticfiles"]["OPTIONS"] = {"x": 1}'
    )
    assert "media-storage-for-static" not in project.slugs()


def test_storages_in_memory_are_for_tests(project):
    memory = "django.core.files.storage.InMemoryStorage"
    storages(project, default=memory, static=memory)
    assert "media-storage-for-static" not in project.slugs()


def test_stock_projects_are_told_the_same(stock):
    stock.settings(
        'STORAGES["default"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"'
    )
    assert stock.only("uploads-into-static-root")["severity"] == "error"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ('del STORAGES["default"]', 'STORAGES["default"]: is missing'),
        ('del STORAGES["staticfiles"]', 'STORAGES["staticfiles"]: is missing'),
        ('STORAGES["default"] = {"BACKEND": "shop.gone.Bucket"}', "'shop.gone.Bucket' cannot"),
        (
            'STORAGES["default"]["OPTIONS"] = {"allow_overwrite": True}',
            "is never overwritten",
        ),
    ],
)
def test_a_storage_that_cannot_be_made(project, settings, said):
    project.settings(settings)
    assert said in project.only("storage-unusable")["what"]
    assert "rule-failed" not in project.slugs()


@pytest.mark.parametrize(
    "settings",
    [
        'del STORAGES["default"]',
        'del STORAGES["staticfiles"]\nINSTALLED_APPS.remove("django.contrib.staticfiles")',
    ],
)
def test_a_storage_that_nobody_needs_may_be_missing(project, settings):
    project.write({"shop/models.py": ""})
    project.settings(settings)
    assert "storage-unusable" not in project.slugs()


def test_a_storage_that_says_its_key_when_it_fails(project):
    project.write({"shop/storage.py": TALKATIVE})
    project.settings(
        'STORAGES["x"] = {"BACKEND": "shop.storage.Talkative", "OPTIONS": {"api_key": "nobodys"}}'
    )
    assert 'STORAGES["x"]: … is no key.' in project.only("storage-unusable")["what"]
