"""Projects as people have them, as small as they can be: all in order until a test breaks one."""

import json
from collections.abc import Mapping
from pathlib import Path

from tests.doctor.forks import Forks, Result

SETTINGS = """\
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = "not-the-one-in-production-but-long-enough-for-django-to-be-content-with-it"
DEBUG = False
ALLOWED_HOSTS = ["shop.example"]
INSTALLED_APPS = ["roots", "django.contrib.staticfiles", "shop"]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
USE_TZ = True
STORAGES = {
    "default": {"BACKEND": "roots.media.storage.MediaStorage"},
    "staticfiles": {"BACKEND": "roots.static.storage.StaticStorage"},
}
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
MEDIA_URL = "media/"
MEDIA_ROOT = BASE_DIR / "media"
"""
FILES = {
    "manage.py": """\
import os
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    execute_from_command_line()
""",
    "config/__init__.py": "",
    "config/settings.py": SETTINGS,
    "config/urls.py": "urlpatterns = []\n",
    "config/wsgi.py": """\
import os
from roots.serve.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
""",
    "shop/__init__.py": "",
    "shop/models.py": """\
from django.db import models
from roots.media.fields import FileField
from roots.media.presets import Documents


class Invoice(models.Model):
    scan = FileField(policy=Documents())
""",
    "shop/static/shop/app.css": "body { color: black }\n",
    ".gitignore": "/staticfiles/\n/media/\n/db.sqlite3\n",
    ".dockerignore": "/staticfiles/\n/media/\n/db.sqlite3\n/.git/\n",
}


class TinyProject:
    """A project in a directory of its own, and what commands say about it."""

    def __init__(self, directory: Path, forks: Forks) -> None:
        self.directory, self._forks = directory, forks
        self.write(FILES)

    def write(self, files: Mapping[str, str]) -> None:
        """Write these files, over those that are there."""
        for name, text in files.items():
            path = self.directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def settings(self, lines: str) -> None:
        """Add these lines to the settings."""
        with (self.directory / "config/settings.py").open("a") as file:
            file.write(lines + "\n")

    def collect(self) -> None:
        """Run collectstatic."""
        result = self.manage("collectstatic", "--no-input")
        assert result.code == 0, result.err

    def manage(self, *arguments: str, answers: str = "", **env: str) -> Result:
        """Run `manage.py ARGUMENTS` here; with `-m` in front, `python -m roots`."""
        return self._forks.run(self.directory, *arguments, answers=answers, **env)

    def findings(self, *arguments: str, **env: str) -> list[dict[str, str]]:
        """What the doctor finds."""
        result = self.manage("doctor", "--json", *arguments, **env)
        assert result.out, result.err
        return json.loads(result.out)

    def slugs(self, *arguments: str, **env: str) -> set[str]:
        """The slugs of what is found, but for notes."""
        found = self.findings(*arguments, **env)
        return {each["slug"] for each in found if each["severity"] != "info"}

    def only(self, slug: str, *arguments: str, **env: str) -> dict[str, str]:
        """The finding `slug`, beside which there is no other error."""
        found = self.findings(*arguments, **env)
        others = [each for each in found if each["severity"] == "error" and each["slug"] != slug]
        assert not others
        (finding,) = [each for each in found if each["slug"] == slug]
        return finding
