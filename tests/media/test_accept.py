import contextlib
import errno
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from roots.atomic import Modes
from roots.errors import StorageError, UploadRejected
from roots.media.accept import accept
from roots.media.intake import receive, staging_directory
from roots.media.lifecycle import claims
from roots.media.locking import exclusive
from tests.media.disks import mounted

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")


def keep(accepted):
    """Commit what was accepted; its stored name."""
    with exclusive(accepted.claim.terms.root, accepted.claim.terms.modes):
        claims.commit(accepted.claim)
    return accepted.name


@pytest.fixture
def store(terms):
    """Receives bytes and accepts them; `digest` forges the one they have."""

    def store(data, name="a.txt", digest=None, **options):
        directory = staging_directory(terms.root, terms.modes)
        with receive([data], directory) as file:
            staged = file.finish()
            if digest:
                staged = staged._replace(digest=digest)
            return keep(accept(staged, name, terms, **options))

    return store


@pytest.fixture
def umask():
    before = os.umask(0)

    yield os.umask
    os.umask(before)


def test_a_file_is_named_by_its_content_and_moved(terms, store):
    name = store(b"hello", "docs/a.txt")
    assert name == "docs/a.ea8f163db386.txt"
    assert (terms.root / name).read_bytes() == b"hello"
    assert list((terms.root / ".roots/staging").iterdir()) == []


def test_nothing_is_copied(terms):
    with receive([b"hello"], staging_directory(terms.root, terms.modes)) as file:
        staged = file.finish()
        inode = os.stat(staged.path).st_ino
        assert (terms.root / keep(accept(staged, "a.txt", terms))).stat().st_ino == inode


def test_an_empty_file_is_a_file(terms, store):
    assert (terms.root / store(b"")).read_bytes() == b""


def test_equal_uploads_are_stored_once(terms, store, stored_files):
    assert store(b"hello") == store(b"hello")
    assert stored_files(terms.root) == ["a.ea8f163db386.txt"]


def test_a_clash_of_digests_takes_more_digits_and_overwrites_nothing(terms, store):
    first, second = "a" * 12 + "b" * 52, "a" * 12 + "c" * 52
    assert store(b"one", digest=first) == "a.aaaaaaaaaaaa.txt"
    assert store(b"two", digest=second) == "a.aaaaaaaaaaaacccc.txt"
    assert store(b"six", digest=second) == "a.aaaaaaaaaaaacccccccccccc.txt"
    assert store(b"two", digest=second) == "a.aaaaaaaaaaaacccc.txt"
    assert (terms.root / "a.aaaaaaaaaaaa.txt").read_bytes() == b"one"


def test_when_other_files_hold_every_name_the_error_says_so(terms, store):
    for length in (12, 16, 24, 32, 48, 64):
        (terms.root).mkdir(exist_ok=True)
        (terms.root / f"a.{'d' * length}.txt").write_bytes(b"other content")
    with pytest.raises(StorageError, match="files with other content hold every name"):
        store(b"one", digest="d" * 64)


@pytest.mark.parametrize("obstacle", ["folder", "dangling", "loop", "fifo"])
def test_what_is_no_file_is_never_taken_for_the_upload(terms, store, obstacle):
    terms.root.mkdir()
    taken = terms.root / "a.ea8f163db386.txt"
    {
        "folder": taken.mkdir,
        "dangling": lambda: taken.symlink_to("nowhere"),
        "loop": lambda: taken.symlink_to(taken),
        "fifo": lambda: os.mkfifo(taken),
    }[obstacle]()
    assert store(b"hello") == "a.ea8f163db3868292.txt"


def test_a_file_changed_in_place_after_it_arrived_is_named_by_what_it_is_now(terms, store):
    with receive([b"hello with EXIF"], staging_directory(terms.root, terms.modes)) as file:
        staged = file.finish()
        Path(staged.path).write_bytes(b"hello")
        assert keep(accept(staged, "a.txt", terms)) == "a.ea8f163db386.txt"


def test_modes_are_exact_whatever_the_umask(terms, store, umask):
    for mask in (0o077, 0o000):
        umask(mask)
        name = store(b"hello", f"mask{mask}/deep/a.txt")
        assert (terms.root / name).stat().st_mode & 0o7777 == 0o644
        for folder in (".", f"mask{mask}", f"mask{mask}/deep"):
            assert (terms.root / folder).stat().st_mode & 0o7777 == 0o755


def test_modes_are_those_asked_for(terms, umask):
    umask(0o022)
    terms = replace(terms, modes=Modes(0o660, 0o2770))
    with receive([b"hello"], staging_directory(terms.root, terms.modes)) as file:
        name = keep(accept(file.finish(), "team/a.txt", terms))
    assert (terms.root / name).stat().st_mode & 0o7777 == 0o660
    assert (terms.root / "team").stat().st_mode & 0o7777 == 0o2770


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another group")
def test_files_get_the_group_of_their_root(terms, store):
    terms.root.mkdir()
    os.chown(terms.root, -1, 12345)
    assert (terms.root / store(b"hello")).stat().st_gid == 12345


def test_threads_that_make_nested_folders_at_once_get_exact_modes(terms, store, umask):
    umask(0o077)
    with ThreadPoolExecutor(8) as pool:
        names = list(pool.map(lambda i: store(b"%d" % i, f"x/{i % 3}/y/{i}.txt"), range(48)))
    assert len(set(names)) == 48
    folders = [path for path in (terms.root / "x").rglob("*") if path.is_dir()]
    assert {path.stat().st_mode & 0o7777 for path in folders} == {0o755}


