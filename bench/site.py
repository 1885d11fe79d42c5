"""A project with nothing but static files, served by whoever is measured.

`BENCH_FOLDER` holds `source`, `static` and `media`; `BENCH_PEER` is `roots`, `whitenoise`,
`servestatic` or `nothing`.
It is settings, WSGI and ASGI module in one.
"""

import os
from pathlib import Path

FOLDER = Path(os.environ["BENCH_FOLDER"])
PEER = os.environ["BENCH_PEER"]

SECRET_KEY = "for measuring only"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "bench.site"
WSGI_APPLICATION = "bench.site.application"
ASGI_APPLICATION = "bench.site.asgi_application"
INSTALLED_APPS = ["roots", "django.contrib.staticfiles"] if PEER != "nothing" else []
STATICFILES_DIRS = [FOLDER / "source"]
STATIC_URL, STATIC_ROOT = "/static/", FOLDER / "static"
MEDIA_URL, MEDIA_ROOT = "/media/", FOLDER / "media"
STORAGES = {
    "default": {"BACKEND": "roots.media.storage.MediaStorage"},
    "staticfiles": {
        "BACKEND": "roots.static.storage.StaticStorage"
        if PEER == "roots"
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MIDDLEWARE = {
    "roots": [],
    "nothing": [],
    "servestatic": [],
    "whitenoise": ["whitenoise.middleware.WhiteNoiseMiddleware"],
}[PEER]
urlpatterns: list[object] = []


def __getattr__(name: str) -> object:
    if name == "application":
        if PEER == "servestatic":
            from django.core.wsgi import get_wsgi_application
            from servestatic import ServeStatic

            return ServeStatic(get_wsgi_application(), root=STATIC_ROOT, prefix="static/")
        if PEER == "roots":
            from roots.serve.wsgi import get_wsgi_application
        else:
            from django.core.wsgi import get_wsgi_application
        return get_wsgi_application()
    if name == "asgi_application":
        if PEER == "servestatic":  # as middleware it is forty times slower
            from django.core.asgi import get_asgi_application
            from servestatic import ServeStaticASGI

            return ServeStaticASGI(get_asgi_application(), root=STATIC_ROOT, prefix="static/")
        if PEER == "roots":
            from roots.serve.asgi import get_asgi_application
        else:
            from django.core.asgi import get_asgi_application
        return get_asgi_application()
    raise AttributeError(name)
