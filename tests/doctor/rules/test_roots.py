"""Mistakes about the two roots themselves."""

import pytest

BUCKET = """
from django.core.files.storage import Storage


class Bucket(Storage):
    pass
"""
FIELD = """
from django.core.files.storage import FileSystemStorage
from django.db import models
from shop.bucket import Bucket


class Invoice(models.Model):
    scan = models.FileField({})
"""


def test_static_files_without_a_root(project):
    project.settings("STATIC_ROOT = None")
    finding = project.only("static-root-unset")
    assert finding["severity"] == "error"
    assert finding["where"].endswith("config/settings.py:20")


def test_no_static_root_is_needed_where_developers_work(project):
    project.settings("STATIC_ROOT = None\nDEBUG = True")
    assert project.only("static-root-unset")["severity"] == "info"


def test_no_static_root_is_needed_for_a_remote_storage(project):
    project.write({"shop/bucket.py": BUCKET})
    project.settings(
        'STATIC_ROOT = None\nSTORAGES["staticfiles"]["BACKEND"] = "shop.bucket.Bucket"'
    )
    assert "static-root-unset" not in project.slugs()


@pytest.mark.parametrize(
    "settings",
    [
        'INSTALLED_APPS.remove("django.contrib.staticfiles")',
        'STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]',
        'STORAGES["staticfiles"]["OPTIONS"] = {"location": BASE_DIR / "collected"}',
        "WHITENOISE_USE_FINDERS = True",
    ],
)
def test_no_static_root_is_needed_without_static_files_or_with_another_place(project, settings):
    project.settings(f"STATIC_ROOT = None\n{settings}")
    assert "static-root-unset" not in {each["slug"] for each in project.findings()}


@pytest.mark.parametrize(
    ("static", "media"),
    [
        ("files", "files"),
        ("files", "files/media"),
        ("files/static", "files"),
        ("files", "./link/media"),
        ("files", "files/../files/"),
        ("site/Static", "site/static"),
    ],
)
def test_roots_overlap(project, static, media):
    (project.directory / "files").mkdir()
    (project.directory / "link").symlink_to("files")
    (project.directory / "site").mkdir()
    (project.directory / "SITE").symlink_to("site")  # as on a disk that ignores case
    project.settings(f'STATIC_ROOT = BASE_DIR / "{static}"\nMEDIA_ROOT = str(BASE_DIR / "{media}")')
    finding = project.only("roots-overlap")
    assert finding["id"] == "roots.E002"
    assert "must be two directories" in finding["what"]


def test_roots_beside_each_other_do_not_overlap(project):
    project.settings('STATIC_ROOT = BASE_DIR / "files"\nMEDIA_ROOT = BASE_DIR / "files2"')
    assert "roots-overlap" not in project.slugs()


def test_names_that_differ_in_case_are_two_directories_where_the_disk_says_so(project):
    project.settings('STATIC_ROOT = BASE_DIR / "Files"\nMEDIA_ROOT = BASE_DIR / "files"')
    assert "roots-overlap" not in project.slugs()


def test_file_fields_without_a_media_root(project):
    project.settings('MEDIA_ROOT = ""')
    finding = project.only("media-root-unset")
    assert finding["severity"] == "error"
    assert "shop.Invoice.scan" in finding["what"]


@pytest.mark.parametrize(
    "options", [None, "storage=Bucket()", "storage=FileSystemStorage(location='/srv/scans')"]
)
def test_no_media_root_is_needed_without_a_field_that_stores_there(project, options):
    models = FIELD.format(options) if options else ""
    project.write({"shop/bucket.py": BUCKET, "shop/models.py": models})
    project.settings('MEDIA_ROOT = ""')
    assert "media-root-unset" not in project.slugs()


def test_a_field_of_a_package_may_never_be_used(project):
    project.write(
        {
            "site-packages/pages/__init__.py": "",
            "site-packages/pages/models.py": "from django.db import models\n"
            "class Page(models.Model):\n    file = models.FileField()\n",
            "shop/models.py": "",
        }
    )
    project.settings(
        'MEDIA_ROOT = ""\nimport sys\nsys.path.append(str(BASE_DIR / "site-packages"))\n'
        'INSTALLED_APPS.append("pages")'
    )
    assert project.only("media-root-unset")["severity"] == "warning"


@pytest.mark.parametrize("root", ["BASE_DIR", "BASE_DIR.parent", 'BASE_DIR / "shop"'])
def test_media_root_is_the_project(project, root):
    project.settings(
        f'MEDIA_ROOT = {root}\nSTATIC_ROOT = "/srv/shop/static"\nSTATICFILES_DIRS = []'
    )
    project.write({"shop/static/.keep": ""})
    found = {each["slug"]: each for each in project.findings()}
    assert str(project.directory) in found["media-root-is-project"]["what"]


def test_media_root_with_the_database(project):
    project.settings('DATABASES["default"]["NAME"] = MEDIA_ROOT / "db.sqlite3"')
    assert "db.sqlite3" in project.only("media-root-is-project")["what"]


def test_a_database_in_memory_is_nowhere(project):
    project.settings('DATABASES["default"]["NAME"] = "file:m?mode=memory&cache=shared:memory:"')
    assert "media-root-is-project" not in project.slugs()


@pytest.mark.parametrize("name", ["STATIC_ROOT", "MEDIA_ROOT"])
def test_a_root_that_begins_nowhere(project, name):
    project.settings(f'{name} = "collected/files/"')
    finding = project.only("relative-root")
    assert f'{name} = BASE_DIR / "collected/files"' in finding["fix"]
    assert str(project.directory / "collected/files") in finding["what"]


def test_a_root_in_the_home_directory_that_nobody_expands(project):
    project.settings('MEDIA_ROOT = "~/media"')
    assert 'MEDIA_ROOT = Path("~/media").expanduser()' in project.only("relative-root")["fix"]
