"""Set from outside: `BENCH_CONTENDER`, `BENCH_DATABASE` (JSON, as in DATABASES), `BENCH_ROOT`."""

import json
import os

CONTENDERS = {
    "stock": {"apps": [], "backend": "django.core.files.storage.FileSystemStorage"},
    "django-cleanup": {
        "apps": ["django_cleanup.apps.CleanupConfig"],
        "backend": "django.core.files.storage.FileSystemStorage",
    },
    "django-unused-media": {
        "apps": ["django_unused_media"],
        "backend": "django.core.files.storage.FileSystemStorage",
    },
    "roots": {"apps": ["roots"], "backend": "roots.media.storage.MediaStorage"},
}
_chosen = CONTENDERS[os.environ.get("BENCH_CONTENDER", "stock")]

SECRET_KEY = "for measurements only"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": json.loads(os.environ["BENCH_DATABASE"])}
INSTALLED_APPS = ["bench.gallery", *_chosen["apps"]]
STORAGES = {
    "default": {"BACKEND": _chosen["backend"]},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_URL = "/media/"
MEDIA_ROOT = os.environ["BENCH_ROOT"]
ROOTS = {"DURABLE_UPLOADS": False}  # as FileSystemStorage, which never waits for the disk
