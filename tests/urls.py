"""Two Django pages behind the serving layer, so that tests see what passes through."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("a page by Django")


urlpatterns = [path("page/", page)]
