"""Projects as people start them, all in order: settings and files, with stand-ins for packages that
only have to be there."""

BASE = """\
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent
SECRET_KEY = "not-the-one-in-production-but-long-enough-for-django-to-be-content-with-it"
INSTALLED_APPS = ["django.contrib.staticfiles", "shop"]
MIDDLEWARE = []
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
MEDIA_URL = "/media/"
MEDIA_ROOT = BASE_DIR / "media"
"""
LOCAL = "from .base import *\n\nDEBUG = True\n"
PRODUCTION = 'from .base import *\n\nDEBUG = False\nALLOWED_HOSTS = ["shop.example"]\n'
WSGI = """\
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
application = get_wsgi_application()
"""
MODELS = """\
from django.core.validators import FileExtensionValidator
from django.db import models


class Invoice(models.Model):
    scan = models.FileField(validators=[FileExtensionValidator(["pdf"])])
"""
URLS = """\
from django.conf import settings
from django.conf.urls.static import static
from django.urls import path


def home(request): ...


urlpatterns = [path("", home)]
urlpatterns += static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)
"""
IGNORED = "/staticfiles/\n/media/\n/db.sqlite3\n"
NGINX = """\
upstream app { server app:8000; }
server {
    listen 80;
    client_max_body_size 20m;
    location /static/ { alias /app/staticfiles/; }
    location /media/ {
        alias /app/media/;
        add_header X-Content-Type-Options nosniff;
        add_header Content-Security-Policy "default-src 'none'; sandbox";
    }
    location / { proxy_pass http://app; }
}
"""
SPLIT = {
    "config/settings/__init__.py": "",
    "config/settings/base.py": BASE,
    "config/settings/local.py": LOCAL,
    "config/settings/production.py": PRODUCTION,
    "config/urls.py": URLS,
    "config/wsgi.py": WSGI,
    "shop/models.py": MODELS,
    ".gitignore": IGNORED,
    ".dockerignore": IGNORED,
}
WITH_NGINX = {**SPLIT, "deploy/nginx.conf": NGINX}
WITH_ENVIRON = {
    **WITH_NGINX,
    "environ.py": """\
import os


class Env:
    def bool(self, name, default=False):
        return os.environ.get(name, str(default)).lower() in ("1", "true", "yes", "on")

    def list(self, name, default=()):
        return [each for each in os.environ.get(name, "").split(",") if each] or list(default)
""",
    "config/settings/production.py": """\
from .base import *
import environ

env = environ.Env()
DEBUG = env.bool("DEBUG", False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["shop.example"])
""",
    ".env": "DEBUG=off\n",
}
WITH_WHITENOISE = {
    **SPLIT,
    "whitenoise/__init__.py": "",
    "whitenoise/storage.py": """\
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class CompressedManifestStaticFilesStorage(ManifestStaticFilesStorage):
    pass
""",
    "shop/models.py": "",
    "config/settings/production.py": PRODUCTION
    + """
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
""",
}
WITH_S3 = {
    **SPLIT,
    "storages/__init__.py": "",
    "storages/backends/__init__.py": "",
    "storages/backends/s3.py": """\
from django.core.files.storage import Storage


class S3Storage(Storage):
    def __init__(self, **options):
        for name, value in options.items():
            setattr(self, name, value)

    def url(self, name):
        raise RuntimeError("this would ask the network")

    exists = listdir = size = _open = _save = url


class S3StaticStorage(S3Storage):
    querystring_auth = False
""",
    "config/settings/production.py": PRODUCTION
    + """
STATIC_URL = "https://shop.s3.amazonaws.com/static/"
MEDIA_URL = "https://shop.s3.amazonaws.com/media/"
STORAGES = {
    "default": {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {"bucket_name": "shop", "location": "media", "file_overwrite": False},
    },
    "staticfiles": {
        "BACKEND": "storages.backends.s3.S3StaticStorage",
        "OPTIONS": {"bucket_name": "shop", "location": "static"},
    },
}
""",
}
COOKIECUTTER = {
    **SPLIT,
    "shop/static/css/project.css": "body { color: black }\n",
    "config/settings/base.py": BASE
    + """
APPS_DIR = BASE_DIR / "shop"
STATICFILES_DIRS = [str(APPS_DIR / "static")]
STATIC_ROOT = str(BASE_DIR / "staticfiles")
MEDIA_ROOT = str(APPS_DIR / "media")
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
FILE_UPLOAD_PERMISSIONS = 0o644
""",
    "config/settings/production.py": WITH_WHITENOISE["config/settings/production.py"],
    "whitenoise/__init__.py": "",
    "whitenoise/storage.py": WITH_WHITENOISE["whitenoise/storage.py"],
    "compose/production/django/Dockerfile": """\
FROM docker.io/node:22 AS client-builder
WORKDIR /app
COPY ./package.json /app
COPY . /app
FROM docker.io/python:3.13 AS python
FROM python AS python-run-stage
WORKDIR /app
RUN addgroup --system django && adduser --system --ingroup django django
COPY --chown=django:django ./compose/production/django/start /start
COPY --from=client-builder --chown=django:django /app /app
USER django
ENTRYPOINT ["/entrypoint"]
""",
    "compose/production/django/start": """\
#!/bin/bash
python /app/manage.py collectstatic --noinput
exec gunicorn config.wsgi --bind 0.0.0.0:5000 --chdir=/app
""",
    "compose/production/nginx/Dockerfile": "FROM docker.io/nginx:1.27\nCOPY ./compose/x /etc\n",
    "compose/production/nginx/default.conf": """\
server {
    listen 80;
    client_max_body_size 20m;
    location /media/ {
        alias /usr/share/nginx/media/;
        add_header X-Content-Type-Options nosniff;
    }
}
""",
    "compose/production/traefik/traefik.yml": """\
http:
  routers:
    web-media-router:
      rule: '(Host(`shop.example`)) && PathPrefix(`/media/`)'
      service: django-media
  services:
    django-media:
      loadBalancer:
        servers:
          - url: http://nginx:80
""",
    "docker-compose.production.yml": """\
volumes:
  production_django_media: {}

services:
  django: &django
    build:
      context: .
      dockerfile: ./compose/production/django/Dockerfile
    image: shop_production_django
    volumes:
      - production_django_media:/app/shop/media
    env_file:
      - ./.envs/.production/.django
    command: /start

  celeryworker:
    <<: *django
    image: shop_production_celeryworker

  nginx:
    build:
      context: .
      dockerfile: ./compose/production/nginx/Dockerfile
    volumes:
      - production_django_media:/usr/share/nginx/media:ro
""",
    ".gitignore": "staticfiles/\nshop/media/\n",
    ".dockerignore": "staticfiles/\nshop/media/\n",
}
WAGTAIL = {
    **SPLIT,
    "config/settings/base.py": BASE
    + """
PROJECT_DIR = BASE_DIR / "config"
STATICFILES_DIRS = [PROJECT_DIR / "static"]
STATIC_ROOT = BASE_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage",
    },
}
""",
    "config/static/css/shop.css": "body { color: black }\n",
    "config/urls.py": """\
from django.conf import settings
from django.urls import include, path, re_path


def page(request, path): ...


urlpatterns = [re_path(r"^documents/(\\d+)/(.*)$", page), re_path(r"^((?:[\\w\\-]+/)*)$", page)]
if settings.DEBUG:
    from django.conf.urls.static import static
    from django.contrib.staticfiles.urls import staticfiles_urlpatterns

    urlpatterns = staticfiles_urlpatterns() + urlpatterns
    urlpatterns += static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)
""",
    "Dockerfile": """\
FROM python:3.12-slim-bookworm
RUN useradd wagtail
WORKDIR /app
RUN chown wagtail:wagtail /app
COPY --chown=wagtail:wagtail . .
USER wagtail
RUN python manage.py collectstatic --noinput --clear
CMD set -xe; python manage.py migrate --noinput; gunicorn config.wsgi:application
""",
    "deploy/nginx.conf": NGINX.replace("/app/staticfiles/", "/app/static/"),
    ".gitignore": "/static/\n/media/\n",
    ".dockerignore": "/static/\n/media/\n",
}
DJANGO_CMS = {
    **WITH_NGINX,
    "config/settings/base.py": BASE
    + """
STATICFILES_DIRS = [BASE_DIR / "config" / "static"]
THUMBNAIL_PROCESSORS = ("easy_thumbnails.processors.colorspace",)
""",
    "config/static/.keep": "",
    "config/urls.py": """\
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.conf.urls.static import static
from django.urls import path, re_path


def details(request, slug): ...


urlpatterns = i18n_patterns(
    path("", details), re_path(r"^(?P<slug>[0-9A-Za-z-_.//]+)/$", details)
)
urlpatterns += static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)
""",
}
STARTERS = {
    "split settings, nginx only": WITH_NGINX,
    "django-environ": WITH_ENVIRON,
    "WhiteNoise": WITH_WHITENOISE,
    "S3 through django-storages": WITH_S3,
    "cookiecutter-django": COOKIECUTTER,
    "wagtail": WAGTAIL,
    "django CMS": DJANGO_CMS,
}
