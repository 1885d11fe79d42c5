"""Uploads on their way past a scanner, a real clamd: through storages, forms and transactions."""

import pytest
from django.core.exceptions import SuspiciousFileOperation, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.forms import modelform_factory

from roots.errors import UploadRejected
from roots.media import forms
from roots.media.fields import FileField
from roots.media.intake import StagingFile
from roots.media.scanning import ClamAV, ScanFailed
from roots.media.uploads import StagedUploadedFile
from tests.clamd import EICAR, FOUND
from tests.media import samples
from tests.media.library import ledger
from tests.project.models import Document, Picture


class Down:
    """A scanner that gives no answer."""

    def scan(self, stream):
        raise ScanFailed("there is nobody")


class Counting:
    """A scanner that finds nothing, and remembers what it was given."""

    def __init__(self):
        self.seen = []

    def scan(self, stream):
        self.seen.append(stream.read())
        return ""


@pytest.fixture
def scanned(clamd, media_root, settings):
    """A project with a real scanner."""
    settings.ROOTS = {"SCANNER": ClamAV(clamd.address)}
    return settings.ROOTS


@pytest.fixture
def unanswered(media_root, settings):
    """A project whose scanner is down, by what `UNSCANNED` says."""

    def configured(unscanned=None):
        settings.ROOTS = {"SCANNER": Down()} | ({"UNSCANNED": unscanned} if unscanned else {})

    return configured


@pytest.fixture
def staged_upload(media_root):
    """An upload as a request brings it."""
    uploads = []

    def upload(content, name):
        staging = StagingFile(default_storage.staging_directory())
        staging.write(content)
        uploads.append(StagedUploadedFile(staging, name=name))
        return uploads[-1]

    yield upload
    for each in uploads:
        each.close()


def waiting(root):
    below = root / ".roots/quarantine"
    return sorted(p.relative_to(below).as_posix() for p in below.rglob("*") if p.is_file())


def test_an_infected_upload_is_refused_and_nothing_is_kept(
    database, scanned, media_root, stored_files
):
    with pytest.raises(UploadRejected) as caught:
        default_storage.save("notes/a.txt", ContentFile(EICAR))
    assert str(caught.value) == f"a.txt is not safe: {FOUND} was found in it."
    assert (caught.value.code, caught.value.status) == ("infected", 422)
    assert isinstance(caught.value, SuspiciousFileOperation)
    assert stored_files(media_root) == []
    assert not ledger().objects.exists()


def test_neither_is_it_stored_in_chunks_or_with_its_row(
    database, scanned, media_root, stored_files
):
    large = SimpleUploadedFile("a.bin", b"\0" * 200_000 + EICAR)
    large.DEFAULT_CHUNK_SIZE = 1 << 16
    with pytest.raises(UploadRejected, match="not safe"):
        Document.objects.create(file=large)
    assert stored_files(media_root) == []
    assert not Document.objects.exists()


def test_a_harmless_one_is_stored_as_ever(database, scanned, media_root, stored_files):
    row = Document.objects.create(file=ContentFile(b"hello", "a.txt"))
    assert stored_files(media_root) == [row.file.name]
    assert not default_storage.is_quarantined(row.file.name)
    assert ledger().objects.get().state == "stored"


def test_a_form_says_what_was_found(scanned):
    field = forms.FileField()
    with pytest.raises(ValidationError) as caught:
        field.clean(SimpleUploadedFile("a.txt", EICAR))
    assert caught.value.messages == [f"a.txt is not safe: {FOUND} was found in it."]
    assert [error.code for error in caught.value.error_list] == ["infected"]
    assert field.clean(SimpleUploadedFile("a.txt", b"hello")).read() == b"hello"


def test_a_model_field_says_it_too(scanned):
    with pytest.raises(ValidationError, match="not safe"):
        FileField().run_validators(SimpleUploadedFile("a.txt", EICAR))


def test_so_does_a_form_of_a_model_with_a_stock_field(database, scanned):
    form_class = modelform_factory(Document, fields=["file"])
    form = form_class({}, {"file": SimpleUploadedFile("a.txt", EICAR)})
    assert form.errors == {"file": [f"a.txt is not safe: {FOUND} was found in it."]}


def test_an_upload_is_scanned_once_however_many_ask(database, media_root, settings, staged_upload):
    scanner = Counting()
    settings.ROOTS = {"SCANNER": scanner}
    upload = staged_upload(b"hello", "a.txt")
    forms.FileField().clean(upload)
    FileField().run_validators(upload)
    default_storage.save("a.txt", upload)
    assert scanner.seen == [b"hello"]


def test_one_that_was_changed_in_between_is_scanned_again(
    database, media_root, settings, staged_upload
):
    scanner = Counting()
    settings.ROOTS = {"SCANNER": scanner}
    upload = staged_upload(b"hello", "a.txt")
    forms.FileField().clean(upload)
    with open(upload.temporary_file_path(), "wb") as stream:
        stream.write(b"other")
    default_storage.save("a.txt", upload)
    assert scanner.seen == [b"hello", b"other"]


