"""Every claim of docs/primer.md, done with a real project."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from roots.doctor import primer
from tests.doctor.projects import TinyProject

PAGE = (Path(__file__).parents[2] / "docs/primer.md").read_text()
CLAIMS: dict[str, Callable] = {}

STOCK = """
INSTALLED_APPS.remove("roots")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
"""
STOCK_MODELS = """
from django.db import models

class Invoice(models.Model):
    scan = models.FileField(upload_to="invoices")
"""
UPLOAD = """
from django.core.files.base import ContentFile
from shop.models import Invoice
row = Invoice.objects.create(scan=ContentFile(b"paid", "march.txt"))
"""


def claim(text: str):
    """The test proves the point, or the row with this title, of the page."""

    def register(test: Callable) -> Callable:
        CLAIMS[text] = test
        return test

    return register


def points() -> list[str]:
    return re.findall(r"^- (.*)$", PAGE, re.MULTILINE)


def test_every_point_and_every_row_of_the_page_is_tested():
    assert set(CLAIMS) == {*points(), *(title for title, *_ in primer.ROWS)}


def test_the_table_of_the_page_is_the_one_that_the_doctor_prints():
    assert primer.markdown() in PAGE


def test_the_doctor_prints_it_with_this_projects_values(project):
    printed = project.manage("doctor", "--primer").out
    assert str(project.directory / "media") in printed.replace("\n", "")
    assert "static/ and a name" in printed


def test_a_root_that_is_not_set_keeps_its_name(project):
    project.settings('MEDIA_ROOT = ""\nMEDIA_URL = ""')
    printed = project.manage("doctor", "--primer").out
    assert "no directory below no URL" in printed
    assert "nowhere: MEDIA_ROOT wants a" in printed


@pytest.fixture
def stock(project):
    """A project as Django makes it, nothing of ours in it."""
    project.settings(STOCK)
    project.write({"shop/models.py": STOCK_MODELS, "config/wsgi.py": ""})
    project.settings("WSGI_APPLICATION = None")
    return project


def migrated(project):
    assert project.manage("migrate", "--run-syncdb", "--verbosity", "0").code == 0
    return project


def shell(project, code: str) -> str:
    result = project.manage("shell", "--verbosity", "0", "-c", code)
    assert result.code == 0, result.err
    return result.out.strip()


def status(project, path: str) -> str:
    """What the project's WSGI application answers."""
    return shell(
        project,
        f"""
from django.conf import settings
from django.test import RequestFactory
from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string
make = import_string(settings.WSGI_APPLICATION) if settings.WSGI_APPLICATION else None
told = []
list((make or get_wsgi_application())(
    RequestFactory().get({path!r}, SERVER_NAME="shop.example").environ,
    lambda status, headers: told.append(status)))
print(told[0][:3])
""",
    ).splitlines()[-1]


def files(directory: Path) -> dict[str, bytes]:
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file() and ".roots" not in path.parts
    }


@claim("what it holds")
def test_copies_of_sources_here_and_uploads_there(stock):
    stock.collect()
    shell(migrated(stock), UPLOAD)
    source = stock.directory / "shop/static/shop/app.css"
    assert files(stock.directory / "staticfiles")["shop/app.css"] == source.read_bytes()
    assert files(stock.directory / "media") == {"invoices/march.txt": b"paid"}


@claim("who fills it")
def test_collectstatic_fills_the_one_and_a_storage_the_other(stock):
    migrated(stock)
    assert not (stock.directory / "staticfiles").exists()
    assert not (stock.directory / "media").exists()
    shell(stock, UPLOAD)
    assert not (stock.directory / "staticfiles").exists()
    assert (stock.directory / "media").exists()
    stock.collect()
    assert (stock.directory / "staticfiles").exists()


@claim("when it changes")
def test_a_changed_source_changes_nothing_until_it_is_collected(project):
    project.collect()
    before = files(project.directory / "staticfiles")
    project.write({"shop/static/shop/app.css": "body { color: green }\n"})
    assert files(project.directory / "staticfiles") == before
    project.collect()
    assert files(project.directory / "staticfiles") != before


@claim("where else")
def test_static_root_can_be_deleted_and_collected_again(project):
    project.collect()
    before = files(project.directory / "staticfiles")
    (project.directory / "staticfiles").rename(project.directory / "elsewhere")
    project.collect()
    assert files(project.directory / "staticfiles") == before


@claim("collectstatic")
def test_collectstatic_clears_the_one_and_leaves_the_other(stock):
    shell(migrated(stock), UPLOAD)
    stock.collect()
    stray = stock.directory / "staticfiles/stray.txt"
    stray.write_text("by hand")
    assert stock.manage("collectstatic", "--no-input", "--clear").code == 0
    assert not stray.exists()
    assert files(stock.directory / "media") == {"invoices/march.txt": b"paid"}


