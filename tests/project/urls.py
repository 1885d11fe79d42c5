"""Django pages behind the serving layer, and a sign on all that passed through Django."""

import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("a page by Django")


def slow(request: HttpRequest) -> HttpResponse:
    (settings.FOLDER / "slow-began").touch()
    time.sleep(2)
    return HttpResponse("slow, but done")


def broken(request: HttpRequest) -> HttpResponse:
    raise LookupError("a view that is broken")


def count(request: HttpRequest) -> HttpResponse:
    """How many bytes came; under WSGI past Django, which reads no chunked body."""
    body = request.environ["wsgi.input"] if hasattr(request, "environ") else request
    return HttpResponse(f"{len(body.read())} bytes")


def sign(get_response: Callable[[HttpRequest], HttpResponse]):
    """Middleware that marks every answer of Django's."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response["X-Django"] = "yes"
        return response

    return middleware


urlpatterns = [
    path("page/", page),
    path("slow/", slow),
    path("broken/", broken),
    path("count/", count),
    path("large/count/", count),
    path("", include("tests.serve.handover.private_urls")),
]
