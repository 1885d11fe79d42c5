"""Mistakes about what users may upload, and how it comes back."""

import contextlib
import sqlite3

import pytest

MODELS = """
from django.core.files.storage import FileSystemStorage
from django.core.validators import FileExtensionValidator
from django.db import models
from roots.media import fields
from roots.media.presets import Anything, Documents, Images
from roots.media.validation import PolicyValidator


def unheard_of(upload):
    pass


def by_code(instance, filename):
    return filename


class Overwriting(FileSystemStorage):
    def get_available_name(self, name, max_length=None):
        if self.exists(name):
            self.delete(name)
        return name


class Numbering(FileSystemStorage):
    def get_available_name(self, name, max_length=None):
        return super().get_available_name(name, max_length)


class Remote(FileSystemStorage):
    file_overwrite = True


class Invoice(models.Model):
    scan = {}
"""
NGINX = """
server {
    location /media/ { alias DIRECTORY/media/; HEADERS }
    location / { proxy_pass http://app; }
}
"""


def field(project, text: str) -> None:
    project.write({"shop/models.py": MODELS.replace("{}", text)})


def found(project, slug: str, *arguments: str) -> list[str]:
    """The severities of the findings called `slug`."""
    return [each["severity"] for each in project.findings(*arguments) if each["slug"] == slug]


def serve_with_nginx(project, headers: str = "") -> None:
    text = NGINX.replace("DIRECTORY", str(project.directory)).replace("HEADERS", headers)
    project.write({"deploy/nginx.conf": text})


def test_a_field_that_takes_anything(stock):
    finding = stock.only("unvalidated-file-field")
    assert finding["severity"] == "warning"
    assert "shop.Invoice.scan" in finding["what"]
    assert finding["where"].endswith("shop/models.py:4")


@pytest.mark.parametrize("text", ["models.FileField()", "fields.FileField()"])
def test_with_our_storage_it_is_a_note(project, text):
    field(project, text)
    assert project.only("unvalidated-file-field")["severity"] == "info"


@pytest.mark.parametrize(
    "text",
    [
        "fields.FileField(policy=Documents())",
        "fields.FileField(policy=Anything())",
        "fields.ImageField()",
        "models.ImageField()",
        "models.FileField(validators=[unheard_of])",
        'models.FileField(validators=[FileExtensionValidator(["pdf"])])',
        "models.FileField(validators=[PolicyValidator(Documents())])",
    ],
)
def test_a_field_that_says_what_it_takes(stock, text):
    field(stock, text)
    assert found(stock, "unvalidated-file-field") == []


def test_the_project_may_say_it_once_for_all_fields(project):
    field(project, "models.FileField()")
    project.settings(
        "from roots.media.presets import Documents\nROOTS = {'UPLOAD_POLICY': Documents()}"
    )
    assert found(project, "unvalidated-file-field") == []


def test_what_it_says_counts_for_our_storage_only(stock):
    stock.settings(
        "from roots.media.presets import Documents\nROOTS = {'UPLOAD_POLICY': Documents()}"
    )
    assert found(stock, "unvalidated-file-field") == ["warning"]


def test_the_fields_of_packages_are_their_own(stock):
    stock.write(
        {
            "site-packages/pages/__init__.py": "",
            "site-packages/pages/models.py": "from django.db import models\n"
            "class Page(models.Model):\n    file = models.FileField()\n",
            "shop/models.py": "",
        }
    )
    stock.settings(
        'import sys\nsys.path.append(str(BASE_DIR / "site-packages"))\n'
        'INSTALLED_APPS.append("pages")'
    )
    assert found(stock, "unvalidated-file-field") == []


@pytest.mark.parametrize(
    "text",
    [
        'models.FileField(validators=[FileExtensionValidator(["png", "svg"])])',
        "fields.FileField(policy=Images(formats=('image/svg+xml',), clean=False, max_pixels=None))",
    ],
)
def test_drawings_that_are_shown(stock, text):
    field(stock, text)
    serve_with_nginx(stock)
    finding = stock.only("svg-allowed-inline")
    assert finding["severity"] == "warning"
    assert "nginx" in finding["what"]
    assert found(stock, "same-origin-media") == []


@pytest.mark.parametrize(
    "headers",
    [
        "add_header Content-Security-Policy \"default-src 'none'; sandbox\" always;",
        "add_header Content-Disposition attachment;",
    ],
)
def test_drawings_and_pages_that_nothing_can_run_in(stock, headers):
    serve_with_nginx(stock, headers)
    assert found(stock, "same-origin-media") == []
    field(stock, 'models.FileField(validators=[FileExtensionValidator(["svg"])])')
    assert found(stock, "svg-allowed-inline") == []


@pytest.mark.parametrize(
    "text",
    [
        'models.FileField(validators=[FileExtensionValidator(["png"])])',
        "models.FileField(validators=[unheard_of])",
        "models.ImageField()",
        "fields.FileField(policy=Documents())",
    ],
)
def test_fields_that_take_nothing_that_runs(stock, text):
    field(stock, text)
    serve_with_nginx(stock)
    assert not {"svg-allowed-inline", "same-origin-media"} & stock.slugs()


