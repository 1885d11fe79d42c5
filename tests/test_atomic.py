"""Writing in one step, on real file systems: full, foreign, raced."""

import errno
import os
import stat
import subprocess
import threading
from pathlib import Path

import pytest

from roots import atomic
from roots.atomic import Modes
from roots.errors import StorageError

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="mounting a file system needs root")


@pytest.fixture
def tiny(tmp_path):
    """A file system of 64 KiB."""
    mount = tmp_path / "tiny"
    mount.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", mount]
    if subprocess.run(command, capture_output=True).returncode:
        pytest.skip("mounting is not allowed here, even as root")
    yield mount
    subprocess.run(["umount", mount], check=True)


@pytest.fixture(params=[0o000, 0o077, 0o022])
def umask(request):
    before = os.umask(request.param)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_modes_are_exact_whatever_the_umask(tmp_path, umask):
    target = tmp_path / "a" / "b" / "c.txt"
    atomic.write(target, b"hello", Modes(0o640, 0o751))
    assert mode(target) == 0o640
    assert mode(target.parent) == mode(target.parent.parent) == 0o751


def test_a_failure_leaves_what_was_there(tmp_path):
    target = tmp_path / "a.txt"
    target.write_bytes(b"before")
    with (
        pytest.raises(RuntimeError, match="half-way"),
        atomic.replacing(target, Modes()) as stream,
    ):
        stream.write(b"aft")
        raise RuntimeError("half-way")
    assert target.read_bytes() == b"before"
    assert os.listdir(tmp_path) == ["a.txt"]


@needs_root
def test_a_full_disk_is_a_sentence_and_leaves_nothing(tiny):
    with pytest.raises(StorageError, match=r"No space left on device\. Free space"):
        atomic.write(tiny / "a.bin", bytes(200_000), Modes())
    assert os.listdir(tiny) == []


def test_a_file_where_a_directory_must_be_is_a_sentence(tmp_path):
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(StorageError, match="A part of that path is a file"):
        atomic.write(tmp_path / "a" / "b" / "c.txt", b"", Modes())


def test_moving_never_overwrites(tmp_path):
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(b"new")
    target.write_bytes(b"old")
    assert not atomic.move_without_overwriting(source, target)
    assert (source.read_bytes(), target.read_bytes()) == (b"new", b"old")
    target.unlink()
    assert atomic.move_without_overwriting(source, target)
    assert (source.exists(), target.read_bytes()) == (False, b"new")


def test_moving_works_where_there_are_no_hard_links(tmp_path, monkeypatch):
    def link(*_, **__):
        raise OSError(errno.EPERM, "no hard links on this file system")

    monkeypatch.setattr(os, "link", link)
    test_moving_never_overwrites(tmp_path)


def test_threads_that_make_the_same_directories_agree_on_modes(tmp_path):
    deep = [tmp_path.joinpath(*"abcdefgh", str(n)) for n in range(8)]
    threads = [
        threading.Thread(target=atomic.make_directories, args=(path, Modes(directory=0o711)))
        for path in deep
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(mode(path) == 0o711 for path in tmp_path.rglob("*"))
    assert all(path.is_dir() for path in deep)
