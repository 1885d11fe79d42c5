"""A disk that fills up: a small one of its own, mounted for the test."""

import os

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from roots.errors import StorageError, UploadRejected
from roots.media import room
from roots.media.room import Room
from tests.media.disks import mounted

DISK_BYTES, RESERVE_BYTES = 4 << 20, 1 << 20
pytestmark = pytest.mark.urls(__name__)


def store(request):
    return HttpResponse(default_storage.save("a.bin", request.FILES["file"]))


urlpatterns = [path("", store)]
handler400 = "roots.media.answers.refused"


@pytest.fixture
def disk(media_root):
    """MEDIA_ROOT is a disk of 4 MiB."""
    media_root.mkdir()
    with mounted(media_root, DISK_BYTES):
        yield media_root


@pytest.fixture
def reserved(disk, database, settings):
    """The same, of which the last MiB is kept free."""
    settings.ROOTS = {"RESERVE_BYTES": RESERVE_BYTES}
    room.room_in.cache_clear()
    return disk


def free_bytes(directory):
    facts = os.statvfs(directory)
    return facts.f_bavail * facts.f_frsize


def test_there_is_room_until_only_the_reserve_is_left(disk):
    found = Room(str(disk))
    assert found.has(DISK_BYTES // 2, RESERVE_BYTES)
    assert found.take(DISK_BYTES // 2, RESERVE_BYTES)
    assert not found.has(DISK_BYTES, RESERVE_BYTES)
    assert not found.take(DISK_BYTES, RESERVE_BYTES)


def test_what_others_write_is_noticed(disk):
    found = Room(str(disk))
    assert found.has(DISK_BYTES // 2, 0)
    (disk / "other").write_bytes(b"x" * (DISK_BYTES // 2 + 4096))
    found._asked_at_s -= 2
    assert not found.has(DISK_BYTES // 2, 0)
    (disk / "other").unlink()
    assert found.has(DISK_BYTES // 2, 0)


def test_a_directory_that_is_not_there_yet_is_on_the_disk_of_its_parent(disk):
    assert not Room(str(disk / "a/b/c")).has(DISK_BYTES * 2, 0)


@pytest.mark.parametrize("size", [3 << 20, (3 << 20) + (1 << 16)])
def test_an_upload_that_does_not_fit_is_refused_and_leaves_nothing(
    reserved, stored_files, caplog, size
):
    with pytest.raises(UploadRejected) as caught:
        default_storage.save("a.bin", ContentFile(b"\0" * (size + 1)))
    assert (caught.value.code, caught.value.status) == ("full", 507)
    assert isinstance(caught.value, StorageError)
    assert "not enough space left" in str(caught.value)
    assert "ROOTS['RESERVE_BYTES']" in caplog.text
    assert stored_files(reserved) == []
    assert default_storage.save("a.bin", ContentFile(b"\0" * 1000))


def test_so_is_one_that_comes_in_chunks(reserved, stored_files):
    large = SimpleUploadedFile("a.bin", b"\0" * DISK_BYTES)
    with pytest.raises(UploadRejected, match="not enough space left"):
        default_storage.save("a.bin", large)
    assert stored_files(reserved) == []
    assert free_bytes(reserved) > DISK_BYTES - (1 << 18)


def post(content):
    client = Client(raise_request_exception=False)
    return client.post("/", {"file": SimpleUploadedFile("a.bin", content)})


def test_a_request_that_cannot_fit_is_refused_before_it_is_written(reserved, stored_files):
    assert post(b"\0" * 1000).status_code == 200
    answer = post(b"\0" * DISK_BYTES)
    assert answer.status_code == 507
    assert answer.content == (
        b"a.bin cannot be taken, because the server has not enough space left for it.\n"
    )
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert len(stored_files(reserved)) == 1


def test_a_disk_that_is_full_all_the_same_is_the_same_refusal(
    disk, database, settings, stored_files
):
    settings.ROOTS = {"RESERVE_BYTES": 0}
    with pytest.raises(UploadRejected) as caught:
        default_storage.save("a.bin", ContentFile(b"\0" * (DISK_BYTES + 1)))
    assert (caught.value.code, caught.value.status) == ("full", 507)
    assert isinstance(caught.value, StorageError)
    assert "No space left" in str(caught.value.__cause__)
    assert post(b"\0" * (DISK_BYTES + 1)).status_code == 507
    assert stored_files(disk) == []
