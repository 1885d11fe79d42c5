"""A site with what projects have beside us: compressor, Vite, the debug toolbar and the admin."""

import os

from tests.project.settings import *  # noqa: F403
from tests.project.settings import FOLDER

DEBUG = "ROOTS_TEST_DEBUG" in os.environ
ROOT_URLCONF = "tests.composition.site"
INSTALLED_APPS = [
    "roots",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "compressor",
    "debug_toolbar",
    "django_vite",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "debug_toolbar.middleware.DebugToolbarMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": ["tests/composition/templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
STATICFILES_DIRS = [FOLDER / "sources"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "compressor.finders.CompressorFinder",
]
ROOTS = {"ENCODINGS": ["gzip"], "MISSING_ENTRIES": "error"}
COMPRESS_OFFLINE = "COMPRESS_OFFLINE" in os.environ
DJANGO_VITE = {"default": {"manifest_path": FOLDER / "sources/.vite/manifest.json"}}
DEBUG_TOOLBAR_CONFIG = {
    "IS_RUNNING_TESTS": False,  # it looks for "test" among the arguments
    "SHOW_TOOLBAR_CALLBACK": "tests.composition.site.show_toolbar",
}
