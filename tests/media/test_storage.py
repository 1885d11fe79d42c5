import io
import pickle
from pathlib import Path

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.migrations.writer import MigrationWriter
from django.forms import modelform_factory

from roots.errors import ConfigError, StorageError, UploadRejected
from roots.media.storage import MediaStorage
from tests.project.models import Document, Picture

pytestmark = pytest.mark.django_db

PIXEL = bytes.fromhex(
    "47494638396102000100800000ffffff00000021f90400000000002c00000000020001000002028451003b"
)


def read(storage, name):
    return Path(storage.path(name)).read_bytes()


@pytest.mark.parametrize(
    "content",
    [
        ContentFile(b"hello"),
        ContentFile("hello"),
        SimpleUploadedFile("x.txt", b"hello"),
        io.BytesIO(b"hello"),
        io.StringIO("hello"),
        File(io.BytesIO(b"hello")),
    ],
    ids=["bytes", "text", "upload", "stream", "text stream", "file"],
)
def test_anything_that_can_be_read_is_stored_from_its_beginning(storage, content):
    content.read()
    assert storage.save("docs/a.txt", content) == "docs/a.ea8f163db386.txt"
    assert read(storage, "docs/a.ea8f163db386.txt") == b"hello"


def test_what_cannot_seek_is_stored_from_where_it_is(storage):
    class Pipe(io.RawIOBase):
        chunks_left = [b"hel", b"lo"]  # noqa: RUF012

        def read(self, size=-1):
            return self.chunks_left.pop(0) if self.chunks_left else b""

    assert storage.save("a.txt", Pipe()) == "a.ea8f163db386.txt"


def test_without_a_name_the_content_s_own_is_taken(storage):
    assert storage.save(None, ContentFile(b"hello", "own.txt")) == "own.ea8f163db386.txt"


def test_content_that_fails_half_way_leaves_nothing(storage, media_root, stored_files):
    class Broken(File):
        def chunks(self, chunk_size=None):
            yield b"half"
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        storage.save("a.txt", Broken(io.BytesIO()))
    assert stored_files(media_root) == []


def test_max_length_counts_characters_of_the_whole_stored_name(storage):
    name = storage.save("docs/" + "ä" * 90 + ".txt", ContentFile(b"hello"), max_length=50)
    assert len(name) == 50
    with pytest.raises(SuspiciousFileOperation, match="raise max_length on the field"):
        storage.save("docs/a.txt", ContentFile(b"hello"), max_length=20)


@pytest.mark.parametrize(
    "name", ["../x", "/abs", "a/../../x", "..\\x", "C:x", "a\0b", "", ".", "a/"]
)
def test_a_hostile_name_is_djangos_suspicious_operation(storage, media_root, name):
    with pytest.raises(SuspiciousFileOperation) as caught:
        storage.save(name, ContentFile(b"hello"))
    assert isinstance(caught.value.__cause__, UploadRejected)
    assert not media_root.exists()
    for hook in (storage.generate_filename, storage.get_valid_name, storage.get_available_name):
        with pytest.raises(SuspiciousFileOperation):
            hook(name)


@pytest.mark.parametrize("name", ["../x", "/abs", "C:x", ".roots/../../x"])
def test_names_are_checked_after_the_hooks_of_a_subclass(media_root, name):
    class Renaming(MediaStorage):
        def get_available_name(self, name_, max_length=None):
            return name

    with pytest.raises(SuspiciousFileOperation):
        Renaming().save("harmless.txt", ContentFile(b"hello"))


@pytest.mark.parametrize("name", [".roots/staging/x", ".roots", ".ROOTS/x", "a/../.roots/x"])
def test_what_the_package_keeps_for_itself_cannot_be_reached(storage, name):
    storage.save("a.txt", ContentFile(b"hello"))
    for refuses in (storage.path, storage.open, storage.size, storage.delete):
        with pytest.raises(SuspiciousFileOperation):
            refuses(name)
    assert not storage.exists(name)


def test_a_file_saved_under_a_hidden_name_is_not_hidden(storage):
    assert storage.save(".roots/staging/x", ContentFile(b"x")).startswith("roots/staging/x.")


def test_listing_shows_only_what_was_stored(storage, media_root):
    storage.save("docs/a.txt", ContentFile(b"hello"))
    (media_root / ".roots-0123").touch()
    (media_root / "from-before.txt").touch()
    assert storage.listdir("") == (["docs"], ["from-before.txt"])


def test_urls_are_percent_encoded(storage):
    name = storage.save("Été/50% off?.txt", ContentFile(b"hello"))
    assert storage.url(name) == "/media/%C3%89t%C3%A9/50%25%20off_.ea8f163db386.txt"
    assert (
        MediaStorage(base_url="https://cdn.example/m").url("a b") == "https://cdn.example/m/a%20b"
    )


