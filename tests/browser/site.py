"""Pages that load one entry module, and the static files of theirs."""

import secrets

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from roots.django.elements import Script, Stylesheet
from roots.django.modules import importmap

SOURCES = {
    "css/app.css": "body { background: rgb(1, 2, 3) }",
    "js/classic.js": "globalThis.evaluated = ['classic']; const mark = n => evaluated.push(n)",
    "js/main.js": (
        "import { pong } from './lib/ping.js'\n"
        "import { lit } from 'lit'\n"
        "import { part } from 'kit/parts/part.js'\n"
        "mark('main')\n"
        "const { lazy } = await import('./lazy.js')\n"
        "const worker = new Worker(import.meta.resolve('./worker.js'), { type: 'module' })\n"
        "worker.onmessage = ({ data }) => {\n"
        "  document.body.dataset.done = [pong(), lit, part, lazy, data].join(' ')\n"
        "}\n"
    ),
    "js/lib/ping.js": (
        "import './deep/leaf.js'\nimport { pong } from './pong.js'\nexport { pong }\n"
        "export const ping = () => 'ping'\nmark('ping')\n"
    ),
    "js/lib/pong.js": (
        "import { ping } from '../lib/ping.js'\nimport '../main.js'\n"
        "export const pong = () => ping() + 'pong'\nmark('pong')\n"
    ),
    "js/lib/deep/leaf.js": "mark('leaf')",
    "js/lazy.js": "import './lib/deep/leaf.js'; export const lazy = 'lazy'; mark('lazy')",
    "js/worker.js": "postMessage('worker')",
    "vendor/lit/index.js": "import './inner.js'; export const lit = 'lit'; mark('lit')",
    "vendor/lit/inner.js": "mark('inner')",
    "vendor/kit/parts/part.js": "import '../base.js'; export const part = 'part'; mark('part')",
    "vendor/kit/base.js": "mark('base')",
    "js/hurt.js": "import './tampered.js'; document.body.dataset.done = 'ran'",
    "js/tampered.js": "export const good = true",
}

REWRITTEN = {
    "css/app.css": SOURCES["css/app.css"],
    "js/classic.js": SOURCES["js/classic.js"],
    "js/main.js": (
        "import { pong } from './lib/ping.js'\n"
        "import '/static/js/lib/deep/leaf.js'\n"
        "mark('main')\n"
        "const { lazy } = await import('./lazy.js')\n"
        "const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })\n"
        "worker.onmessage = ({ data }) => {\n"
        "  document.body.dataset.done = [pong(), lazy, data].join(' ')\n"
        "}\n"
    ),
    "js/worker.js": "import { text } from './lib/text.js'; postMessage(text)",
    "js/lib/text.js": "export const text = 'worker'",
    **{name: SOURCES[name] for name in ("js/lib/ping.js", "js/lib/pong.js", "js/lazy.js")},
    "js/lib/deep/leaf.js": SOURCES["js/lib/deep/leaf.js"],
}
"""No bare names: without an import map there are none."""


class Editor(forms.Textarea):
    """A widget with assets of ours and of Django's."""

    class Media:
        css = {"all": [Stylesheet("css/app.css")]}  # noqa: RUF012  # as Django's documentation has it
        js = (forms.Script("js/classic.js"), Script("js/main.js", module=True))


class EditorForm(forms.Form):
    text = forms.CharField(widget=Editor)


def page(request: HttpRequest, entry: str) -> HttpResponse:
    return render(request, "page.html", {"entry": f"js/{entry}.js"})


def plain(request: HttpRequest, entry: str) -> HttpResponse:
    """A page without an import map."""
    return render(request, "plain.html", {"entry": f"js/{entry}.js"})


def form(request: HttpRequest, template: str) -> HttpResponse:
    response = render(request, f"{template}.html", {"form": EditorForm()})
    return response if template == "form_nonce" else _without_nonces(response)


def hashed(request: HttpRequest, entry: str) -> HttpResponse:
    return _without_nonces(page(request, entry))


def _without_nonces(response: HttpResponse) -> HttpResponse:
    """`response` under a policy without nonces: the import map is allowed by its hash."""
    allowed = importmap(integrity=True).csp_hash
    response["Content-Security-Policy"] = (
        f"default-src 'self'; script-src 'self' {allowed}; img-src data:"
    )
    return response


class NonceMiddleware:
    """As django-csp does it, for a Django that has no such middleware."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.csp_nonce = nonce = secrets.token_urlsafe(16)
        response = self.get_response(request)
        rules = (f"{name} {' '.join(value)}" for name, value in settings.SECURE_CSP.items())
        policy = "; ".join(rules).replace(settings.NONCE, f"'nonce-{nonce}'")
        response.headers.setdefault("Content-Security-Policy", policy)
        return response


urlpatterns = [
    path("page/<entry>/", page),
    path("hashed/<entry>/", hashed),
    path("plain/<entry>/", plain),
    path("form/<template>/", form),
]
