"""What ClamAV says of a stream, asked of a real clamd, and what else may answer in its place."""

import io
import socket
import threading

import pytest

from roots.media.scanning import ClamAV, ScanFailed
from tests.clamd import EICAR, FOUND, LONGEST_BYTES


@pytest.fixture
def answering(tmp_path):
    """The address of something that takes one stream and answers as it was told."""
    sockets = []

    def answer(reply: bytes) -> str:
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        sockets.append(listener)

        def serve():
            connection, _ = listener.accept()
            with connection:
                while connection.recv(1 << 16)[-4:] != b"\0\0\0\0":
                    pass
                connection.sendall(reply)

        threading.Thread(target=serve, daemon=True).start()
        return f"127.0.0.1:{listener.getsockname()[1]}"

    yield answer
    for each in sockets:
        each.close()


@pytest.mark.parametrize("content", [b"", b"hello", b"x" * 400_000])
def test_what_is_harmless_has_no_threat(clamd, content):
    assert ClamAV(clamd.address).scan(io.BytesIO(content)) == ""


@pytest.mark.parametrize("content", [EICAR, b"x" * 300_000 + EICAR + b"x"])
def test_what_is_not_is_called_by_its_name(clamd, content):
    assert ClamAV(str(clamd.address)).scan(io.BytesIO(content)) == FOUND


def test_a_scan_begins_where_the_stream_stands(clamd):
    stream = io.BytesIO(EICAR + b"hello")
    stream.seek(len(EICAR))
    assert ClamAV(clamd.address).scan(stream) == ""


def test_what_is_too_long_for_clamd_was_not_scanned(clamd):
    """With the setting to change in the message, though clamd hangs up while it is sent."""
    stream = io.BytesIO(b"x" * LONGEST_BYTES * 20)
    with pytest.raises(ScanFailed, match="raise StreamMaxLength"):
        ClamAV(clamd.address).scan(stream)


def test_what_clamd_did_not_look_into_is_no_threat_and_not_clean(clamd):
    """It says FOUND of a file beyond MaxFileSize, if it says anything at all."""
    with pytest.raises(ScanFailed, match=r"Limits\.Exceeded"):
        ClamAV(clamd.address).scan(io.BytesIO(b"x" * (LONGEST_BYTES - 1)))


def test_clamd_may_listen_on_a_port(answering):
    assert ClamAV(answering(b"stream: OK\0")).scan(io.BytesIO(b"hello")) == ""


@pytest.mark.parametrize("reply", [b"", b"stream: O", b"UNKNOWN COMMAND\0", b"\xff" * 9000])
def test_what_is_no_answer_is_none(answering, reply):
    with pytest.raises(ScanFailed, match="did not scan"):
        ClamAV(answering(reply)).scan(io.BytesIO(b"hello"))


def test_a_clamd_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ScanFailed, match=r"nobody.*No such file.*Is it running"):
        ClamAV(tmp_path / "nobody").scan(io.BytesIO(b"hello"))


def test_a_clamd_that_says_nothing_is_given_up(tmp_path):
    with socket.socket(socket.AF_UNIX) as mute:
        mute.bind(str(tmp_path / "mute"))
        mute.listen()
        with pytest.raises(ScanFailed, match=r"took too long|timed out"):
            ClamAV(tmp_path / "mute", timeout_s=0.1).scan(io.BytesIO(b"hello"))
