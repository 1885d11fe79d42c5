"""Mistakes about what collectstatic made, and what it should make again."""

import json
import os
import shutil

import pytest

MANIFEST_STORAGE = """
STORAGES["staticfiles"]["BACKEND"] = (
    "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
)
"""
SLUGS = {"manifest-missing", "manifest-stale", "collected-files-missing"}


@pytest.fixture(params=["ours", "Django's with a manifest", "Django's plain one"])
def collected(request):
    """A project of each kind, its static files collected."""
    chosen = request.getfixturevalue("project" if request.param == "ours" else "stock")
    if "manifest" in request.param:
        chosen.settings(MANIFEST_STORAGE)
    chosen.collect()
    return chosen


@pytest.fixture
def manifests(stock):
    """A project with Django's manifest storage, collected."""
    stock.settings(MANIFEST_STORAGE)
    stock.collect()
    return stock


def test_what_was_just_collected_is_in_order(collected):
    assert not collected.slugs() & SLUGS


def test_a_source_that_changed(collected):
    collected.write({"shop/static/shop/app.css": "body { color: green }\n"})
    finding = collected.only("manifest-stale")
    assert finding["severity"] == "warning"
    assert "1 changed since files were collected (shop/app.css)" in finding["what"]


@pytest.mark.parametrize(
    ("collected", "slug"),
    [
        ("ours", "manifest-stale"),
        ("Django's with a manifest", "manifest-stale"),
        ("Django's plain one", "static-root-foreign-files"),  # or the copy was changed: who knows
    ],
    indirect=["collected"],
)
def test_a_source_that_changed_and_looks_older_than_what_was_collected(collected, slug):
    collected.write({"shop/static/shop/app.css": "body { color: olive }\n"})
    os.utime(collected.directory / "shop/static/shop/app.css", (0, 0))
    assert "shop/app.css" in collected.only(slug)["what"]


def test_a_source_that_nobody_collected(collected):
    collected.write({"shop/static/shop/new.css": ""})
    assert "1 not collected (shop/new.css)" in collected.only("manifest-stale")["what"]


def test_a_fresh_checkout_has_new_times_and_the_same_content(collected):
    path = collected.directory / "shop/static/shop/app.css"
    shutil.copy(path, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)
    assert not collected.slugs() & SLUGS


def test_many_are_counted_and_three_are_named(project):
    project.collect()
    project.write({f"shop/static/shop/{number}.css": "" for number in range(9)})
    told = "9 not collected (shop/0.css, shop/1.css, shop/2.css, …)"
    assert told in project.only("manifest-stale")["what"]


def test_files_that_collectstatic_is_told_to_leave_out(project):
    project.collect()
    project.write(
        {
            "shop/static/shop/app.scss": "",
            "Dockerfile": "FROM python\nRUN ./manage.py collectstatic --no-input -i '*.scss'\n",
        }
    )
    assert "manifest-stale" not in project.slugs()


def test_a_storage_that_compares_times_is_told_to_clear(stock):
    stock.collect()
    stock.write({"shop/static/shop/app.css": "p {}"})
    finding = stock.only("manifest-stale")
    assert "keeps no manifest" in finding["what"]
    assert "collectstatic --no-input --clear" in finding["fix"]


def test_files_without_a_manifest(manifests):
    (manifests.directory / "staticfiles/staticfiles.json").unlink()
    finding = manifests.only("manifest-missing")
    assert finding["severity"] == "error"
    assert "holds files, but no staticfiles.json" in finding["what"]


def test_a_manifest_of_nothing(manifests):
    empty = {"paths": {}, "version": "1.1", "hash": ""}
    manifests.write({"staticfiles/staticfiles.json": json.dumps(empty)})
    assert "names no file" in manifests.only("manifest-missing")["what"]


def test_a_manifest_of_nothing_is_right_where_there_is_nothing(project):
    (project.directory / "shop/static/shop/app.css").unlink()
    project.collect()
    assert not project.slugs() & SLUGS


@pytest.mark.parametrize("collected", ["ours", "Django's with a manifest"], indirect=True)
def test_a_manifest_that_is_damaged(collected):
    collected.write({"staticfiles/staticfiles.json": "{"})
    assert "cannot be read as a manifest" in collected.only("manifest-missing")["what"]
    assert "rule-failed" not in collected.slugs()


def test_a_manifest_that_is_kept_in_another_directory(stock):
    stock.write(
        {
            "shop/storage.py": """\
from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage, StaticFilesStorage


class Storage(ManifestStaticFilesStorage):
    def __init__(self, *args, **kwargs):
        records = StaticFilesStorage(location=settings.BASE_DIR / "records")
        super().__init__(*args, manifest_storage=records, **kwargs)
"""
        }
    )
    stock.settings('STORAGES["staticfiles"]["BACKEND"] = "shop.storage.Storage"')
    stock.collect()
    assert not stock.slugs() & SLUGS
    (stock.directory / "records/staticfiles.json").unlink()
    assert "no staticfiles.json" in stock.only("manifest-missing")["what"]


def test_a_plain_storage_needs_no_manifest(stock):
    stock.collect()
    assert not stock.slugs() & SLUGS


def test_nothing_collected_on_this_machine_is_a_note(project):
    assert project.only("manifest-missing")["severity"] == "info"
    project.write({"Dockerfile": "FROM python\nRUN ./manage.py collectstatic --no-input\n"})
    finding = project.only("manifest-missing")
    assert finding["severity"] == "info"
    assert "Dockerfile:2 does it" in finding["what"]


def test_developers_need_not_collect(project):
    project.settings("DEBUG = True")
    assert not {each["slug"] for each in project.findings()} & SLUGS


def test_files_that_the_manifest_names_and_nobody_has(manifests):
    for path in (manifests.directory / "staticfiles/shop").glob("app.*.css"):
        path.unlink()
    finding = manifests.only("collected-files-missing")
    assert finding["severity"] == "error"
    assert "1 not there (shop/app." in finding["what"]


def test_an_image_that_collects_for_itself_need_not_care(manifests):
    (manifests.directory / "staticfiles/staticfiles.json").unlink()
    manifests.write(
        {"Dockerfile": "FROM python\nCOPY . /app\nRUN ./manage.py collectstatic --no-input\n"}
    )
    assert manifests.only("manifest-missing")["severity"] == "warning"
