"""The site, collected and compressed, in real processes of its own."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from roots.static import manifest
from tests.composition.sources import SOURCES
from tests.servers import REPOSITORY, running

collect_ignore = ["site.py"]  # has models of apps that only this site installs
SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.composition.settings"}


@dataclass(frozen=True)
class Site:
    """Its folder, and a client of its server."""

    folder: Path
    client: httpx.Client

    @property
    def paths(self) -> dict[str, str]:
        """Stored names by logical name."""
        return dict(manifest.load(self.folder / "static" / manifest.NAME).paths)

    def get(self, url: str) -> httpx.Response:
        reply = self.client.get(url)
        assert reply.status_code == 200, (url, reply.status_code, reply.text[:500])
        return reply

    def linked(self, html: str) -> list[str]:
        """The static files that a page loads, each of which is there."""
        found = re.findall(r'(?:src|href)="(/static/[^"]+)"', html)
        for url in found:
            self.get(url)
        return found

    def is_immutable(self, url: str) -> bool:
        return "immutable" in self.get(url).headers["cache-control"]


def manage(folder: Path, *arguments: str, **environ: str) -> str:
    """What a management command of the site says."""
    paths = os.pathsep.join((str(REPOSITORY), str(REPOSITORY / "src")))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "django", *arguments],
        cwd=REPOSITORY,
        env=os.environ
        | SETTINGS
        | {"PYTHONPATH": paths, "ROOTS_TEST_FOLDER": str(folder)}
        | environ,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="package")
def folder(tmp_path_factory) -> Path:
    """Both roots of the site, with its files collected."""
    for package in ("compressor", "debug_toolbar", "django_vite"):
        pytest.importorskip(package, reason=f"{package} is not installed (extra `test`).")
    folder = tmp_path_factory.mktemp("site")
    for name, content in SOURCES.items():
        path = folder / "sources" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    manage(folder, "collectstatic", "--noinput")
    return folder


@pytest.fixture(scope="package")
def serve(folder) -> Callable[..., object]:
    """Starts a server of the site with more in its environment."""
    return lambda **environ: running("granian-wsgi", folder, **SETTINGS, **environ)


@pytest.fixture(scope="package")
def site(folder, serve):
    """The site, and a server of it."""
    with (
        serve() as server,
        httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=60) as client,
    ):
        yield Site(folder, client)
