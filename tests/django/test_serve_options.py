"""manage.py serve with its options, as a deployment uses them: real processes, real clients."""

import json
import os
import shutil
import signal
import socket
import stat
import subprocess

import pytest
from django.core.management import call_command

from tests.serve.embedded.test_tls import pair
from tests.servers import descendants, fetch, running, started, until


def test_https_speaks_http_2(collected):
    if not shutil.which("curl"):
        pytest.skip("Needs the curl command, which knows HTTP/2.")
    tls = pair(collected, "shop")
    options = ["--tls-cert", str(tls.certificate), "--tls-key", str(tls.key)]
    with running("granian-wsgi", collected, *options) as server:
        url = f"https://127.0.0.1:{server.port}/static/app.css"
        command = ["curl", "-sk", "--noproxy", "*", "-w", " over %{http_version}", url]
        answer = subprocess.run(command, capture_output=True, timeout=60, check=True).stdout
        assert answer == b"body {} over 2"
        assert f"Serving https://127.0.0.1:{server.port} (" in server.log.read_text()


def test_a_unix_socket_has_its_mode_and_goes_with_the_server(collected):
    path = collected / "shop.sock"
    options = ["--unix", str(path), "--unix-mode", "660"]
    with started("granian-wsgi", collected, *options) as server:
        until(path.exists)
        assert stat.S_IMODE(path.stat().st_mode) == 0o660
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(60)
            client.connect(str(path))
            client.sendall(b"GET /static/app.css HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert b"".join(iter(lambda: client.recv(65536), b"")).endswith(b"body {}")
    assert server.process.returncode == 0
    assert not path.exists()


def test_health_is_answered_without_django_and_is_off_unless_asked_for(collected):
    options = ["--health", "/healthz", "--access-log", str(collected / "access.log")]
    options += ["--log-format", "json"]
    with running("granian-wsgi-logging", collected, *options) as server:
        assert fetch(server, "/healthz") == (200, b"ok\n")
        assert fetch(server, "/static/app.css?token=secret") == (200, b"body {}")
        assert fetch(server, "/page/")[0] == 200
        log = collected / "access.log"
        until(lambda: log.exists() and log.read_text().count("\n") == 2)
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["path"] for line in lines] == ["/static/app.css", "/page/"]
    assert "secret" not in log.read_text()
    with running("granian-wsgi", collected) as server:
        assert fetch(server, "/healthz")[0] == 404


def test_a_worker_that_dies_is_replaced(collected):
    with running("granian-wsgi", collected) as server:
        assert fetch(server, "/page/")[0] == 200
        *_, worker = descendants(server.process.pid)
        os.kill(worker, signal.SIGKILL)
        until(lambda: worker not in descendants(server.process.pid))
        assert fetch(server, "/page/")[0] == 200


def test_in_a_rolling_deploy_each_server_finds_both_releases(collected, settings):
    old = stored(collected)
    with running("granian-wsgi", collected) as first:
        assert fetch(first, f"/static/{old}") == (200, b"body {}")
        (collected / "source" / "app.css").write_text("a {}")
        call_command("collectstatic", interactive=False, verbosity=0)
        new = stored(collected)
        with running("granian-wsgi", collected) as second:
            for server in (first, second):
                until(lambda server=server: fetch(server, f"/static/{new}") == (200, b"a {}"))
                assert fetch(server, f"/static/{old}") == (200, b"body {}")


def stored(folder) -> str:
    manifest = json.loads((folder / "static" / "staticfiles.json").read_text())
    return manifest["paths"]["app.css"]
