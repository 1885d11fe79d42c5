"""What a real Chromium makes of import maps, preloads and integrity, under a strict policy."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from roots.static import manifest
from tests.browser.site import SOURCES
from tests.servers import REPOSITORY, running

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed.")
pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.timeout(180)]
SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.browser.settings"}
HASHED = re.compile(r"/static/.+\.[0-9a-f]{12}\.(js|css)$")


@dataclass
class Visit:
    """What happened while a page loaded."""

    done: str | None = None
    background: str = ""
    evaluated: list[str] = field(default_factory=list)
    statuses: dict[str, list[int]] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Both roots of the site, with its files collected, and one of them tampered with after."""
    folder = tmp_path_factory.mktemp("site")
    for name, content in SOURCES.items():
        path = folder / "sources" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    environ = os.environ | SETTINGS | {"ROOTS_TEST_FOLDER": str(folder)}
    environ["PYTHONPATH"] = os.pathsep.join((str(REPOSITORY), str(REPOSITORY / "src")))
    command = [sys.executable, "-m", "django", "collectstatic", "--noinput"]
    subprocess.run(command, cwd=REPOSITORY, env=environ, check=True, timeout=60)
    stored = manifest.load(folder / "static" / manifest.NAME).paths["js/tampered.js"]
    (folder / "static" / stored).write_text("document.body.dataset.done = 'stolen'")
    return folder


@pytest.fixture(scope="module")
def browser():
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("There is no chromium on the PATH.")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def visit(folder, browser):
    """Load a page of the site in a fresh profile; wait until its entry module says it is done."""
    with running("granian-wsgi", folder, **SETTINGS) as server:

        def visit(path: str, wait_s: float = 15) -> Visit:
            found, context = Visit(), browser.new_context()
            page = context.new_page()
            page.on("console", lambda message: found.complaints.append(message.text))
            page.on("pageerror", lambda error: found.complaints.append(str(error)))
            page.on(
                "response",
                lambda reply: found.statuses.setdefault(
                    reply.url.partition(str(server.port))[2], []
                ).append(reply.status),
            )
            page.goto(f"http://127.0.0.1:{server.port}{path}")
            with contextlib.suppress(playwright.TimeoutError):
                page.wait_for_selector("body[data-done]", timeout=wait_s * 1000)
            found.done = page.evaluate("document.body.dataset.done ?? null")
            found.evaluated = page.evaluate("globalThis.evaluated")
            found.background = page.evaluate("getComputedStyle(document.body).backgroundColor")
            context.close()
            return found

        yield visit


@pytest.mark.parametrize("path", ["/page/main/", "/hashed/main/"])
def test_modules_load_by_hashed_names_once_each(visit, path):
    found = visit(path)
    assert found.complaints == []
    assert found.done == "pingpong lit part lazy worker"
    assert sorted(found.evaluated) == sorted(
        ["classic", "main", "ping", "pong", "leaf", "lazy", "lit", "inner", "part", "base"]
    )
    assert found.background == "rgb(1, 2, 3)"
    assets = {url for url in found.statuses if url.startswith("/static/")}
    assert all(HASHED.match(url) for url in assets), assets
    assert len(assets) == len(SOURCES) - 2
    assert all(statuses == [200] for statuses in found.statuses.values()), found.statuses


def test_a_file_that_was_tampered_with_is_refused(visit):
    found = visit("/page/hurt/", wait_s=2)
    assert found.done is None
    assert any("integrity" in complaint for complaint in found.complaints)
