"""Settings of the example: a shop as it would be deployed, on one machine.

Read the block "The two roots" first; the rest is what `django-admin startproject` gives you.
"""

import os
from pathlib import Path

import django

from example.secret import secret_key

BASE_DIR = Path(__file__).resolve().parent.parent

SECRET_KEY = secret_key(BASE_DIR / ".secret-key")
DEBUG = os.environ.get("DJANGO_DEBUG") == "1"  # then files come from their sources, uncollected
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS += filter(None, os.environ.get("DJANGO_ALLOWED_HOSTS", "").split(","))

# --- The two roots -----------------------------------------------------------------------------
# Place one of three: "roots" stands before "django.contrib.staticfiles", so that `collectstatic`
# is ours. (Place two is STORAGES below, place three the import in wsgi.py and asgi.py.)
INSTALLED_APPS = [
    "roots",
    "django.contrib.staticfiles",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "shop",
]
STORAGES = {
    "default": {"BACKEND": "roots.media.storage.MediaStorage"},
    "staticfiles": {"BACKEND": "roots.static.storage.StaticStorage"},
    "invoices": {  # for whoever has the link, and only for a while
        "BACKEND": "roots.media.storage.MediaStorage",
        "OPTIONS": {
            "access": "signed",
            "location": BASE_DIR / "private/invoices",
            "base_url": "/invoices/",
        },
    },
    "notes": {  # for whom shop.access says
        "BACKEND": "roots.media.storage.MediaStorage",
        "OPTIONS": {
            "access": "view",
            "authorize": "shop.access.may_read_notes",
            "location": BASE_DIR / "private/notes",
            "base_url": "/notes/",
        },
    },
}

# Static: made by developers, collected once per deploy, never changed afterwards.
STATICFILES_DIRS = [BASE_DIR / "static"]  # paths: your sources, committed to git
STATIC_ROOT = BASE_DIR / "staticfiles"  # a path: written by collectstatic only, never committed
STATIC_URL = "/static/"  # a URL: the prefix browsers ask for

# Media: made by visitors, changed while the site runs.
MEDIA_ROOT = BASE_DIR / "media"  # a path: written by uploads only, never committed, backed up
MEDIA_URL = "/media/"  # a URL: the prefix browsers ask for

ROOTS = {"MAX_BODY_BYTES": 64 << 20}  # optional; larger uploads are refused before they are read
# -----------------------------------------------------------------------------------------------

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

# The pages hold no inline style, and no inline script but the import map, which has the nonce, so
# a strict policy costs nothing. Django learned to send one in 6.0; `blob:` is the preview of a
# picture before it is uploaded.
if django.VERSION >= (6, 0):
    MIDDLEWARE.insert(1, "django.middleware.csp.ContentSecurityPolicyMiddleware")
    SECURE_CSP = {
        "default-src": ["'self'"],
        "script-src": ["'self'", "<CSP_NONCE_SENTINEL>"],  # django.utils.csp.CSP.NONCE
        "img-src": ["'self'", "blob:", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }

ROOT_URLCONF = "example.urls"
WSGI_APPLICATION = "example.wsgi.application"
ASGI_APPLICATION = "example.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

if django.VERSION >= (6, 0):
    TEMPLATES[0]["OPTIONS"]["context_processors"].append("django.template.context_processors.csp")

# Write-ahead logging lets visitors read while another uploads.
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": BASE_DIR / "db.sqlite3",
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;",
        },
    },
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True
