"""Projects that use nothing of this package: Django's own storages and application."""

from pathlib import Path

from tests.doctor.forks import Forks, Result
from tests.doctor.projects import TinyProject

SETTINGS = """
INSTALLED_APPS.remove("roots")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MIDDLEWARE = []
"""
FILES = {
    "config/wsgi.py": """\
import os
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
""",
    "shop/models.py": """\
from django.db import models


class Invoice(models.Model):
    scan = models.FileField()
""",
}


class StockProject(TinyProject):
    """A project with static files and uploads, and nobody who serves them."""

    def __init__(self, directory: Path, forks: Forks) -> None:
        super().__init__(directory, forks)
        self.settings(SETTINGS)
        self.write(FILES)

    def manage(self, *arguments: str, answers: str = "", **env: str) -> Result:
        """Run `manage.py ARGUMENTS` here; `python -m roots doctor` for the doctor."""
        first = ("-m",) if arguments[0] == "doctor" else ()
        return super().manage(*first, *arguments, answers=answers, **env)
