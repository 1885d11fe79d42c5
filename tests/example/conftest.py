"""A copy of the example, set up as `make demo` does it and served by `manage.py serve`."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

REPOSITORY = Path(__file__).parents[2]
START_S = 20
STOP_S = 10


@dataclass(frozen=True, slots=True)
class Shop:
    """A copy of the example and where it is served."""

    directory: Path
    base_url: str

    @property
    def media(self) -> Path:
        return self.directory / "media"


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example: migrated, collected, with the demo user."""
    directory = tmp_path_factory.mktemp("project") / "example"
    products = shutil.ignore_patterns(
        "media", "private", "staticfiles", "db.sqlite3*", ".secret-key"
    )
    shutil.copytree(REPOSITORY / "example", directory, ignore=products)
    for command in (["migrate", "-v0"], ["collectstatic", "--no-input"], ["demo"], ["demo"]):
        manage(directory, *command)
    return directory


@pytest.fixture(scope="session", params=["wsgi", "asgi"])
def shop(request: pytest.FixtureRequest, project: Path) -> Iterator[Shop]:
    """The example, served for real, once through each interface."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = project.parent / f"serve-{request.param}.log"
    with log.open("wb") as output:
        arguments = ["serve", "--port", str(port), "--interface", request.param]
        server = subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=project,
            env=environment(),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    base_url = f"http://127.0.0.1:{port}"
    try:
        wait_for(base_url, server, log)
        yield Shop(project, base_url)
        assert server.poll() is None, f"The server is gone:\n{log.read_text()}"
    finally:
        stop(server)


@pytest.fixture
def client(shop: Shop) -> Iterator[httpx.Client]:
    """A visitor's browser: keeps cookies, follows no redirect unless told."""
    with httpx.Client(base_url=shop.base_url, timeout=60, trust_env=False) as client:
        yield client


def manage(directory: Path, *arguments: str) -> str:
    """Run `manage.py` in `directory`; returns what it printed, fails with it where it failed."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=directory,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def environment() -> dict[str, str]:
    """This process's environment, with the example's settings in place of the suite's."""
    paths = [str(REPOSITORY / "src"), os.environ.get("PYTHONPATH", "")]
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "example.settings",
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
    }


def wait_for(base_url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the server answers; fail with its log when it does not."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            httpx.get(base_url, timeout=5, trust_env=False)
            return
        except httpx.TransportError:
            time.sleep(0.05)
    stop(server)
    pytest.fail(f"The example did not start:\n{log.read_text()}")


def stop(server: subprocess.Popen[bytes]) -> None:
    """Stop it as a process manager would."""
    server.terminate()
    try:
        server.wait(STOP_S)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