def test_a_folder_that_vanishes_under_an_upload_is_made_again(terms, store):
    folder = terms.root / "docs"

    def remove_once(stop):
        while not stop.is_set():
            with contextlib.suppress(OSError):
                folder.rmdir()
                stop.set()

    for i in range(50):
        stop = threading.Event()
        remover = threading.Thread(target=remove_once, args=[stop])
        remover.start()
        name = store(b"%d" % i, "docs/a.txt")
        stop.set()
        remover.join()
        (terms.root / name).unlink()


def test_eight_threads_with_equal_bytes_store_one_file(terms, store, stored_files):
    gate = threading.Barrier(8)

    def upload(_):
        gate.wait()
        return {store(b"the same" * 1000, "x/a.txt") for _ in range(25)}

    with ThreadPoolExecutor(8) as pool:
        names = set().union(*pool.map(upload, range(8)))
    assert stored_files(terms.root) == list(names)


def test_four_processes_with_equal_bytes_store_one_file(terms, stored_files):
    script = (
        "import sys; from pathlib import Path; from roots.atomic import Modes;"
        "from roots.media.intake import receive, staging_directory;"
        "from roots.media.moving import Terms;"
        "from roots.media.accept import accept; from tests.media.test_accept import keep\n"
        "terms = Terms(Path(sys.argv[1]), Modes(), durable=False)\n"
        "for _ in range(100):\n"
        "    with receive([b'the same' * 1000], staging_directory(terms.root, terms.modes)) as f:\n"
        "        name = keep(accept(f.finish(), 'x/a.txt', terms))\n"
        "print(name)"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", script, terms.root], stdout=subprocess.PIPE)
        for _ in range(4)
    ]
    names = {process.communicate(timeout=60)[0].decode().strip() for process in processes}
    assert [process.returncode for process in processes] == [0] * 4
    assert stored_files(terms.root) == list(names)


def test_durable_uploads_are_stored_alike(terms, store):
    terms = replace(terms, durable=True)
    for _ in "ab":
        with receive([b"hello"], staging_directory(terms.root, terms.modes)) as file:
            assert keep(accept(file.finish(), "x/y/a.txt", terms)) == "x/y/a.ea8f163db386.txt"


def test_a_field_too_short_for_the_name_is_the_clients_error_and_leaves_nothing(
    terms, store, stored_files
):
    with pytest.raises(UploadRejected):
        store(b"hello", "a.txt", max_chars=15)
    assert stored_files(terms.root) == []


@pytest.mark.parametrize("obstacle", ["file", "dangling symlink"])
def test_a_folder_that_is_none_is_a_storage_error_and_leaves_nothing(
    terms, store, stored_files, obstacle
):
    terms.root.mkdir()
    if obstacle == "file":
        (terms.root / "docs").touch()
    else:
        (terms.root / "docs").symlink_to("nowhere")
    with pytest.raises(StorageError, match=r"a file where|leads nowhere"):
        store(b"hello", "docs/a.txt")
    assert stored_files(terms.root) == ["docs"]


def test_a_name_that_does_not_reach_the_disk_is_not_given(terms, store, stored_files, monkeypatch):
    """It would be nobody's: no row, and no claim that tells when it may go."""

    def fail(_):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    kept = store(b"kept")
    with monkeypatch.context() as patched:
        patched.setattr("roots.atomic.sync_directory", fail)
        for data in (b"hello", b"kept"):
            with (
                receive([data], staging_directory(terms.root, terms.modes)) as file,
                pytest.raises(OSError, match="Input/output error"),
            ):
                accept(file.finish(), "a.txt", replace(terms, durable=True))
    assert stored_files(terms.root) == [kept]
    assert (terms.root / kept).read_bytes() == b"kept"


@pytest.fixture
def disk(terms):
    """Mounts a file system of 1 MiB at the root, or at a folder of it."""
    with contextlib.ExitStack() as stack:

        def mount(folder=".", size=1 << 20, *options):
            target = terms.root / folder
            target.mkdir(parents=True, exist_ok=True)
            stack.enter_context(mounted(target, size, *options))

        yield mount


@as_root
def test_a_full_disk_is_a_storage_error_and_leaves_nothing(terms, store, disk, stored_files):
    disk()
    kept = store(b"small")
    with pytest.raises(StorageError, match=r"No space left on device\. Free space"):
        store(b"x" * (2 << 20))
    assert stored_files(terms.root) == [kept]
    assert store(b"y" * (512 << 10)) != kept


@as_root
def test_a_disk_without_room_for_a_name_is_a_storage_error(terms, store, disk, stored_files):
    disk(".", 1 << 20, "nr_inodes=4")  # the root, .roots, staging, and one file
    with pytest.raises(StorageError, match="No space left"):
        store(b"hello", "docs/a.txt")
    assert stored_files(terms.root) == []


@as_root
def test_a_read_only_disk_is_a_storage_error(terms, store, disk):
    disk()
    subprocess.run(["mount", "-o", "remount,ro", terms.root], check=True)
    with pytest.raises(StorageError, match="mounted read-only"):
        store(b"hello")


@as_root
def test_a_folder_on_another_disk_is_filled_too(terms, store, disk, stored_files):
    disk("videos")
    for _ in "ab":
        assert store(b"hello", "videos/a.txt") == "videos/a.ea8f163db386.txt"
    assert (terms.root / "videos/a.ea8f163db386.txt").stat().st_mode & 0o7777 == 0o644
    with pytest.raises(StorageError, match="No space left"):
        store(b"x" * (2 << 20), "videos/big.txt")
    assert stored_files(terms.root) == ["videos/a.ea8f163db386.txt"]
