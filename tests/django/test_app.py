"""What INSTALLED_APPS = ["roots"] brings, and what it must not."""

import subprocess
import sys

import pytest
from django.apps import apps
from django.contrib.staticfiles import finders
from django.core.management import get_commands


def test_the_app_is_found_by_its_label():
    assert apps.get_app_config("roots").verbose_name == "django-roots"


def test_the_package_roots_static_is_not_published_as_static_files():
    assert finders.find("storage.py") is None
    assert finders.find("__init__.py") is None


def test_collectstatic_and_serve_are_ours():
    commands = get_commands()
    assert commands["collectstatic"] == commands["serve"] == "roots.django"


STATIC_ONLY = """
import django
from django.conf import settings
settings.configure(
    INSTALLED_APPS=["roots", "django.contrib.staticfiles"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    STATIC_URL="/static/",
    STORAGES={
        "default": {"BACKEND": "DEFAULT"},
        "staticfiles": {"BACKEND": "roots.static.storage.StaticStorage"},
    },
)
django.setup()
import subprocess
import sys

import pytest
from django.apps import apps
from django.core.management import call_command
print(len(list(apps.get_app_config("roots").get_models())))
call_command("showmigrations", "roots")
"""


@pytest.mark.parametrize(
    ("default", "told"),
    [
        ("django.core.files.storage.FileSystemStorage", ["0", "roots", " (no migrations)"]),
        (
            "roots.media.storage.MediaStorage",
            ["1", "roots", " [ ] 0001_initial", " [ ] 0002_scanning_and_quotas"],
        ),
    ],
)
def test_only_a_project_that_keeps_uploads_has_a_ledger_to_migrate(default, told):
    script = STATIC_ONLY.replace("DEFAULT", default)
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert shown.stdout.splitlines() == told, shown.stderr
