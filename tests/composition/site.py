"""A page for each way to get static files."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path


def page(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, f"{name}.html")


def show_toolbar(request: HttpRequest) -> bool:
    return request.path.startswith(("/page/toolbar", "/__debug__/"))


urlpatterns = [
    path("page/<name>/", page),
    path("admin/", admin.site.urls),
    path("__debug__/", include("debug_toolbar.urls")),
]