def test_pages_on_the_sites_own_host(stock):
    serve_with_nginx(stock)
    assert "accepts web pages" in stock.only("same-origin-media")["what"]


@pytest.mark.parametrize(
    "settings",
    [
        'MEDIA_URL = "https://uploads.example/"',
        'MEDIA_URL = "//uploads.example/media/"',
        'ROOTS = {"MEDIA_ORIGIN": "https://uploads.example"}',
    ],
)
def test_pages_on_another_host(stock, settings):
    stock.settings(settings)
    serve_with_nginx(stock)
    assert found(stock, "same-origin-media") == []


def test_it_is_a_note_where_nobody_is_known_to_serve_them(stock):
    assert found(stock, "same-origin-media") == ["info"]


def test_it_is_a_note_where_developers_work(stock):
    stock.settings("DEBUG = True")
    serve_with_nginx(stock)
    assert found(stock, "same-origin-media") == ["info"]
    assert found(stock, "same-origin-media", "--deploy") == ["warning"]


@pytest.mark.parametrize(
    "text",
    [
        "fields.FileField(policy=Anything())",
        'models.FileField(validators=[FileExtensionValidator(["svg"])])',
    ],
)
def test_our_layer_defuses_both(project, text):
    field(project, text)
    assert not {"svg-allowed-inline", "same-origin-media"} & project.slugs()


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("fields.FileField(policy=Anything())", "same-origin-media"),
        (
            'models.FileField(validators=[FileExtensionValidator(["svg"])])',
            "svg-allowed-inline",
        ),
    ],
)
def test_unless_the_project_takes_its_headers_away(project, text, slug):
    field(project, text)
    project.settings(
        'ROOTS = {"HEADERS": {"media": {"*": {"Content-Disposition": "inline", '
        '"Content-Security-Policy": None}}}}'
    )
    assert slug in project.slugs()


def test_rules_for_other_files_take_nothing_away(project):
    field(project, "fields.FileField(policy=Anything())")
    project.settings(
        'ROOTS = {"HEADERS": {"media": {"*.pdf": {"Content-Disposition": "inline", '
        '"Content-Security-Policy": None}}}}'
    )
    assert "same-origin-media" not in project.slugs()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("models.FileField(storage=Overwriting())", "get_available_name()"),
        ("models.FileField(storage=FileSystemStorage(allow_overwrite=True))", "allow_overwrite"),
        ("models.FileField(storage=Remote())", "file_overwrite=True"),
    ],
)
def test_a_storage_that_overwrites(project, text, said):
    field(project, text)
    finding = project.only("overwriting-storage")
    assert finding["severity"] == "warning"
    assert said in finding["what"]


def test_names_made_by_code_may_be_unique(project):
    field(project, "models.FileField(storage=Overwriting(), upload_to=by_code)")
    assert found(project, "overwriting-storage") == ["info"]


@pytest.mark.parametrize(
    "text",
    ["models.FileField(storage=FileSystemStorage())", "models.FileField(storage=Numbering())"],
)
def test_a_storage_that_keeps_both(project, text):
    field(project, text)
    assert found(project, "overwriting-storage") == []


def fill(project, rows: int) -> None:
    result = project.manage("migrate", "--run-syncdb", "--verbosity", "0")
    assert result.code == 0, result.err
    with sqlite3.connect(project.directory / "db.sqlite3") as database:
        database.execute(
            "WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted LIMIT ?) "
            "INSERT INTO shop_invoice (id, scan) SELECT n, '' FROM counted",
            [rows],
        )
    database.close()


def test_a_large_table_without_an_index(project):
    fill(project, 1_000_000)
    finding = project.only("file-field-not-indexed")
    assert finding["severity"] == "info"
    assert "1,000,000 rows" in finding["what"]
    field(project, "fields.FileField(policy=Documents(), db_index=True)")
    assert found(project, "file-field-not-indexed") == []


def test_a_small_table_with_high_ids(project):
    fill(project, 3)
    with sqlite3.connect(project.directory / "db.sqlite3") as database:
        database.execute("UPDATE shop_invoice SET id = 5000000 WHERE id = 3")
    database.close()
    assert found(project, "file-field-not-indexed") == []


def test_a_database_that_is_not_there_is_not_made(project):
    assert found(project, "file-field-not-indexed") == []
    assert not (project.directory / "db.sqlite3").exists()


def test_a_database_on_another_machine_is_not_asked(project):
    project.settings(
        'DATABASES["default"] = {"ENGINE": "django.db.backends.postgresql", "NAME": "shop", '
        '"HOST": "192.0.2.1"}'
    )
    assert "rule-failed" not in project.slugs("--only", "file-field-not-indexed")


@pytest.mark.parametrize("is_open", [False, True])
def test_a_database_with_a_log_is_read_and_left_as_it_was(project, is_open):
    fill(project, 3)
    path = project.directory / "db.sqlite3"
    with contextlib.closing(sqlite3.connect(path)) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
    with contextlib.closing(sqlite3.connect(path)) as writer:
        if is_open:
            writer.execute("UPDATE shop_invoice SET scan = 'a'")
            writer.commit()
        before = sorted(project.directory.glob("db.*"))
        assert found(project, "file-field-not-indexed") == []
        assert sorted(project.directory.glob("db.*")) == before
