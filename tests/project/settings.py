"""The smallest project that uses both roots; tests override the paths with their own."""

import json
import os
from pathlib import Path
from tempfile import gettempdir

FOLDER = Path(os.environ.get("ROOTS_TEST_FOLDER", Path(gettempdir()) / "roots-tests-unused"))
"""Where a server that a test starts finds both roots."""

SECRET_KEY = "for tests only"
DEBUG = "ROOTS_TEST_DEBUG" in os.environ
ALLOWED_HOSTS = ["*"]
USE_TZ = True
ROOT_URLCONF = "tests.project.urls"
WSGI_APPLICATION = "tests.project.wsgi.application"
MIDDLEWARE = ["tests.project.urls.sign"]
DATABASES = {
    "default": json.loads(os.environ.get("ROOTS_TEST_DATABASE", "{}"))  # see tests/databases.py
    or {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
}
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
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": FOLDER / "private"},
    },
}
STATIC_URL = "/static/"
STATIC_ROOT = FOLDER / "static"
STATICFILES_DIRS = [FOLDER / "source"] if (FOLDER / "source").is_dir() else []
ROOTS = json.loads(os.environ.get("ROOTS_TEST_ROOTS", "{}"))
MEDIA_URL = "/media/"
MEDIA_ROOT = FOLDER / "media"
