"""Mistakes about who serves the two roots in production."""

import pytest

DJANGO_WSGI = """\
from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
"""
URLS = """\
from django.conf import settings
from django.conf.urls.static import static
from django.urls import path, re_path
from django.views.static import serve

urlpatterns = []
"""
HELPERS = """\
urlpatterns += static(settings.STATIC_URL, document_root=settings.STATIC_ROOT)
urlpatterns += static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)
"""
VIEW = """\
urlpatterns += [
    re_path(r"^media/(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT}),
]
"""
NGINX = """\
server {
    location /static/ { alias /srv/shop/staticfiles/; }
    location /media/ { alias /srv/shop/media/; }
    location / { proxy_pass http://127.0.0.1:8000; }
}
"""
PROXIES = {
    "deploy/nginx.conf": NGINX,
    "deploy/one-root.conf": """\
server {
    root /srv/shop;
    location ~ ^/media/ { expires 1d; }
    location /static { alias /srv/shop/staticfiles; }
}
""",
    "nginx/default.conf.template": """\
server {
    location /static/ { alias ${STATIC}/; }
    location ~* ^/(media|other)/(.*)$ { root {{ www_root }}; }
}
""",
    "Caddyfile": """\
shop.example {
    handle_path /static/* {
        root * /srv/shop/staticfiles
        file_server
    }
    @uploads path /media/*
    handle @uploads {
        root * /srv/shop
        file_server
    }
    reverse_proxy app:8000
}
""",
    "deploy/shop.conf": """\
<VirtualHost *:80>
    Alias /static/ /srv/shop/staticfiles/
    AliasMatch ^/media/(.*)$ /srv/shop/media/$1
    WSGIScriptAlias / /srv/shop/config/wsgi.py
</VirtualHost>
""",
    "compose.yml": """\
services:
  files:
    image: nginx:1.27
    labels:
      - "traefik.http.routers.f.rule=PathPrefix(`/static/`) || PathPrefix(`/media/`)"
""",
    "Procfile": "web: python manage.py serve --port $PORT\n",
    "uwsgi.ini": """\
[uwsgi]
module = config.wsgi
static-map = /static=/srv/shop/staticfiles
static-map = /media=/srv/shop/media
""",
}
NOBODY = {"nobody-serves-static", "nobody-serves-media"}
WHITENOISE = 'MIDDLEWARE = ["whitenoise.middleware.WhiteNoiseMiddleware"]'


def test_nobody_serves_either_root(stock):
    found = {each["slug"]: each for each in stock.findings()}
    assert found.keys() >= NOBODY
    static = found["nobody-serves-static"]
    assert static["severity"] == "warning"
    assert "Looked at: config/wsgi.py, MIDDLEWARE, urls.py." in static["what"]
    assert static["where"].endswith("config/settings.py:17")
    assert 'ROOTS = {"SERVED_BY": {"static": "nginx"}}' in static["fix"]


def test_whitenoise_serves_static_files_and_no_uploads(stock):
    stock.settings(WHITENOISE)
    assert stock.slugs() & NOBODY == {"nobody-serves-media"}


@pytest.mark.parametrize(
    "lines",
    [
        "from whitenoise import WhiteNoise\napplication = WhiteNoise(application)",
        "from servestatic import ServeStatic\napplication = ServeStatic(application)",
        "from dj_static import Cling\napplication = Cling(application)",
    ],
)
def test_wrappers_of_others_serve_static_files(stock, lines):
    stock.write({"config/wsgi.py": f"{DJANGO_WSGI}{lines}\n"})
    assert stock.slugs() & NOBODY == {"nobody-serves-media"}


def test_a_wrapper_that_is_there_with_debug_only_does_not_count(stock):
    lines = (
        "from django.conf import settings\n"
        "from django.contrib.staticfiles.handlers import StaticFilesHandler\n"
        "if settings.DEBUG:\n    application = StaticFilesHandler(application)\n"
    )
    stock.write({"config/wsgi.py": DJANGO_WSGI + lines})
    assert stock.slugs() & NOBODY == NOBODY


def test_a_storage_elsewhere_needs_nobody_here(stock):
    bucket = "class Bucket(Storage):\n    def url(self, name):\n        return name\n"
    stock.write({"shop/bucket.py": "from django.core.files.storage import Storage\n\n\n" + bucket})
    stock.settings('STORAGES = dict.fromkeys(STORAGES, {"BACKEND": "shop.bucket.Bucket"})')
    assert not stock.slugs() & NOBODY


def test_a_root_that_nobody_needs_is_no_mistake(stock):
    stock.write({"shop/models.py": ""})
    stock.settings('INSTALLED_APPS.remove("django.contrib.staticfiles")')
    assert not stock.slugs() & NOBODY


def test_another_host_may_be_filled_by_somebody_else(stock):
    stock.settings('STATIC_URL = "https://cdn.example/static/"')
    assert stock.only("nobody-serves-static")["severity"] == "info"


