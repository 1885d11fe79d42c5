"""The table of hostile and honest uploads, by real requests to real servers: through a form, the
admin, an API and a view of one's own, and back over HTTP."""

import contextlib
import http.client
import io
import json
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import pytest
from PIL import Image

from roots.media.content.pictures.measuring import CLEANED
from roots.media.presets import Archives, Documents, Images
from roots.mediatypes import is_inert
from tests.media import hostile, samples
from tests.media.gate.opened import opened
from tests.media.test_hostile import RUN_BY_SERVERS, is_safe_to_show
from tests.servers import Server

TOKEN = "t" * 32
BOUNDARY = "----a-boundary"
DOORS = {"form": "/form/", "admin": "/admin/gate/open/add/", "api": "/api/", "save": "/save/"}
ACCEPTED = {
    "form": (Images() | Documents() | Archives()).alternatives,
    "admin": None,
    "api": (Images(),),
    "save": None,
}
LOADED_BY_PAGES = ("text/javascript", "text/css", "application/wasm")
HOSTILE = [
    pytest.param(sample, id=f"{number}-{sample.name[:30]!a}")
    for number, sample in enumerate(hostile.uploads())
]
BENIGN = [pytest.param(sample, id=sample.name) for sample in samples.benign()]

pytestmark = pytest.mark.xdist_group("doors")  # so that each server is started once


class Reply(NamedTuple):
    """An answer over HTTP."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


class Gate:
    """A browser before the running project, whose roots are in `folder`."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.media = folder / "media"
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        self.urls: set[str] = set()

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Reply:
        self._connection.request(method, path, body or None, headers)
        response = self._connection.getresponse()
        return Reply(response.status, response.headers, response.read())

    def upload(self, door: str, name: str, data: bytes) -> tuple[str | None, Reply]:
        """The URL of the stored file, None where it was refused; and the answer."""
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        headers = {"Content-Type": kind, "Cookie": f"csrftoken={TOKEN}"}
        reply = self.ask("POST", DOORS[door], form(name, data), **headers)
        url = None
        if reply.status == 201:
            answer = json.loads(reply.body)
            url = "/media/" + (answer.get("url") or answer["file"]).partition("/media/")[2]
        elif reply.status == 302:
            url = json.loads(self.ask("GET", "/newest/").body)["url"]
        if url:
            self.urls.add(unquote(url.removeprefix("/media/")))
        return url, reply

    def close(self) -> None:
        """Nothing is anywhere but where an answer said."""
        self._connection.close()
        files = {str(each.relative_to(self.media)) for each in self.media.rglob("*")}
        found = {name for name in files if (self.media / name).is_file()}
        assert {name for name in found if not name.startswith(".roots/")} == self.urls
        assert not any(Path(name).is_symlink() for name in files)


def form(name: str, data: bytes) -> bytes:
    """A form with a file, and what Django's admin wants beside it."""
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    quoted = quoted.replace("\r", "%0D").replace("\n", "%0A")
    parts = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n'
        f'{TOKEN}\r\n--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; '
        f'filename="{quoted}"\r\nContent-Type: image/jpeg\r\n\r\n'
    )
    return parts.encode() + data + f"\r\n--{BOUNDARY}--\r\n".encode()


@contextlib.contextmanager
def browsing(kind: str, folder: Path):
    """A browser before the server `kind`, which stores nothing but what it says."""
    with opened(kind, folder) as server:
        gate = Gate(server, folder)
        before = set(folder.iterdir())
        yield gate
        gate.close()
        made = {path.name for path in set(folder.iterdir()) - before}
        assert not {name for name in made if not name.startswith("db.sqlite3")}


@pytest.fixture(scope="module")
def wsgi(tmp_path_factory):
    with browsing("granian-wsgi", tmp_path_factory.mktemp("gate")) as gate:
        yield gate


@pytest.fixture(scope="module")
def asgi(tmp_path_factory):
    with browsing("granian-asgi", tmp_path_factory.mktemp("gate")) as gate:
        yield gate


@pytest.mark.parametrize("sample", HOSTILE)
def test_nothing_hostile_runs_escapes_or_crashes(wsgi, sample):
    for door in DOORS:
        require_harmless(wsgi, door, sample)


@pytest.mark.parametrize("sample", HOSTILE)
def test_neither_does_it_under_asgi(asgi, sample):
    require_harmless(asgi, "save", sample)


@pytest.mark.parametrize("sample", BENIGN)
def test_what_honest_people_send_comes_back_as_they_sent_it(wsgi, asgi, sample):
    for door in DOORS:
        require_same(wsgi, door, sample)
    require_same(asgi, "save", sample)


def require_harmless(gate: Gate, door: str, sample: samples.Sample) -> None:
    url, reply = gate.upload(door, sample.name, sample.data)
    if url is None:
        require_refused_in_words(door, reply)
        return
    name = unquote(url.removeprefix("/media/"))
    assert not any(part.startswith(".") for part in name.split("/"))
    assert (gate.media / name).resolve().is_relative_to(gate.media)
    assert not {f".{part}" for part in name.lower().split("/")[-1].split(".")[1:]} & RUN_BY_SERVERS
    require_inert(gate.ask("GET", url), name)


def require_refused_in_words(door: str, reply: Reply) -> None:
    """As a form's error, or as the 400 of a view that catches nothing."""
    assert reply.status in ({"admin": 200, "form": 422}.get(door, 400), 400), door
    if reply.headers["Content-Type"] == "application/json":
        assert all(sentence.endswith(".") for sentence in json.loads(reply.body)["file"])
    else:
        assert b"<script>alert" not in reply.body
        assert b"<img src=x" not in reply.body


def require_inert(reply: Reply, name: str) -> None:
    """Whatever it is, a browser runs nothing of it on the site's origin."""
    assert reply.status == 200
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in reply.headers["Content-Security-Policy"]
    kind = reply.headers["Content-Type"].partition(";")[0]
    assert kind not in LOADED_BY_PAGES
    if reply.headers["Content-Disposition"].startswith("inline"):
        assert is_inert(kind)
        assert is_safe_to_show(name, reply.body)
    else:
        assert reply.headers["Content-Disposition"].startswith("attachment")


def require_same(gate: Gate, door: str, sample: samples.Sample) -> None:
    url, reply = gate.upload(door, sample.name, sample.data)
    policies = ACCEPTED[door]
    is_wanted = policies is None or any(each.accepts(sample.content_type) for each in policies)
    assert (url is not None) == is_wanted, (door, reply.body)
    if url is None:
        require_refused_in_words(door, reply)
        return
    found = gate.ask("GET", url)
    require_inert(found, unquote(url))
    if door == "api" and sample.content_type in CLEANED:
        assert pixels(found.body) == pixels(sample.data)
    else:
        assert found.body == sample.data
    assert f'filename="{sample.name}"' in found.headers["Content-Disposition"]


def pixels(data: bytes) -> list[bytes]:
    """Of every frame."""
    with Image.open(io.BytesIO(data)) as image:
        frames = []
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            frames.append(image.convert("RGBA").tobytes())
        return frames
