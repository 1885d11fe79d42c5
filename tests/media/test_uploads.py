import contextlib
import gc
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import AnonymousUser
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import AsyncClient
from django.utils.functional import SimpleLazyObject

from roots import digests
from roots.media.uploads import StagingUploadHandler
from tests.media.library import ledger

BOUNDARY = "----a-boundary"
HEAD = (
    f"--{BOUNDARY}\r\n"
    'Content-Disposition: form-data; name="file"; filename="big file.bin"\r\n'
    "Content-Type: application/octet-stream\r\n\r\n"
).encode()
TAIL = f"\r\n--{BOUNDARY}--\r\n".encode()

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.media.project")]


@pytest.fixture
def server(media_root):
    """The port of a gunicorn with two threads, its process and its worker's id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--threads", "2"]
    process = subprocess.Popen(
        [*command, "django.core.wsgi:get_wsgi_application()"],
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": "tests.media.project", "MEDIA_ROOT": str(media_root)},
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(lambda: can_connect(port))
        yield port
    finally:
        process.terminate()
        process.wait(60)


def can_connect(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def wait_for(claim, seconds=60):
    deadline = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def post(port, chunks, length):
    """POST a multipart body that arrives in `chunks`; the JSON that came back."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        "Content-Length": str(length + len(HEAD) + len(TAIL)),
    }
    with contextlib.closing(connection):
        connection.request("POST", "/upload/", (c for c in (HEAD, *chunks, TAIL)), headers)
        return json.load(connection.getresponse())


def begin(port, path="/upload/"):
    """Send the first megabyte of an upload that promises a hundred."""
    client = socket.create_connection(("127.0.0.1", port))
    client.sendall(
        f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n".encode()
        + HEAD
        + b"x" * (1 << 20)
    )
    return client


def peak_kb(pid):
    return int(re.search(r"VmHWM:\s*(\d+)", Path(f"/proc/{pid}/status").read_text())[1])


def staged_in(media_root):
    staging = media_root / ".roots/staging"
    return list(staging.iterdir()) if staging.exists() else []


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read in /proc")
def test_a_big_upload_streams_into_its_place_with_flat_memory(server, media_root):
    before = peak_kb(post(server, [b"warm-up"], 7)["pid"])
    chunk = os.urandom(1 << 20)
    answer = post(server, [chunk] * 64, 64 << 20)
    [file] = answer["files"]
    assert file["staged"] == file["stored"]
    assert file["size"] == 64 << 20
    assert file["name"] == f"big file.{digests.of_bytes(chunk * 64)[:12]}.bin"
    assert peak_kb(answer["pid"]) - before < 16 << 10
    assert staged_in(media_root) == []


def test_a_body_that_comes_in_odd_pieces_is_received_whole(server, media_root):
    body = os.urandom(300_000)
    pieces = [body[i : i + 997] for i in range(0, len(body), 997)]
    [file] = post(server, pieces, len(body))["files"]
    assert (media_root / file["name"]).read_bytes() == body


def test_an_upload_whose_client_goes_away_vanishes(server, media_root):
    for path in ("/upload/", "/look/"):
        client = begin(server, path)
        wait_for(lambda: staged_in(media_root))
        client.close()
        wait_for(lambda: not staged_in(media_root))


def is_there(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_killed_worker_leaves_no_file_that_can_be_served(server, media_root):
    pid = post(server, [b"x"], 1)["pid"]
    with begin(server):
        wait_for(lambda: staged_in(media_root))
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: not is_there(pid))
    assert len(staged_in(media_root)) == 1
    visible = [path.name for path in media_root.iterdir() if not path.name.startswith(".")]
    assert len(visible) == 1
    wait_for(lambda: can_connect(server))
    assert post(server, [b"again"], 5)["files"][0]["size"] == 5


def test_uploads_nobody_stored_vanish_with_their_request(client, media_root):
    files = {"a": SimpleUploadedFile("a.txt", b"a"), "b": SimpleUploadedFile("b.txt", b"b")}
    assert client.post("/look/", files).content == b"2"
    assert staged_in(media_root) == []


def test_several_uploads_of_one_request_are_all_received(client, media_root):
    files = {"a": SimpleUploadedFile("a.txt", b"a"), "b": SimpleUploadedFile("b.txt", b"bb")}
    answer = client.post("/upload/", files).json()["files"]
    assert [file["size"] for file in answer] == [1, 2]
    assert (media_root / answer[1]["name"]).read_bytes() == b"bb"


@pytest.mark.parametrize(
    ("part", "status"),
    [
        ("Content-Transfer-Encoding: base64\r\n\r\nAAAA*", 400),
        ("\r\n" + "half a file", 200),
    ],
)
def test_a_body_that_breaks_off_or_is_nonsense_leaves_nothing(client, media_root, part, status):
    disposition = 'Content-Disposition: form-data; name="file"; filename="a.bin"\r\n'
    body = f"--{BOUNDARY}\r\n{disposition}{part}".encode()
    gc.disable()  # to be sure that it was not the garbage collector
    try:
        answer = client.generic(
            "POST", "/look/", body, content_type=f"multipart/form-data; boundary={BOUNDARY}"
        )
        assert staged_in(media_root) == []
    finally:
        gc.enable()
    assert answer.status_code == status


