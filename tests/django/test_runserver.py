"""manage.py runserver: Django's development server, with the same layer in front as production."""

import http.client
import time
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.management import load_command_class

from roots.serve.wsgi import RootsWSGI
from tests.servers import REPOSITORY, Server, running

UPLOAD = "holiday.0123456789ab.txt"


@pytest.fixture
def folder(tmp_path):
    for name, content in {"source/app.css": "body {}", f"media/{UPLOAD}": "hello"}.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(content)
    return tmp_path


def get(server: Server, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("GET", path, headers={n.replace("_", "-"): v for n, v in headers.items()})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, {n.title(): v for n, v in response.getheaders()}, body


def test_with_debug_it_answers_as_production_does_but_nothing_is_kept_unasked(folder):
    with running("runserver", folder, ROOTS_TEST_DEBUG="1") as server:
        status, headers, body = get(server, "/static/app.css")
        assert (status, body) == (200, b"body {}")
        assert headers["Content-Type"] == "text/css; charset=utf-8"
        assert headers["Cache-Control"] == "no-cache"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert get(server, "/static/app.css", if_none_match=headers["Etag"])[0] == 304
        assert get(server, "/static/app.css", range="bytes=0-3")[::2] == (206, b"body")
        status, headers, body = get(server, f"/media/{UPLOAD}")
        assert (status, body, headers["Cache-Control"]) == (200, b"hello", "no-cache")
        status, headers, body = get(server, "/static/ap.css")
        assert status == 404
        assert b"Did you mean 'app.css'? These were looked through:" in body
        assert f"FileSystemFinder: {folder}/source".encode() in body
        assert get(server, "/static/../source/app.css")[0] in (400, 404)
        assert get(server, "/static/..%2fmedia%2f" + UPLOAD)[0] == 404
        (folder / "source" / "app.css").write_text("a {}")
        assert get(server, "/static/app.css")[2] == b"a {}"
        assert get(server, "/page/")[2] == b"a page by Django"


def test_without_debug_it_serves_the_release(folder, settings):
    from django.core.management import call_command

    settings.STATICFILES_DIRS = [folder / "source"]
    settings.STATIC_ROOT, settings.MEDIA_ROOT = folder / "static", folder / "media"
    call_command("collectstatic", interactive=False, verbosity=0)
    with running("runserver", folder) as server:
        status, headers, body = get(server, "/static/app.css")
        assert (status, body, headers["Cache-Control"]) == (200, b"body {}", "public, max-age=60")
        assert get(server, f"/media/{UPLOAD}")[1]["Cache-Control"].endswith("immutable")


def test_it_starts_again_when_the_code_changes(folder):
    module = folder / "reloaded_settings.py"
    module.write_text("from tests.project.settings import *\n")
    environ = {
        "PYTHONPATH": f"{folder}:{REPOSITORY}:{REPOSITORY / 'src'}",
        "DJANGO_SETTINGS_MODULE": "reloaded_settings",
        "ROOTS_TEST_DEBUG": "1",
    }
    with running("runserver-reloading", folder, **environ) as server:
        assert get(server, "/static/app.css")[0] == 200
        deadline = time.monotonic() + 60
        while status(server, "/assets/app.css") != 200 and time.monotonic() < deadline:
            # Again and again: what changed before the reloader's first look is no change to it.
            with module.open("a") as code:
                code.write("STATIC_URL = '/assets/'\n")
            time.sleep(2)
        assert get(server, "/assets/app.css")[0] == 200


def status(server: Server, path: str) -> int | None:
    try:
        return get(server, path)[0]
    except OSError:  # between two starts
        return None


def handler(settings, **options):
    command = load_command_class("roots.django", "runserver")
    defaults = {"use_static_handler": True, "insecure_serving": False}
    return command.get_handler(**{**defaults, **options})


@pytest.fixture
def unwrapped(settings, folder):
    """A project whose wsgi.py knows nothing of the roots."""
    settings.WSGI_APPLICATION = None
    settings.STATICFILES_DIRS, settings.DEBUG = [folder / "source"], True
    settings.STATIC_ROOT, settings.MEDIA_ROOT = None, folder / "media"
    return settings


def test_a_wsgi_py_without_the_roots_gets_them_and_needs_no_static_root(unwrapped):
    assert isinstance(handler(unwrapped), RootsWSGI)


@pytest.mark.django_db  # Django looks after its connections at the end of each request
def test_static_files_left_to_a_proxy_are_served_by_django_for_want_of_one(unwrapped):
    unwrapped.ROOTS = {"SERVE_STATIC": False}
    environ = {"PATH_INFO": "/static/app.css"}
    setup_testing_defaults(environ)
    statuses = []
    answer = handler(unwrapped)(environ, lambda status, headers, *_: statuses.append(status))
    assert (statuses, b"".join(answer)) == (["200 OK"], b"body {}")
    answer.close()


def test_nostatic_leaves_both_roots_to_the_project(unwrapped):
    assert type(handler(unwrapped, use_static_handler=False)).__name__ == "WSGIHandler"


def test_insecure_is_django_s_own(unwrapped):
    assert type(handler(unwrapped, insecure_serving=True)).__name__ == "StaticFilesHandler"


def test_another_staticfiles_backend_gets_django_s_own(unwrapped):
    django = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    unwrapped.STORAGES = {**unwrapped.STORAGES, "staticfiles": django}
    assert type(handler(unwrapped)).__name__ == "StaticFilesHandler"


def test_the_command_is_ours_where_roots_stands_first():
    from django.core.management import get_commands

    assert get_commands()["runserver"] == "roots.django"
