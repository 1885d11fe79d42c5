"""Mistakes about URL patterns beside the two roots."""

import pytest

URLS = """
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.conf.urls.static import static
from django.http import HttpResponse
from django.urls import include, path, re_path
from django.views.generic import View
from django.views.static import serve


def page(request, **_):
    return HttpResponse()


class Library(View):
    pass


urlpatterns = {}
"""
SERVED_BY_DJANGO = 're_path(r"^media/(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT})'


def route(project, patterns: str) -> None:
    project.write({"config/urls.py": URLS.format(patterns)})


@pytest.mark.parametrize(
    ("pattern", "view"),
    [
        ('path("media/library/", page)', "config.urls.page"),
        ('path("media/<path:name>", page)', "config.urls.page"),
        (r're_path(r"^media\/(?P<name>\d+)$", Library.as_view())', "config.urls.Library"),
        ('path("media/", include([path("<int:pk>/", page)]))', "config.urls.page"),
        ('re_path(r"^static/admin/", page)', "config.urls.page"),
    ],
)
def test_a_view_that_is_never_asked(project, pattern, view):
    route(project, f"[{pattern}]")
    finding = project.only("url-shadowed")
    assert finding["severity"] == "warning"
    assert view in finding["what"]
    assert "config/urls.py:" in finding["where"] or "base.py" in finding["where"]


@pytest.mark.parametrize(
    "pattern",
    [
        'path("media-kit/", page)',
        'path("<path:anything>", page)',
        're_path(r"^(media|films)/", page)',
        're_path(r"^media/?", page)',
        '*i18n_patterns(path("media/", page))',
        "*static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)",
        SERVED_BY_DJANGO,
    ],
)
def test_patterns_that_only_look_like_it(project, pattern):
    route(project, f"[{pattern}]")
    assert "url-shadowed" not in project.slugs()


def test_a_view_below_media_url_works_where_nobody_stands_in_front(stock):
    route(stock, '[path("media/<path:name>", page)]')
    assert "url-shadowed" not in stock.slugs()


def test_a_cdn_has_a_host_of_its_own(project):
    project.settings('MEDIA_URL = "https://cdn.example/media/"')
    route(project, '[path("media/library/", page)]')
    assert "url-shadowed" not in project.slugs()


def test_a_pattern_that_takes_everything_before_uploads_are_served(stock):
    route(stock, f'[re_path(r"^(?P<anything>.*)$", page), {SERVED_BY_DJANGO}]')
    finding = stock.only("url-shadowed")
    assert "takes every URL below /media/" in finding["what"]
    assert finding["where"].endswith("config/urls.py")


def test_a_pattern_that_takes_everything_behind_it_is_right(stock):
    route(stock, f'[{SERVED_BY_DJANGO}, path("<path:anything>", page)]')
    assert "url-shadowed" not in stock.slugs()


def test_a_urlconf_that_cannot_be_imported_is_said(project):
    project.settings('ROOT_URLCONF = "config.gone"')
    finding = project.only("url-shadowed")
    assert finding["severity"] == "info"
    assert "No module named 'config.gone'" in finding["what"]


def test_many_are_counted_and_three_are_named(project):
    route(project, '[path(f"media/{number}/", page) for number in range(9)]')
    assert "and 6 more" in project.only("url-shadowed")["what"]
