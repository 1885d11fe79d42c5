"""What only the ASGI adapter does; what it answers is in cases.py."""

import asyncio
import gc
import os

import pytest

from roots.media.catalog import MediaCatalog
from roots.serve.asgi import CHUNK_BYTES, RootsASGI
from roots.serve.core import Root
from roots.serve.headers import media_policy

SIZE = 10 * CHUNK_BYTES


@pytest.fixture
def root(tmp_path):
    (tmp_path / "big.bin").write_bytes(os.urandom(SIZE))
    return Root("/media/", str(tmp_path), MediaCatalog(), media_policy())


def scope(path="/media/big.bin", headers=(), **more):
    return {"type": "http", "method": "GET", "path": path, "headers": list(headers), **more}


class Client:
    """Both ends of one connection; `patience` is how many chunks it takes before it hangs up."""

    def __init__(self, patience=None):
        self.patience = patience
        self.messages = []
        self.gone = asyncio.Event()

    async def receive(self):
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        self.messages.append(message)
        if len(self.messages) == self.patience:
            self.gone.set()

    def body(self):
        return b"".join(message.get("body", b"") for message in self.messages)


def run(application, scope, client=None):
    client = client or Client()
    asyncio.run(application(scope, client.receive, client.send))
    return client


async def django(scope, receive, send):
    await send({"type": "django", "scope": scope, "receive": receive})


def open_descriptors():
    gc.collect()
    return len(os.listdir("/proc/self/fd"))


@pytest.mark.parametrize("kind", ["lifespan", "websocket"])
def test_other_scopes_reach_django_untouched(root, kind):
    given = {"type": kind, "path": "/media/big.bin"}
    client = run(RootsASGI(django, [root]), given)
    assert client.messages[0]["scope"] is given
    assert client.messages[0]["receive"] == client.receive


def test_a_request_elsewhere_reaches_django_untouched(root):
    given = scope("/page/")
    client = run(RootsASGI(django, [root]), given)
    assert client.messages[0]["scope"] is given


def test_a_mount_point_may_be_part_of_the_path(root):
    client = run(RootsASGI(django, [root]), scope("/app/media/big.bin", root_path="/app"))
    assert client.messages[0]["status"] == 200


def test_a_big_file_comes_in_chunks(root, tmp_path):
    client = run(RootsASGI(django, [root]), scope())
    assert len(client.messages) == 11
    assert client.body() == (tmp_path / "big.bin").read_bytes()


def test_a_server_that_can_send_files_is_told_the_path_of_what_never_changes(root, tmp_path):
    stored = (tmp_path / "big.bin").rename(tmp_path / "big.0123456789ab.bin")
    given = scope("/media/big.0123456789ab.bin", extensions={"http.response.pathsend": {}})
    client = run(RootsASGI(django, [root]), given)
    assert client.messages[1] == {"type": "http.response.pathsend", "path": str(stored)}


def test_what_may_change_is_sent_from_the_descriptor_that_was_looked_at(root, tmp_path):
    client = run(RootsASGI(django, [root]), scope(extensions={"http.response.pathsend": {}}))
    assert client.body() == (tmp_path / "big.bin").read_bytes()


def test_a_file_that_is_sent_at_once_does_not_keep_others_waiting(root):
    async def both():
        client, others = Client(), 0
        sending = asyncio.ensure_future(
            RootsASGI(django, [root])(scope(), client.receive, client.send)
        )
        while not sending.done():
            others += 1
            await asyncio.sleep(0)
        return others

    assert asyncio.run(both()) >= SIZE // CHUNK_BYTES


def test_a_range_is_never_sent_by_path(root):
    given = scope(headers=[(b"range", b"bytes=5-14")], extensions={"http.response.pathsend": {}})
    client = run(RootsASGI(django, [root]), given)
    assert client.messages[0]["status"] == 206
    assert len(client.body()) == 10


def test_repeated_headers_are_one_list(root):
    given = scope(headers=[(b"if-none-match", b'"x"'), (b"if-none-match", b"W/*, *")])
    assert run(RootsASGI(django, [root]), given).messages[0]["status"] == 200


def test_a_client_that_goes_away_stops_the_reading_and_leaves_no_descriptor_open(root):
    before = open_descriptors()
    client = run(RootsASGI(django, [root]), scope(), Client(patience=3))
    assert len(client.messages) <= 5
    assert open_descriptors() == before


def test_a_send_that_fails_leaves_no_descriptor_open(root):
    class Broken(Client):
        async def send(self, message):
            await super().send(message)
            if len(self.messages) > 2:
                raise OSError("connection reset")

    before = open_descriptors()
    with pytest.raises(OSError, match="connection reset"):
        run(RootsASGI(django, [root]), scope(), Broken())
    assert open_descriptors() == before


def test_a_file_cut_short_while_it_is_sent_breaks_the_connection(root, tmp_path):
    class Shortening(Client):
        async def send(self, message):
            await super().send(message)
            if message["type"] == "http.response.start":
                os.truncate(tmp_path / "big.bin", CHUNK_BYTES)

    with pytest.raises(OSError, match="became shorter while it was sent"):
        run(RootsASGI(django, [root]), scope(), Shortening())