@pytest.mark.parametrize("limit", ["DATA_UPLOAD_MAX_NUMBER_FILES", "DATA_UPLOAD_MAX_MEMORY_SIZE"])
def test_a_request_beyond_a_limit_leaves_nothing(client, media_root, settings, limit):
    setattr(settings, limit, 1)
    fields = {"a": SimpleUploadedFile("a.txt", b"a"), "b": SimpleUploadedFile("b.txt", b"b")}
    assert client.post("/look/", fields | {"c": "a field"}).status_code == 400
    assert staged_in(media_root) == []


def test_uploads_are_received_under_asgi(media_root):
    async def answers():
        for path in ("/look/", "/upload/"):
            file = SimpleUploadedFile("a.txt", b"hello")
            yield (await AsyncClient().post(path, {"a": file})).status_code

    async def collect():
        return [status async for status in answers()]

    assert async_to_sync(collect)() == [200, 200]
    assert staged_in(media_root) == []
    assert (media_root / "a.ea8f163db386.txt").read_bytes() == b"hello"


@pytest.fixture
def uploaded(media_root):
    handler = StagingUploadHandler(HttpRequest())
    handler.new_file("file", "a b.txt", "text/plain", None, "utf-8", {})
    handler.receive_data_chunk(b"one\n", 0)
    handler.receive_data_chunk(b"two\n", 4)
    with handler.file_complete(8) as uploaded:
        yield uploaded


def test_an_upload_reads_like_any_of_djangos(uploaded):
    assert (uploaded.name, uploaded.size, uploaded.charset) == ("a b.txt", 8, "utf-8")
    assert list(uploaded) == [b"one\n", b"two\n"]
    assert b"".join(uploaded.chunks()) == b"one\ntwo\n"
    assert not uploaded.writable()
    assert Path(uploaded.temporary_file_path()).read_bytes() == b"one\ntwo\n"


def test_a_stored_upload_stays_readable_and_cannot_be_taken_from_its_place(
    uploaded, storage, tmp_path
):
    stored = storage.save("a.txt", uploaded)
    assert not hasattr(uploaded, "temporary_file_path")
    elsewhere = FileSystemStorage(tmp_path / "elsewhere")
    assert Path(elsewhere.path(elsewhere.save("a.txt", uploaded))).read_bytes() == b"one\ntwo\n"
    assert storage.save("again.txt", uploaded) != stored
    uploaded.close()
    assert Path(storage.path(stored)).read_bytes() == b"one\ntwo\n"


def test_a_closed_upload_never_opens_a_file_of_the_clients_choosing(
    uploaded, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / uploaded.name).write_text("a secret of the server")
    assert uploaded.open().read() == b"one\ntwo\n"
    uploaded.close()
    with pytest.raises(ValueError, match="was closed and is gone"):
        uploaded.open()


def test_djangos_own_storage_may_take_an_upload(uploaded, tmp_path, media_root):
    elsewhere = FileSystemStorage(tmp_path / "elsewhere")
    assert Path(elsewhere.path(elsewhere.save("a.txt", uploaded))).read_bytes() == b"one\ntwo\n"
    assert staged_in(media_root) == []


def test_a_project_whose_tests_swap_the_storage_still_gets_its_uploads(client, tmp_path, settings):
    memory = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = settings.STORAGES | {"default": memory}
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    assert client.post("/look/", {"a": SimpleUploadedFile("a.txt", b"a")}).content == b"1"
    assert list(tmp_path.iterdir()) == []


def test_the_ledger_tells_who_uploaded_a_file(storage):
    class User:
        pk, is_authenticated = 7, True

    request = HttpRequest()
    handler = StagingUploadHandler(request)
    for user, owner in (
        (User(), "7"),
        (SimpleLazyObject(User), ""),  # nobody asked who it is; it may cost a query
        (AnonymousUser(), ""),
    ):
        request.user = user
        handler.new_file("file", "a.txt", "text/plain", 5, None, {})
        handler.receive_data_chunk(b"hello", 0)
        with contextlib.closing(handler.file_complete(5)) as file:
            assert file.owner == owner
            name = storage.save(f"{owner or 'nobody'}.txt", file)
            assert ledger().objects.get(name=name).owner == owner


def test_an_upload_does_not_keep_its_request(storage):
    request = HttpRequest()
    handler = StagingUploadHandler(request)
    handler.new_file("file", "a.txt", "text/plain", 5, None, {})
    with contextlib.closing(handler.file_complete(0)) as file:
        del request, handler
        gc.collect()
        assert file.owner == ""