def test_the_rest_is_djangos(storage):
    name = storage.save("a.txt", ContentFile(b"hello"))
    assert storage.exists(name)
    assert not storage.exists("other.txt")
    assert storage.size(name) == 5
    assert storage.get_modified_time(name).tzinfo is not None
    with storage.open(name) as file:
        assert file.read() == b"hello"


@pytest.mark.parametrize("mode", ["wb", "r+b", "ab", "x"])
def test_a_stored_file_cannot_be_written_to(storage, mode):
    name = storage.save("a.txt", ContentFile(b"hello"))
    with pytest.raises(io.UnsupportedOperation, match="Save the new content instead"):
        storage.open(name, mode)
    assert read(storage, name) == b"hello"


def test_a_root_that_is_a_file_is_a_storage_error(storage, media_root):
    media_root.write_text("not a folder")
    with pytest.raises(StorageError, match="is a file where a directory must be"):
        storage.save("a.txt", ContentFile(b"hello"))


def test_modes_are_those_of_the_settings_or_the_storage(media_root, settings):
    settings.FILE_UPLOAD_PERMISSIONS = None
    plain, strict = MediaStorage(), MediaStorage(file_permissions_mode=0o600)
    modes = [
        Path(s.path(s.save(f"{i}.txt", ContentFile(b"x")))).stat().st_mode & 0o7777
        for i, s in enumerate((plain, strict))
    ]
    assert modes == [0o644, 0o600]


def test_overwriting_cannot_be_asked_for():
    with pytest.raises(ConfigError, match="allow_overwrite=True"):
        MediaStorage(allow_overwrite=True)


def test_it_goes_into_migrations_and_through_pickle(tmp_path):
    storage = MediaStorage(location=tmp_path, base_url="/own/")
    text, _ = MigrationWriter.serialize(storage)
    assert text.startswith("roots.media.storage.MediaStorage(")
    assert pickle.loads(pickle.dumps(storage)).location == str(tmp_path)


def test_uploads_are_staged_by_default_and_a_projects_own_choice_stays(settings):
    from django.apps import apps

    ours, theirs = "roots.media.uploads.StagingUploadHandler", ["their.own"]
    assert settings.FILE_UPLOAD_HANDLERS[:] == [ours]
    settings.FILE_UPLOAD_HANDLERS = theirs
    apps.get_app_config("roots").ready()
    assert settings.FILE_UPLOAD_HANDLERS is theirs


def test_a_stock_form_stores_a_file_in_its_dated_folder(media_root):
    form = modelform_factory(Document, fields=["title", "file"])(
        {"title": "T"}, {"file": SimpleUploadedFile("Q3 Report.TXT", b"hello")}
    )
    document = form.save()
    folder, name = document.file.name.rsplit("/", 1)
    assert folder.startswith("documents/20")
    assert name == "Q3 Report.ea8f163db386.txt"
    assert read(default_storage, document.file.name) == b"hello"


def test_a_stock_image_form_checks_measures_and_stores_a_picture(media_root):
    form_class = modelform_factory(Picture, fields=["image"])
    picture = form_class({}, {"image": SimpleUploadedFile("p.gif", PIXEL, "image/gif")}).save()
    assert (picture.width, picture.height) == (2, 1)
    assert read(default_storage, picture.image.name) == PIXEL
    assert not form_class({}, {"image": SimpleUploadedFile("p.gif", b"no picture")}).is_valid()


@pytest.mark.urls("tests.media.project")
def test_a_stock_image_form_works_over_http(client, media_root):
    answer = client.post("/picture/", {"image": SimpleUploadedFile("p.gif", PIXEL, "image/gif")})
    picture = Picture.objects.get()
    assert answer.content.decode() == picture.image.url
    assert (picture.width, picture.height) == (2, 1)
    assert client.post("/picture/", {"image": SimpleUploadedFile("p.gif", b"no")}).content == b"no"
    assert list((media_root / ".roots/staging").iterdir()) == []


def test_an_upload_to_callable_cannot_lead_out_of_the_root(media_root):
    field = Document._meta.get_field("file")
    for target in ("../x", "/abs", "a/../../x"):
        field.upload_to, before = (lambda instance, name, target=target: target), field.upload_to
        try:
            with pytest.raises(SuspiciousFileOperation):
                Document(file=ContentFile(b"x", "a.txt")).save()
        finally:
            field.upload_to = before


def test_it_is_a_file_system_storage():
    assert isinstance(default_storage, FileSystemStorage)


def test_a_project_s_own_valid_names_are_asked_for_once_and_without_the_folder(media_root):
    class Marked(MediaStorage):
        def get_valid_name(self, name):
            return f"valid {name}"

    storage = Marked()
    assert storage.generate_filename("a/b c.txt") == "a/valid b c.txt"
    assert storage.save("a/valid b.txt", ContentFile(b"hello")) == "a/valid b.ea8f163db386.txt"