def test_without_an_answer_an_upload_is_refused(database, unanswered, media_root, stored_files):
    unanswered()
    with pytest.raises(UploadRejected, match="could not be checked") as caught:
        default_storage.save("a.txt", ContentFile(b"hello"))
    assert (caught.value.code, caught.value.status) == ("unscanned", 503)
    with pytest.raises(ValidationError, match="try again later"):
        forms.FileField().clean(SimpleUploadedFile("a.txt", b"hello"))
    assert stored_files(media_root) == []


def test_or_it_is_accepted_if_the_project_says_so(database, unanswered, caplog):
    unanswered("accept")
    forms.FileField().clean(SimpleUploadedFile("a.txt", b"hello"))
    name = default_storage.save("a.txt", ContentFile(b"hello"))
    with default_storage.open(name) as file:
        assert file.read() == b"hello"
    assert "a.txt was not scanned: there is nobody" in caplog.text


def test_or_it_waits_in_quarantine(database, unanswered, media_root):
    unanswered("quarantine")
    name = default_storage.save("a.txt", ContentFile(b"hello"))
    assert waiting(media_root) == [name]
    assert ledger().objects.get(name=name).state == "quarantined"


@pytest.fixture
def later(media_root, settings):
    """A project that scans later."""
    settings.ROOTS = {"SCANNER": Down(), "SCAN_LATER": True}


def test_what_waits_cannot_be_read(database, later, media_root):
    row = Document.objects.create(file=ContentFile(EICAR, "a.txt"))
    assert waiting(media_root) == [row.file.name]
    assert default_storage.is_quarantined(row.file.name)
    assert not default_storage.exists(row.file.name)
    with pytest.raises(FileNotFoundError):
        Document.objects.get().file.open()
    with pytest.raises(SuspiciousFileOperation):
        default_storage.open(f".roots/quarantine/{row.file.name}")


def test_its_row_can_be_saved_and_goes_with_it(database, later, media_root):
    Document.objects.create(file=ContentFile(b"hello", "a.txt"))
    row = Document.objects.get()
    row.title = "changed"
    row.save()
    assert waiting(media_root) == [row.file.name]
    row.delete()
    assert waiting(media_root) == []
    assert ledger().objects.get().state == "trashed"


def test_it_goes_with_a_transaction_that_rolls_back(database, later, media_root, stored_files):
    with pytest.raises(KeyError), transaction.atomic():
        Document.objects.create(file=ContentFile(b"hello", "a.txt"))
        raise KeyError
    assert stored_files(media_root) == []


def test_equal_uploads_wait_together_until_the_last_row_goes(database, later, media_root):
    one, other = (Document.objects.create(file=ContentFile(b"hello", "a.txt")) for _ in range(2))
    assert one.file.name == other.file.name
    one.delete()
    assert waiting(media_root) == [other.file.name]
    other.delete()
    assert waiting(media_root) == []


def test_what_was_cleared_before_need_not_wait_again(database, media_root, settings):
    name = default_storage.save("a.txt", ContentFile(b"hello"))
    settings.ROOTS = {"SCANNER": Down(), "SCAN_LATER": True}
    assert default_storage.save("a.txt", ContentFile(b"hello")) == name
    assert waiting(media_root) == []
    assert ledger().objects.get().state == "stored"


@pytest.mark.parametrize("first", ["waiting", "stored"])
def test_a_name_that_other_bytes_have_is_taken_on_both_sides(
    database, media_root, settings, monkeypatch, first
):
    """Whoever can make two files whose names agree must not swap one for the other."""
    monkeypatch.setattr(
        "roots.media.accept.compose", lambda name, digest, length, _: f"a.{'0' * length}.txt"
    )
    later = {"SCANNER": Down(), "SCAN_LATER": True}
    turns = [later, {"SCANNER": Counting()}]
    for content in (b"one", b"other"):
        settings.ROOTS = turns.pop(0 if first == "waiting" else -1)
        default_storage.save("a.txt", ContentFile(content))
    assert len(waiting(media_root)) == 1
    names = set(ledger().objects.values_list("name", flat=True))
    assert names == {f"a.{'0' * 12}.txt", f"a.{'0' * 16}.txt"}


def test_the_trash_does_not_bring_back_unscanned_what_waits(database, media_root, settings):
    """It may be from a time before there was a scanner."""
    row = Document.objects.create(file=ContentFile(EICAR, "a.txt"))
    name = row.file.name
    row.delete()
    settings.ROOTS = {"SCANNER": Down(), "SCAN_LATER": True}
    row = Document.objects.create(file=ContentFile(EICAR, "a.txt"))
    row.save()
    assert row.file.name == name
    assert not default_storage.exists(name)


def test_a_picture_that_waits_has_its_size(database, later):
    row = Picture.objects.create(image=ContentFile(samples.picture("PNG", (3, 2)), "a.png"))
    assert (row.width, row.height) == (3, 2)
