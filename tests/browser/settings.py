"""A site that lets no inline script run, but those with the response's nonce."""

import os

import django

from tests.project.settings import *  # noqa: F403
from tests.project.settings import FOLDER

ROOT_URLCONF = "tests.browser.site"
STATICFILES_DIRS = [FOLDER / "sources"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
ROOTS = {
    "IMPORT_MAP": {"lit": "vendor/lit/index.js", "kit/": "vendor/kit/"},
    "REWRITE_JAVASCRIPT": "ROOTS_TEST_REWRITE" in os.environ,
}
NONCE = "<CSP_NONCE_SENTINEL>"
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": [NONCE],
    "style-src": [NONCE],
    "worker-src": ["'self'"],
    "img-src": ["data:"],
    "base-uri": ["'none'"],
}
HAS_CSP = django.VERSION >= (6, 0)
MIDDLEWARE = [
    "django.middleware.csp.ContentSecurityPolicyMiddleware"
    if HAS_CSP
    else "tests.browser.site.NonceMiddleware"
]
PROCESSORS = ["django.template.context_processors.request"]
PROCESSORS += ["django.template.context_processors.csp"] if HAS_CSP else []
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": ["tests/browser/templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": PROCESSORS},
    }
]
