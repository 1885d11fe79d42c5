"""Real servers for tests: started on a free loopback port, stopped by pid."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
START_TIMEOUT_S = 60


@dataclass(frozen=True)
class Server:
    """A running server: where it listens, its main process, and the file with what it printed."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path


COMMANDS = {
    "granian-wsgi": "django serve --no-access-log --workers 1 --port {port}",
    "granian-wsgi-logging": "django serve --workers 1 --port {port}",
    "granian-asgi": "django serve --no-access-log --workers 1 --interface asgi --port {port}",
    "granian-alone": "granian --interface wsgi --port {port} tests.project.wsgi:application",
    "gunicorn": "gunicorn --threads 4 --bind 127.0.0.1:{port} tests.project.wsgi",
    "runserver": "django runserver --noreload 127.0.0.1:{port}",
    "runserver-reloading": "django runserver 127.0.0.1:{port}",
    "django-alone": (
        "gunicorn --threads 4 --bind 127.0.0.1:{port} django.core.wsgi:get_wsgi_application()"
    ),
    "uvicorn": "uvicorn --lifespan off --port {port} tests.project.asgi:application",
}
"""Arguments after `python -m`."""


@contextlib.contextmanager
def running(kind: str, folder: Path, *more: str, **environ: str) -> Iterator[Server]:
    """The server `kind` of COMMANDS, with `more` arguments, on the roots in `folder`, until the
    block ends."""
    with started(kind, folder, *more, **environ) as server:
        wait_for(server)
        yield server


@contextlib.contextmanager
def started(kind: str, folder: Path, *more: str, **environ: str) -> Iterator[Server]:
    """The same, which may not take connections yet, or take them elsewhere."""
    port = free_port()
    log = folder / f"{kind}-{port}.log"
    command = [sys.executable, "-m", *COMMANDS[kind].format(port=port).split(), *more]
    with open(log, "wb") as output:
        process = subprocess.Popen(
            command,
            cwd=REPOSITORY,
            env={**_environ(folder), **environ},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    with ending(process):
        yield Server(port, process, log)


@contextlib.contextmanager
def ending(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Stop `process` when the block ends, kill it if it does not stop."""
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(server: Server) -> None:
    """Return once the server takes connections; fail with what it printed if it never does."""
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and server.process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", server.port), 1):
            return
        time.sleep(0.05)
    raise AssertionError(f"did not start:\n{server.log.read_text()}")


def until(condition: Callable[[], object], timeout_s: float = 60) -> None:
    """Return once `condition` holds; fail where it never does."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.05)


def fetch(server: Server, path: str) -> tuple[int, bytes]:
    """Status and body of a GET on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("GET", path)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, body


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def descendants(pid: int) -> list[int]:
    """`pid` and every process it started, from /proc."""
    found = [pid]
    for parent in found:
        with contextlib.suppress(OSError):  # it, or one of its threads, has ended meanwhile
            for task in Path(f"/proc/{parent}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
    return found


def open_files_below(pid: int, folder: Path) -> list[str]:
    """Files in `folder` that `pid` or a process it started holds open."""
    links = [
        os.readlink(link)
        for process in descendants(pid)
        for link in Path(f"/proc/{process}/fd").iterdir()
        if link.is_symlink()
    ]
    return [link for link in links if link.startswith(str(folder))]


def _environ(folder: Path) -> dict[str, str]:
    paths = [str(REPOSITORY), str(REPOSITORY / "src"), os.environ.get("PYTHONPATH", "")]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "PYTHONWARNINGS": "",
        "DJANGO_SETTINGS_MODULE": "tests.project.settings",
        "ROOTS_TEST_FOLDER": str(folder),
    }