def test_in_development_they_are_notes(stock):
    stock.settings("DEBUG = True")
    assert stock.only("nobody-serves-media")["severity"] == "info"


@pytest.mark.parametrize("name", PROXIES)
def test_a_proxy_whose_prefix_and_path_match_serves(stock, name):
    stock.write({name: PROXIES[name]})
    assert not stock.slugs() & NOBODY


@pytest.mark.parametrize("proxy", ["nginx", "caddy", "apache"])
def test_the_configuration_we_write_is_understood(project, proxy):
    printed = project.manage("proxyconf", proxy).out
    assert project.manage("proxyconf", proxy).code == 0
    project.write({f"deploy/{proxy}.conf": printed, "config/wsgi.py": DJANGO_WSGI})
    assert "wsgi-not-wrapped" not in project.slugs()


def test_uploads_is_not_media(stock):
    stock.write({"nginx.conf": NGINX.replace("location /media/", "location /uploads/")})
    assert stock.slugs() & NOBODY == {"nobody-serves-media"}


def test_a_proxy_that_looks_elsewhere_is_told_with_its_line(stock):
    stock.write({"nginx.conf": NGINX.replace("/srv/shop/media", "/srv/shop/uploads")})
    what = stock.only("nobody-serves-media")["what"]
    assert "nginx.conf (nginx)" in what
    assert "nginx.conf:3 serves /media/ from /srv/shop/uploads" in what


def test_a_view_of_the_project_that_asks_who_may_read_serves_uploads(stock):
    view = "def read(request, name): ...\nurlpatterns = [path('media/<path:name>', read)]\n"
    stock.write({"config/urls.py": URLS + view})
    assert stock.slugs() & NOBODY == {"nobody-serves-static"}


def test_a_page_for_every_path_serves_no_uploads(stock):
    view = "def page(request): ...\nurlpatterns = [re_path(r'^.*$', page)]\n"
    stock.write({"config/urls.py": URLS + view})
    assert stock.slugs() & NOBODY == NOBODY


def test_what_is_declared_is_believed(stock):
    stock.settings('ROOTS = {"SERVED_BY": {"static": "cdn", "media": "nginx"}}')
    assert not stock.slugs() & NOBODY


@pytest.mark.parametrize(
    ("served_by", "files", "problem"),
    [
        ("whitenoise", {}, "neither the application nor MIDDLEWARE has it"),
        ("s3", {}, "uploads are kept on this disk"),
        ("nginx", {"nginx.conf": "server { listen 80; }"}, "nginx.conf has no place for /media/"),
    ],
)
def test_what_is_declared_is_verified(stock, served_by, files, problem):
    stock.settings(f'ROOTS = {{"SERVED_BY": {{"media": "{served_by}"}}}}')
    stock.write(files)
    assert problem in stock.only("nobody-serves-media")["what"]


def test_our_storages_behind_djangos_own_application(project):
    project.write({"config/wsgi.py": DJANGO_WSGI})
    finding = project.only("wsgi-not-wrapped")
    assert finding["severity"] == "warning"
    assert finding["where"].endswith("config/wsgi.py:1")
    assert "STATIC_ROOT or MEDIA_ROOT" in finding["what"]
    assert not project.slugs() & NOBODY


def test_one_of_wsgi_and_asgi_is_enough_unless_the_other_is_started(project):
    project.write({"config/asgi.py": DJANGO_WSGI.replace("wsgi", "asgi")})
    assert "wsgi-not-wrapped" not in project.slugs()
    project.write({"Procfile": "web: uvicorn config.asgi:application\n"})
    assert project.only("wsgi-not-wrapped")["where"].endswith("config/asgi.py:1")


def test_a_server_that_brings_the_layer_needs_no_wrapped_wsgi(project):
    project.write({"config/wsgi.py": DJANGO_WSGI, "run.sh": "python manage.py serve\n"})
    assert "wsgi-not-wrapped" not in project.slugs()


def test_roots_left_to_others_are_not_ours_to_wrap(project):
    project.write({"config/wsgi.py": DJANGO_WSGI})
    project.settings('ROOTS = {"SERVE_STATIC": False, "SERVE_MEDIA": False}')
    assert project.slugs() & {*NOBODY, "wsgi-not-wrapped"} == NOBODY


def test_the_helper_does_nothing_where_nobody_else_serves(stock):
    stock.write({"config/urls.py": URLS + HELPERS})
    found = [each for each in stock.findings() if each["slug"] == "static-helper-does-nothing"]
    assert len(found) == 2
    assert found[0]["where"].endswith("config/urls.py:7")
    assert not stock.slugs() & NOBODY


def test_the_helper_is_ordinary_where_somebody_else_serves(stock):
    stock.write({"config/urls.py": URLS + HELPERS, "nginx.conf": NGINX})
    assert "static-helper-does-nothing" not in stock.slugs()


