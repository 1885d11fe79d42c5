"""The smallest project that uses both roots; tests override the paths with their own."""

import os
from pathlib import Path
from tempfile import gettempdir

FOLDER = Path(os.environ.get("ROOTS_TEST_FOLDER", Path(gettempdir()) / "roots-tests-unused"))
"""Where a server that a test starts finds both roots."""

SECRET_KEY = "for tests only"
DEBUG = False
ALLOWED_HOSTS = ["*"]
USE_TZ = True
ROOT_URLCONF = "tests.project.urls"
WSGI_APPLICATION = "tests.project.wsgi.application"
MIDDLEWARE = ["tests.project.urls.sign"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
INSTALLED_APPS = [
    "roots",
    "django.contrib.staticfiles",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "tests.project",
]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
STORAGES = {
    "default": {"BACKEND": "roots.media.storage.MediaStorage"},
    "staticfiles": {"BACKEND": "roots.static.storage.StaticStorage"},
}
STATIC_URL = "/static/"
STATIC_ROOT = FOLDER / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = FOLDER / "media"
