"""SIGHUP to manage.py serve while people visit the site: nobody is turned away."""

import http.client
import itertools
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.servers import REPOSITORY, Server, descendants, fetch, running, started, until

SETTINGS = """
from tests.project.settings import *
ROOT_URLCONF = "reloaded_urls"
"""
URLS = """
from django.http import HttpResponse
from django.templatetags.static import static
from django.urls import path

def page(request):
    with open({arrived!r}, "a") as file:
        file.write(request.GET["visit"] + "\\n")
    return HttpResponse({answer})

urlpatterns = [path("", page)]
"""
Fetch = Callable[[str], tuple[int, bytes]]


class Visitors:
    """Clients that ask again and again, each time over a new connection, until they are stopped.

    Where the page names a static file, they ask for that as well. The page writes down in `arrived`
    which visits came to it.
    """

    def __init__(self, fetch: Fetch, count: int, arrived: Path) -> None:
        self.failures: list[object] = []
        self.pages: set[bytes] = set()
        self._fetch, self._is_over = fetch, threading.Event()
        self._arrived, self._visits = arrived, itertools.count()
        self._threads = [threading.Thread(target=self._visit) for _ in range(count)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def _visit(self) -> None:
        while not self._is_over.is_set():
            page = self._ask(f"/?visit={next(self._visits)}")
            self.pages.add(page)
            if page.startswith(b"/static/"):
                self._ask(page.decode())

    def _ask(self, path: str) -> bytes:
        try:
            status, body = self._fetched(path)
        except (OSError, http.client.HTTPException) as error:
            self.failures.append((path, error))
            return b""
        if status != 200:
            self.failures.append((path, status, body))
        return body

    def _fetched(self, path: str) -> tuple[int, bytes]:
        try:
            return self._fetch(path)
        except (BrokenPipeError, ConnectionResetError):  # RemoteDisconnected is one, too
            # A worker that stops closes a connection on which nothing has come yet. Browsers and
            # proxies ask again then (RFC 9110 section 9.2.2); what was taken must be answered.
            if self._has_arrived(path):
                raise
            return self._fetch(path)

    def _has_arrived(self, path: str) -> bool:
        _, is_page, visit = path.partition("?visit=")
        return bool(is_page) and visit in self._arrived.read_text().split()


def over_port(server: Server, _: Path) -> Fetch:
    return lambda path: fetch(server, path)


def over_socket(_: Server, address: Path) -> Fetch:
    class Connection(http.client.HTTPConnection):
        def connect(self):
            self.sock = socket.socket(socket.AF_UNIX)
            self.sock.settimeout(60)
            self.sock.connect(str(address))

    def ask(path: str) -> tuple[int, bytes]:
        with closing(Connection("localhost")) as connection:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()

    return ask


def workers(server: Server) -> set[int]:
    """The processes that serve, and, at the beginning of a reload, the one that tries it."""
    return {pid for pid in descendants(server.process.pid) if b"spawn_main" in command(pid)}


def command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:  # it has ended meanwhile
        return b""


def is_replaced(before: set[int], now: set[int]) -> bool:
    return len(now) == len(before) and before.isdisjoint(now)


@pytest.fixture
def environ(collected):
    """Of a server whose settings and urls are files in `collected`."""
    (collected / "reloaded_settings.py").write_text(SETTINGS)
    return {
        "PYTHONPATH": f"{collected}:{REPOSITORY}:{REPOSITORY / 'src'}",
        "DJANGO_SETTINGS_MODULE": "reloaded_settings",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def test_broken_code_changes_nothing_and_mended_code_is_served(collected, environ):
    urls, arrived = collected / "reloaded_urls.py", collected / "arrived"
    urls.write_text(URLS.format(arrived=str(arrived), answer="'old'"))
    with (
        running("granian-wsgi", collected, **environ) as server,
        Visitors(over_port(server, collected), 3, arrived) as visitors,
    ):
        until(lambda: visitors.pages == {b"old"})
        urls.write_text("this is no Python")
        (collected / "reloaded_settings.py").write_text("this is no Python")
        server.process.send_signal(signal.SIGHUP)
        until(lambda: "The new code does not start" in server.log.read_text())
        assert visitors.pages == {b"old"}
        urls.write_text(URLS.format(arrived=str(arrived), answer="'new'"))
        (collected / "reloaded_settings.py").write_text(SETTINGS)
        server.process.send_signal(signal.SIGHUP)
        until(lambda: b"new" in visitors.pages)
        until(lambda: all(fetch(server, "/?visit=") == (200, b"new") for _ in range(2)))
    assert visitors.failures == []


@pytest.mark.parametrize("reached", [over_port, over_socket])
def test_a_new_release_reaches_every_worker_and_no_visitor_is_turned_away(
    collected, environ, reached
):
    arrived = collected / "arrived"
    (collected / "reloaded_urls.py").write_text(
        URLS.format(arrived=str(arrived), answer="static('app.css')")
    )
    address = collected / "shop.sock"
    options = ["--unix", str(address)] if reached is over_socket else []
    with started("granian-wsgi", collected, "--workers", "2", *options, **environ) as server:
        ask = reached(server, address)
        until(lambda: "Serving " in server.log.read_text() and len(workers(server)) == 2)
        old, before = ask("/?visit=")[1], workers(server)
        with Visitors(ask, 4, arrived) as visitors:
            until(lambda: visitors.pages == {old})
            (collected / "source" / "app.css").write_text("a {}")
            call_command("collectstatic", interactive=False, verbosity=0)
            server.process.send_signal(signal.SIGHUP)
            until(lambda: is_replaced(before, workers(server)))
            visitors.pages.clear()
            until(lambda: visitors.pages)
        assert visitors.failures == []
        (new,) = {ask("/?visit=")[1] for _ in range(20)}
        assert new != old
        assert ask(new.decode()) == (200, b"a {}")
        assert ask(old.decode()) == (200, b"body {}")