def test_a_proxy_that_looks_elsewhere_is_named_beside_the_helper(stock):
    stock.settings('MEDIA_ROOT = BASE_DIR / "uploads"')
    stock.write({"config/urls.py": URLS + HELPERS, "nginx.conf": NGINX})
    finding = stock.only("static-helper-does-nothing")
    assert "nginx.conf:3 serves /media/ from /srv/shop/media" in finding["what"]


def test_a_helper_for_debug_is_ordinary_and_serves_nobody(stock):
    lines = "if settings.DEBUG:\n    urlpatterns += static(settings.MEDIA_URL)\n"
    stock.write({"config/urls.py": URLS + lines})
    assert stock.slugs() & {*NOBODY, "static-helper-does-nothing"} == NOBODY


def test_django_serves_uploads_in_production(stock):
    stock.write({"config/urls.py": URLS + VIEW})
    finding = stock.only("django-serves-media-in-production")
    assert finding["severity"] == "warning"
    assert finding["where"].endswith("config/urls.py:8")
    assert "nobody-serves-media" not in stock.slugs()


@pytest.mark.parametrize(
    "guard",
    ["if settings.DEBUG:", "if settings.DEBUG and True:", "if not settings.DEBUG: ...\nelse:"],
)
def test_a_view_for_debug_is_ordinary(stock, guard):
    view = VIEW.replace("\n", "\n    ")
    stock.write({"config/urls.py": f"{URLS}{guard}\n    {view}\n"})
    assert "django-serves-media-in-production" not in stock.slugs()


def test_a_view_for_production_is_no_guard(stock):
    view = VIEW.replace("\n", "\n    ")
    stock.write({"config/urls.py": f"{URLS}if not settings.DEBUG:\n    {view}\n"})
    assert stock.only("django-serves-media-in-production")


def test_two_servers_in_one_process(project):
    project.settings(WHITENOISE)
    finding = project.only("served-by-two")
    assert "roots (config/wsgi.py:2); WhiteNoise (config/settings.py:" in finding["what"]


def test_a_view_behind_the_layer_is_never_asked(project):
    project.write({"config/urls.py": URLS + VIEW})
    assert "Django's serve()" in project.only("served-by-two")["what"]
    assert "django-serves-media-in-production" not in project.slugs()


def test_a_proxy_in_front_is_another_process(stock):
    stock.settings(WHITENOISE)
    stock.write({"nginx.conf": NGINX})
    assert "served-by-two" not in stock.slugs()


def test_two_applications_are_two_processes(project):
    application = DJANGO_WSGI.replace("wsgi", "asgi")
    wrapped = "from whitenoise import WhiteNoise\napplication = WhiteNoise(application)\n"
    project.write({"config/asgi.py": application + wrapped})
    assert "served-by-two" not in project.slugs()


def test_whitenoise_for_static_files_and_the_layer_for_uploads(project):
    project.settings(WHITENOISE + '\nROOTS = {"SERVE_STATIC": False}')
    assert not project.slugs() & {"served-by-two", "wsgi-not-wrapped", *NOBODY}


def test_an_application_that_comes_from_elsewhere_is_not_known(stock):
    stock.write({"config/wsgi.py": "from hosting import application\n"})
    assert stock.only("nobody-serves-static")["severity"] == "info"


@pytest.mark.parametrize(
    "command",
    [
        "gunicorn config.asgi -k uvicorn.workers.UvicornWorker",
        "uvicorn config.asgi:application",
        "uwsgi --wsgi-file config/asgi.py",
        "granian --interface asgi config.asgi:application",
    ],
)
def test_the_application_that_is_started_counts(project, command):
    project.write(
        {"config/asgi.py": DJANGO_WSGI.replace("wsgi", "asgi"), "Procfile": f"web: {command}\n"}
    )
    assert project.only("wsgi-not-wrapped")["where"].endswith("config/asgi.py:1")


def test_a_static_buildpack(stock):
    stock.settings('STATIC_ROOT = BASE_DIR / "dist" / "static"')
    stock.write({"static.json": '{"root": "dist/"}'})
    assert "nobody-serves-static" not in stock.slugs()


def test_a_project_whose_files_lie_beside_manage_py(stock):
    stock.settings('ROOT_URLCONF = "urls"\ndel WSGI_APPLICATION')
    stock.write({"urls.py": URLS + VIEW, "wsgi.py": DJANGO_WSGI})
    assert stock.only("django-serves-media-in-production")["where"].endswith("/urls.py:8")
    assert "Looked at: wsgi.py," in stock.only("nobody-serves-static")["what"]


def test_an_application_too_deep_to_be_read_is_not_known(stock):
    stock.write({"config/wsgi.py": DJANGO_WSGI + "x = " + "1+" * 20_000 + "1\n"})
    assert "rule-failed" not in stock.slugs()
