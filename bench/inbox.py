"""A project that stores what it gets, as Django does it or as django-roots does.

`BENCH_FOLDER` is where everything is, `BENCH_PEER` is one of `bench.uploads.PEERS`. It is settings,
URLs, view, WSGI and ASGI module in one.
"""

import os
from pathlib import Path

from django.urls import path

FOLDER = Path(os.environ["BENCH_FOLDER"])
IS_ROOTS = os.environ["BENCH_PEER"] == "roots"

SECRET_KEY = "for measuring only"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "bench.inbox"
WSGI_APPLICATION = "bench.inbox.application"
ASGI_APPLICATION = "bench.inbox.asgi_application"
INSTALLED_APPS = ["roots", "django.contrib.contenttypes"] if IS_ROOTS else []
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER / "db.sqlite3"}}
STATIC_URL = "/static/"
MEDIA_URL, MEDIA_ROOT = "/media/", FOLDER / "media"
if os.environ["BENCH_PEER"] == "Django, tuned":  # renames what it received, and need not copy it
    FILE_UPLOAD_TEMP_DIR = FOLDER / "tmp"
if IS_ROOTS:
    from roots.media.presets import Archives, Documents, Images, Video

    STORAGES = {
        "default": {"BACKEND": "roots.media.storage.MediaStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    # Django's storage does not wait for the disk either.
    ROOTS = {
        "UPLOAD_POLICY": Images() | Documents() | Archives() | Video(max_bytes=8 << 30),
        "MAX_BODY_BYTES": 9 << 30,
        "DURABLE_UPLOADS": False,
    }


def receive(request):  # type: ignore[no-untyped-def]
    """Store the file of a form."""
    from django.core.files.storage import default_storage
    from django.http import HttpResponse

    file = request.FILES["file"]
    return HttpResponse(default_storage.save(file.name, file))


urlpatterns = [path("", receive)]


def __getattr__(name: str) -> object:
    if name == "application":
        if IS_ROOTS:
            from roots.serve.wsgi import get_wsgi_application
        else:
            from django.core.wsgi import get_wsgi_application
        return get_wsgi_application()
    if name == "asgi_application":
        if IS_ROOTS:
            from roots.serve.asgi import get_asgi_application
        else:
            from django.core.asgi import get_asgi_application
        return get_asgi_application()
    raise AttributeError(name)
