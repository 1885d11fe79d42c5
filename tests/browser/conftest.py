"""A browser, and visits to pages of the site."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.servers import REPOSITORY, running

SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.browser.settings"}


@dataclass
class Visit:
    """What happened while a page loaded."""

    done: str | None = None
    background: str = ""
    evaluated: list[str] = field(default_factory=list)
    statuses: dict[str, list[int]] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)

    @property
    def assets(self) -> set[str]:
        """The static files that were asked for."""
        return {url for url in self.statuses if url.startswith("/static/")}


Visitor = Callable[..., Visit]


def collected(folder: Path, sources: dict[str, str], **environ: str) -> Path:
    """`folder`, as both roots of the site with `sources` collected."""
    for name, content in sources.items():
        path = folder / "sources" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    environ = os.environ | SETTINGS | {"ROOTS_TEST_FOLDER": str(folder)} | environ
    environ["PYTHONPATH"] = os.pathsep.join((str(REPOSITORY), str(REPOSITORY / "src")))
    command = [sys.executable, "-m", "django", "collectstatic", "--noinput"]
    subprocess.run(command, cwd=REPOSITORY, env=environ, check=True, timeout=60)
    return folder


@pytest.fixture(scope="session")
def playwright():
    return pytest.importorskip("playwright.sync_api", reason="Playwright is not installed.")


@pytest.fixture(scope="package")  # not longer: while it is open, its event loop runs in this thread
def browser(playwright):
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("There is no chromium on the PATH.")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@contextlib.contextmanager
def visiting(folder: Path, browser, playwright, **environ: str) -> Iterator[Visitor]:
    """Serve the site in `folder`; what is yielded loads a page of it in a fresh profile and waits
    until its entry module says it is done."""
    with running("granian-wsgi", folder, **SETTINGS, **environ) as server:

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
                done = page.locator("body[data-done]")
                done.wait_for(state="attached", timeout=wait_s * 1000)
            found.done = page.evaluate("document.body.dataset.done ?? null")
            found.evaluated = page.evaluate("globalThis.evaluated")
            found.background = page.evaluate("getComputedStyle(document.body).backgroundColor")
            context.close()
            return found

        yield visit
