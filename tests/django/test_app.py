"""What INSTALLED_APPS = ["roots"] brings, and what it must not."""

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