@claim("in a page")
def test_pages_say_a_prefix_and_a_name(stock):
    printed = shell(
        migrated(stock),
        UPLOAD + "from django.templatetags.static import static\n"
        "print(static('shop/app.css'), row.scan.url)",
    )
    assert printed.endswith("/static/shop/app.css /media/invoices/march.txt")


@claim("in a row")
def test_a_row_holds_the_name_below_the_root(stock):
    printed = shell(
        migrated(stock), UPLOAD + "print(Invoice.objects.values_list('scan', flat=True)[0])"
    )
    assert printed.endswith("invoices/march.txt")


@claim("DEBUG = True")
def test_in_development_sources_are_served_without_collecting(project):
    project.settings("DEBUG = True")
    (project.directory / "media").mkdir()
    (project.directory / "media/a.txt").write_text("uploaded")
    assert status(project, "/static/shop/app.css") == "200"
    assert status(project, "/media/a.txt") == "200"
    assert not (project.directory / "staticfiles").exists()


@claim("DEBUG = False")
def test_in_production_both_are_served_by_the_layer_in_front(project):
    project.collect()
    (project.directory / "media").mkdir()
    (project.directory / "media/a.txt").write_text("uploaded")
    assert status(project, "/static/shop/app.css") == "200"
    assert status(project, "/media/a.txt") == "200"


@claim("who is trusted")
def test_an_upload_is_shown_and_never_run(project):
    project.settings("TEMPLATES = []\nMIDDLEWARE = []")
    (project.directory / "media").mkdir()
    (project.directory / "media/a.html").write_text("<script>alert(1)</script>")
    found = project.manage("explain", "/media/a.html").out
    assert "Content-Disposition: attachment" in found
    assert "sandbox" in found


@claim("git")
def test_both_are_ignored_by_git_or_the_doctor_says_so(project):
    assert not {"root-not-ignored", "root-committed"} & project.slugs()


@claim("in containers")
def test_collecting_needs_no_database_and_no_upload(project):
    project.settings('DATABASES = {"default": {"ENGINE": "django.db.backends.dummy"}}')
    project.collect()


@claim("on many hosts")
def test_two_hosts_collect_the_same(project, tmp_path_factory, forks):
    other = TinyProject(tmp_path_factory.mktemp("another host"), forks)
    project.collect()
    other.collect()
    here, there = (files(each.directory / "staticfiles") for each in (project, other))
    assert here == there


@claim(points()[0])
def test_a_root_does_not_follow_from_a_url(project):
    project.settings('STATIC_URL = "/assets/"\nMEDIA_URL = "/files/"')
    project.collect()
    assert files(project.directory / "staticfiles")
    assert not (project.directory / "assets").exists()
    assert status(project, "/assets/shop/app.css") == "200"
    assert status(project, "/staticfiles/shop/app.css") == "404"


@claim(points()[1])
def test_another_url_moves_no_file(project):
    project.collect()
    before = files(project.directory / "staticfiles")
    project.settings('STATIC_URL = "https://cdn.example/assets/"')
    project.collect()
    assert files(project.directory / "staticfiles") == before


@claim(points()[2])
def test_sources_and_products_are_two_directories(stock):
    stock.settings('STATICFILES_DIRS = [BASE_DIR / "staticfiles"]')
    result = stock.manage("check")
    assert "staticfiles.E002" in result.err
    assert result.code != 0


@claim(points()[3])
def test_directory_and_prefix_are_added_when_asked_for(stock):
    printed = shell(migrated(stock), UPLOAD + "print(row.scan.name, row.scan.path, row.scan.url)")
    name, path, url = printed.splitlines()[-1].split()
    assert path == str(stock.directory / "media" / name)
    assert url == f"/media/{name}"


@claim(points()[4])
def test_django_serves_neither_in_production(stock):
    stock.collect()
    (stock.directory / "media").mkdir()
    (stock.directory / "media/a.txt").write_text("uploaded")
    assert status(stock, "/static/shop/app.css") == "404"
    assert status(stock, "/media/a.txt") == "404"


@claim(points()[5])
def test_the_helper_of_the_urlconf_adds_nothing_in_production(stock):
    code = "from django.conf.urls.static import static; print(static('/media/', document_root='/'))"
    assert shell(stock, code).endswith("[]")


@claim(points()[6])
def test_django_deletes_no_upload(stock):
    shell(
        migrated(stock),
        UPLOAD + "row.scan = ContentFile(b'new', 'april.txt')\nrow.save()\nrow.delete()",
    )
    assert set(files(stock.directory / "media")) == {"invoices/march.txt", "invoices/april.txt"}


@claim(points()[7])
def test_collecting_without_a_root_stops(stock):
    stock.settings("STATIC_ROOT = None")
    result = stock.manage("collectstatic", "--no-input")
    assert "without having set the STATIC_ROOT setting" in result.err
    assert result.code != 0


@claim(points()[8])
def test_an_empty_media_root_is_the_current_directory(stock):
    stock.settings('MEDIA_ROOT = ""')
    shell(migrated(stock), UPLOAD)
    assert (stock.directory / "invoices/march.txt").read_text() == "paid"
