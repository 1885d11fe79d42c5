"""Disks that are full, read-only, or another one: rows and files stay true to each other."""

import contextlib
import errno
import os
import subprocess
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import transaction

from roots.errors import StorageError, UploadRejected
from roots.media import trash
from roots.media.lifecycle import settling
from tests.media.disks import mounted
from tests.project.models import Document

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk"),
]
BIG = b"x" * (2 << 20)


def upload(data=b"hello", name="a.txt"):
    return Document.objects.create(file=ContentFile(data, name))


def everything(root):
    """All files there are, those that are kept for ourselves too."""
    found = (path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    return sorted(set(found) - {".roots/lock"})


def named():
    return sorted(Document.objects.exclude(file="").values_list("file", flat=True))


@pytest.fixture
def disks(media_root, settings):
    """Mounts a small disk at the root, or at a folder below it."""
    settings.ROOTS = {"RESERVE_BYTES": 0}
    with contextlib.ExitStack() as stack:

        def mount(folder=".", *options):
            (media_root / folder).mkdir(parents=True, exist_ok=True)
            stack.enter_context(mounted(media_root / folder, 1 << 20, *options))

        yield mount


@contextlib.contextmanager
def read_only(root):
    subprocess.run(["mount", "-o", "remount,ro", root], check=True)
    try:
        yield
    finally:
        subprocess.run(["mount", "-o", "remount,rw", root], check=True)


def fill(root):
    """Leave not a byte."""
    with open(root / "filler", "wb", buffering=0) as filler, contextlib.suppress(OSError):
        while True:
            filler.write(bytes(4096))


def test_a_full_disk_costs_the_upload_and_nothing_else(media_root, disks):
    disks()
    row = upload()
    with pytest.raises(UploadRejected, match="not enough space"):
        upload(BIG)
    with pytest.raises(UploadRejected), transaction.atomic():
        upload(b"rolled back")
        upload(BIG)
    assert everything(media_root) == named() == [row.file.name]


def test_a_full_disk_keeps_nobody_from_deleting_to_the_trash(media_root, disks):
    disks()
    row = upload()
    upload(b"makes the folders of the trash", "b.txt").delete()
    fill(media_root)
    row.delete()
    assert row.file.name in {entry.name for entry in trash.entries(media_root)}
    assert not (media_root / row.file.name).exists()


def test_a_disk_without_room_for_a_name_leaves_the_file_where_it_was(media_root, disks, caplog):
    disks(".", "nr_inodes=14")
    row = upload()
    while True:
        try:
            (media_root / os.urandom(4).hex()).touch()
        except OSError as error:
            assert error.errno == errno.ENOSPC
            break
    row.delete()
    assert "No space left" in caplog.text
    assert (media_root / row.file.name).read_bytes() == b"hello"
    assert not list(trash.entries(media_root))
    remove_litter(media_root)
    settling.settle(row.file.storage, [row.file.name])
    assert [entry.name for entry in trash.entries(media_root)] == [row.file.name]


def remove_litter(root):
    for path in root.iterdir():
        if path.is_file():
            path.unlink()


def test_a_read_only_root_refuses_uploads_with_a_sentence(media_root, disks):
    disks()
    row = upload()
    with read_only(media_root), pytest.raises(StorageError, match="mounted read-only"):
        upload(b"another")
    assert everything(media_root) == named() == [row.file.name]


def test_a_row_is_deleted_though_its_root_is_read_only_and_the_file_goes_later(
    media_root, disks, caplog
):
    disks()
    row = upload()
    with read_only(media_root):
        row.delete()
    assert named() == []
    assert "mounted read-only" in caplog.text
    assert "manage.py media audit" in caplog.text
    assert everything(media_root) == [row.file.name]
    settling.settle(row.file.storage, [row.file.name])
    assert [entry.name for entry in trash.entries(media_root)] == [row.file.name]


def test_a_root_that_becomes_read_only_before_the_commit_loses_nothing(media_root, disks, caplog):
    disks()
    with transaction.atomic():
        row = upload()
        subprocess.run(["mount", "-o", "remount,ro", media_root], check=True)
    subprocess.run(["mount", "-o", "remount,rw", media_root], check=True)
    assert Path(row.file.path).read_bytes() == b"hello"
    assert named() == [row.file.name]
    assert "mounted read-only" in caplog.text


@pytest.mark.parametrize("folder", ["documents", ".roots/trash", ".roots/claims", ".roots/staging"])
def test_any_folder_of_the_root_may_be_another_disk(media_root, disks, folder):
    disks(folder)
    kept = upload(b"kept")
    assert upload(b"kept").file.name == kept.file.name
    with pytest.raises(RuntimeError), transaction.atomic():
        upload(b"rolled back")
        raise RuntimeError
    gone = upload(b"gone")
    gone.file = ContentFile(b"put in its place", "a.txt")
    gone.save()
    names = {path for path in everything(media_root) if not path.startswith(".roots")}
    assert names == set(named())
    trashed = {entry.path.read_bytes() for entry in trash.entries(media_root)}
    assert {b"gone"} <= trashed <= {b"gone", b"rolled back"}  # no links, so the tables are asked
    assert not [path for path in everything(media_root) if "claims" in path or "staging" in path]


def test_a_trash_on_another_disk_that_is_full_leaves_the_file_where_it_was(
    media_root, disks, caplog
):
    disks(".roots/trash")
    row = upload(BIG)
    row.delete()
    assert "No space left" in caplog.text
    assert (media_root / row.file.name).stat().st_size == len(BIG)
    assert not list(trash.entries(media_root))
    assert [path for path in everything(media_root) if ".roots" in path] == []
