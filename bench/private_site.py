"""A project whose files a view allows: handed over, sent by Django, or left to nginx.

`BENCH_FOLDER` holds `private`. With `BENCH_PEER=offload` nginx stands in front. It is settings,
URLs, WSGI and ASGI module in one.
"""

import os
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import path

from roots.serve import send
from roots.serve.handover import offload

FOLDER = Path(os.environ["BENCH_FOLDER"])
PRIVATE = FOLDER / "private"

SECRET_KEY = "for measuring only"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "bench.private_site"
WSGI_APPLICATION = "bench.private_site.application"
ASGI_APPLICATION = "bench.private_site.asgi_application"
INSTALLED_APPS = ["roots"]
STORAGES = {
    "default": {"BACKEND": "roots.media.storage.MediaStorage", "OPTIONS": {"location": PRIVATE}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_URL, STATIC_ROOT = "/static/", FOLDER / "static"
ROOTS = {"OFFLOAD": "nginx"} if os.environ["BENCH_PEER"] == "offload" else {}


def handed(request: HttpRequest, name: str) -> HttpResponse:
    """What a project writes."""
    return send(request, name)


def opened(_: HttpRequest, name: str) -> FileResponse:
    """Without any package."""
    return FileResponse(open(PRIVATE / name, "rb"))


def accelerated(_: HttpRequest, name: str) -> HttpResponse:
    """All that django-sendfile2 and its like do where nginx stands in front."""
    prefix = offload.location(str(PRIVATE))
    return HttpResponse(headers={"X-Accel-Redirect": prefix + name, "Content-Type": "image/jpeg"})


async def handed_async(request: HttpRequest, name: str) -> HttpResponse:
    """As `handed`."""
    return send(request, name)


async def opened_async(request: HttpRequest, name: str) -> FileResponse:
    """As `opened`."""
    return opened(request, name)


urlpatterns = [
    path("send/<name>", handed),
    path("file/<name>", opened),
    path("accel/<name>", accelerated),
    path("async/send/<name>", handed_async),
    path("async/file/<name>", opened_async),
]


def __getattr__(name: str) -> object:
    if name == "application":
        from roots.serve.wsgi import get_wsgi_application

        return get_wsgi_application()
    if name == "asgi_application":
        from roots.serve.asgi import get_asgi_application

        return get_asgi_application()
    raise AttributeError(name)
