"""manage.py serve: refuses clearly, serves both interfaces, stops gracefully."""

import http.client
import signal
import socket
import sys
import threading
import time

import pytest
from django.core.management import CommandError, call_command

from tests.servers import free_port, running


def refusal(*arguments: str) -> str:
    with pytest.raises(CommandError) as caught:
        call_command("serve", *arguments)
    return str(caught.value)


def test_it_refuses_a_project_that_was_not_collected(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    assert refusal() == (
        f"STATIC_ROOT has no manifest ({tmp_path}/staticfiles.json): static files were not "
        "collected yet. Run manage.py collectstatic first."
    )


def test_it_refuses_a_project_without_static_root(settings):
    settings.STATIC_ROOT = None
    assert "STATIC_ROOT is not set" in refusal()


def test_it_names_the_extra_that_is_missing(collected, monkeypatch):
    monkeypatch.setitem(sys.modules, "granian", None)
    assert "pip install 'django-roots[serve]'" in refusal()


def test_it_names_the_port_that_is_taken(collected):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"Cannot listen on 127.0.0.1 port {port}: " in refusal("--port", str(port))


def test_it_names_a_host_that_is_not_there(collected):
    assert "Cannot listen on 192.0.2.1 port 8000: " in refusal("--host", "192.0.2.1")


@pytest.mark.parametrize(
    "wrong", [["--port", "0"], ["--port", "http"], ["--workers", "0"], ["--interface", "rsgi"]]
)
def test_a_wrong_option_is_named(collected, wrong):
    assert f"argument {wrong[0]}: " in refusal(*wrong)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--tls-cert", "a.pem"], "HTTPS needs both --tls-cert and --tls-key."),
        (["--unix-mode", "660"], "--unix-mode is about the socket of --unix."),
        (["--unix-mode", "999"], "must be permissions in octal, as 660, but is '999'."),
        (["--health", "healthz"], "must be the path of a URL, as /healthz, but is 'healthz'."),
        (["--worker-lifetime", "5"], "must be a whole number of at least 60, but is '5'."),
        (["--access-log", "/nowhere/log"], "--access-log /nowhere/log cannot be written: No such"),
        (["--tls-cert", "/a", "--tls-key", "/b"], "--tls-key /b cannot be read: No such file"),
    ],
)
def test_options_that_make_no_sense_are_answered_in_a_sentence(collected, options, sentence):
    assert sentence in refusal(*options, "--port", str(free_port()))


def test_a_project_that_does_not_load_is_told_before_any_worker_starts(collected, settings):
    settings.ASGI_APPLICATION = "nowhere.application"
    assert "ASGI_APPLICATION must be the dotted path of the application" in refusal(
        "--interface", "asgi", "--port", str(free_port())
    )


def test_in_development_nothing_has_to_be_collected(settings, tmp_path):
    settings.DEBUG, settings.STATIC_ROOT, settings.MEDIA_ROOT = True, None, tmp_path / "media"
    assert "--access-log" in refusal("--access-log", "/nowhere/x", "--port", str(free_port()))


def test_a_wrong_number_is_told_what_it_may_be(collected):
    assert "must be a whole number from 1 to 65535, but is '99999'." in refusal("--port", "99999")


@pytest.mark.parametrize("kind", ["granian-wsgi", "granian-asgi"])
def test_a_request_under_way_is_finished_before_it_stops(collected, kind):
    with running(kind, collected) as server:
        answers = []

        def ask() -> None:
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
            connection.request("GET", "/slow/")
            answers.append(connection.getresponse().read())
            connection.close()

        asking = threading.Thread(target=ask)
        asking.start()
        deadline = time.monotonic() + 60
        while not (collected / "slow-began").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        server.process.send_signal(signal.SIGTERM)
        asking.join()
        assert server.process.wait(60) == 0
    assert answers == [b"slow, but done"]


def test_it_says_where_it_serves_what_and_logs_requests(collected):
    with running("granian-wsgi-logging", collected) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        connection.request("GET", "/static/app.css")
        assert connection.getresponse().read() == b"body {}"
        connection.close()
        deadline = time.monotonic() + 60
        while "GET /static/app.css" not in server.log.read_text() and time.monotonic() < deadline:
            time.sleep(0.05)
    printed = server.log.read_text()
    assert f"Serving http://127.0.0.1:{server.port} (wsgi, workers: 1)" in printed
    assert f"/static/ from {collected}/static" in printed
    assert f"/media/ from {collected}/media" in printed
    assert "GET /static/app.css" in printed
