"""The example under `runserver`, as while somebody works on it and as it is deployed."""

import subprocess
import sys

import httpx
import pytest

from tests.servers import free_port

from .conftest import environment, stop, wait_for
from .pages import links

pytestmark = pytest.mark.xdist_group("example")


@pytest.mark.parametrize("debug", ["1", "0"])
def test_runserver_serves_both_roots_without_a_url_pattern(project, debug):
    address = f"127.0.0.1:{free_port()}"
    log = project.parent / f"runserver-{debug}.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "manage.py", "runserver", "--noreload", address],
            cwd=project,
            env=environment() | {"DJANGO_DEBUG": debug},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for(f"http://{address}", server, log)
        with httpx.Client(base_url=f"http://{address}", trust_env=False) as client:
            page = client.get("/").text
            replies = {link: client.get(link) for link in links(page, "/static/")}
            assert {reply.status_code for reply in replies.values()} == {200}
            assert ("/static/css/shop.css" in replies) == (debug == "1")
            kept = {reply.headers["Cache-Control"] for reply in replies.values()}
            assert kept == {"no-cache" if debug == "1" else "public, max-age=31536000, immutable"}
            (project / "media").mkdir(exist_ok=True)
            (project / "media" / "note.txt").write_text("uploaded")
            assert client.get("/media/note.txt").text == "uploaded"
    finally:
        stop(server)
