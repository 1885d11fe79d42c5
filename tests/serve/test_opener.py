import errno
import os
import resource
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from roots.serve.opener import OpenFile, UnavailableError


@pytest.fixture
def root(tmp_path):
    root = tmp_path / "root"
    root.mkdir()
    (root / "a.txt").write_bytes(b"hello")
    return str(root)


def test_facts_are_those_of_the_open_file(root):
    file = OpenFile.open(root, "a.txt")
    with file.stream as stream:
        os.replace(_other(root), f"{root}/a.txt")
        assert file.facts.size == 5
        assert stream.read() == b"hello"


def test_a_root_that_is_a_symlink_is_a_root(root, tmp_path):
    (tmp_path / "current").symlink_to(root)
    file = OpenFile.open(str(tmp_path / "current"), "a.txt")
    assert file.facts.size == 5
    file.stream.close()


def test_without_proc_the_path_is_resolved(root, tmp_path, monkeypatch):
    (tmp_path / "secret").write_bytes(b"secret")
    os.symlink(tmp_path / "secret", f"{root}/out")

    readlink = os.readlink

    def without_proc(path, **options):
        if str(path).startswith("/proc"):
            raise FileNotFoundError(errno.ENOENT, "no /proc", path)
        return readlink(path, **options)

    monkeypatch.setattr(os, "readlink", without_proc)
    assert OpenFile.open(root, "out") is None


def test_out_of_descriptors_is_unavailable_not_missing(root):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest_free = os.dup(0)
    os.close(lowest_free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free, hard))
    try:
        with pytest.raises(UnavailableError):
            OpenFile.open(root, "a.txt")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.skipif(os.geteuid() != 0, reason="becoming another user needs root")
def test_a_file_that_may_not_be_read_is_missing_and_named_in_the_log(caplog):
    with TemporaryDirectory() as root:
        os.chmod(root, 0o755)
        secret = Path(root, "secret.txt")
        secret.write_bytes(b"")
        secret.chmod(0o600)
        os.seteuid(65534)
        try:
            assert OpenFile.open(root, "secret.txt") is None
        finally:
            os.seteuid(0)
    assert "secret.txt' may not be read by this process" in caplog.text


def _other(root):
    path = f"{root}/b.txt"
    with open(path, "wb") as stream:
        stream.write(b"something else")
    return path
