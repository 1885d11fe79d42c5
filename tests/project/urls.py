"""Django pages behind the serving layer, and a sign on all that passed through Django."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import path


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("a page by Django")


def slow(request: HttpRequest) -> HttpResponse:
    time.sleep(2)
    return HttpResponse("slow, but done")


def sign(get_response: Callable[[HttpRequest], HttpResponse]):
    """Middleware that marks every answer of Django's."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response["X-Django"] = "yes"
        return response

    return middleware


urlpatterns = [path("page/", page), path("slow/", slow)]
