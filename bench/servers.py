"""Servers to be measured: started on a free port, stopped when the block ends."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench.memory import family

SITE = "bench.site"
NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 1024; }}
http {{
    include /etc/nginx/mime.types; access_log off; sendfile on; tcp_nopush on;
    server {{ listen 127.0.0.1:{port}; location /static/ {{ alias {folder}/static/; }}
              location /media/ {{ alias {folder}/media/; }} }}
}}
"""


@contextlib.contextmanager
def nginx(folder: Path) -> Iterator[int]:
    """nginx with one worker; its port."""
    port = free_port()
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port))
    with running(["nginx", "-c", str(folder / "nginx.conf")], port, dict(os.environ)):
        yield port


@contextlib.contextmanager
def python(command: str, peer: str, folder: Path, site: str = SITE) -> Iterator[int]:
    """A Python server with `peer` serving; its port."""
    port = free_port()
    arguments = [sys.executable, *command.format(port=port).split()]
    with running(arguments, port, environ(peer, folder, site)):
        yield port


@contextlib.contextmanager
def running(command: list[str], port: int, environ: dict[str, str]) -> Iterator[int]:
    """The process of `command` until the block ends, from when it listens on `port`; its id."""
    silent = subprocess.DEVNULL
    process = subprocess.Popen(command, env=environ, stdout=silent, stderr=silent)
    try:
        for _ in range(400):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        else:
            raise SystemExit(f"did not start: {' '.join(command)}")
        yield process.pid
    finally:
        process.terminate()
        process.wait(30)


def running_pid(port: int) -> int:
    """The process that answers on `port`: the youngest of those that were started for it."""
    listed = subprocess.run(["pgrep", "-f", "--", f"--port {port}"], capture_output=True, text=True)
    return max(descendant for pid in listed.stdout.split() for descendant in family(int(pid)))


def environ(peer: str, folder: Path, site: str = SITE) -> dict[str, str]:
    """Of a process that runs the project `site`."""
    return os.environ | {
        "BENCH_PEER": peer,
        "BENCH_FOLDER": str(folder),
        "DJANGO_SETTINGS_MODULE": site,
        "ROOTS_BUILD_CACHE": "",
    }


def collect(folder: Path) -> dict[str, str]:
    """Collect what is in the `source` of `folder`; stored names by logical ones."""
    command = [sys.executable, "-m", "django", "collectstatic", "--noinput", "--verbosity=0"]
    subprocess.run(command, check=True, env=environ("roots", folder))
    manifest: dict[str, dict[str, str]] = json.loads(
        (folder / "static" / "staticfiles.json").read_text()
    )
    return manifest["paths"]


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
