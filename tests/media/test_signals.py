"""What projects hear of their files, and when."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection, transaction
from django.forms import Form

from roots.errors import UploadRejected
from roots.media import signals
from roots.media.forms import ImageField
from roots.media.presets import Images
from roots.media.storage import MediaStorage
from tests.project.models import Document

OF_FILES = (
    "file_stored",
    "file_trashed",
    "file_restored",
    "file_purged",
    "file_quarantined",
    "file_cleared",
)


class Finding:
    """A scanner that finds what it is told to."""

    threat = ""

    def scan(self, stream):
        return self.threat


@pytest.fixture
def heard(database, media_root):
    """Every signal about a file, `(which, name)` each; `heard.facts` are those of the last one."""
    heard = Heard()
    receivers = {name: heard.receiver(name) for name in OF_FILES}
    for name, receiver in receivers.items():
        getattr(signals, name).connect(receiver)
    yield heard
    for name, receiver in receivers.items():
        getattr(signals, name).disconnect(receiver)


class Heard(list):
    def receiver(self, which):
        def receive(sender, storage, name, **facts):
            assert sender is MediaStorage
            assert storage == default_storage
            self.append((which, name))
            self.facts = facts

        return receive


def stored(content=b"hello"):
    return Document.objects.create(file=ContentFile(content, "a.txt")).file.name


def test_a_file_is_stored_when_its_row_is_committed(heard):
    with transaction.atomic():
        name = stored()
        assert heard == []
    assert heard == [("file_stored", name)]
    facts = heard.facts["facts"]
    assert (facts.size, facts.original_name, facts.state) == (5, "a.txt", "stored")


@pytest.mark.django_db
def test_a_test_that_never_commits_hears_of_it_too(media_root, django_capture_on_commit_callbacks):
    heard = Heard()
    receiver = heard.receiver("file_stored")
    signals.file_stored.connect(receiver)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            first = stored()
        with django_capture_on_commit_callbacks(execute=True):
            second = stored(b"another")
    finally:
        signals.file_stored.disconnect(receiver)
    assert heard == [("file_stored", first), ("file_stored", second)]


def test_and_not_if_that_rolls_back(heard):
    with pytest.raises(KeyError), transaction.atomic():
        stored()
        raise KeyError
    assert heard == []


def test_what_is_stored_by_code_is_heard_of_at_once(heard):
    name = default_storage.save("a.txt", ContentFile(b"hello"))
    assert heard == [("file_stored", name)]


def test_a_receiver_may_use_files_and_tables(heard):
    """It hears of a file when all of it is done and nothing is locked."""
    seen = []

    def receive(name, **_):
        assert not connection.in_atomic_block
        with default_storage.open(name) as file:
            seen.append(file.read())
        if len(seen) == 1:
            Document.objects.create(file=ContentFile(b"another", "b.txt"))

    signals.file_stored.connect(receive)
    try:
        stored()
    finally:
        signals.file_stored.disconnect(receive)
    assert seen == [b"hello", b"another"]


def test_what_a_receiver_raises_harms_nobody(heard, caplog):
    def receive(**_):
        raise RuntimeError("a broken receiver")

    signals.file_stored.connect(receive)
    try:
        name = stored()
    finally:
        signals.file_stored.disconnect(receive)
    assert default_storage.exists(name)
    assert "a broken receiver" in caplog.text


def test_the_last_row_and_the_trash(heard, settings):
    name = stored()
    Document.objects.all().delete()
    call_command("media", "restore", name, verbosity=0)
    default_storage.delete(name)
    assert [which for which, _ in heard[1:]] == ["file_trashed", "file_restored", "file_trashed"]
    settings.ROOTS = {"TRASH_DAYS": 0}
    call_command("media", "sweep", "--yes", verbosity=0)
    assert heard[-1] == ("file_purged", name)


def test_without_a_trash_a_file_is_purged_at_once(heard, settings):
    settings.ROOTS = {"TRASH_DAYS": 0}
    name = stored()
    Document.objects.all().delete()
    assert heard[1:] == [("file_purged", name)]


def test_quarantine(heard, settings):
    scanner = Finding()
    settings.ROOTS = {"SCANNER": scanner}
    name = stored()
    scanner.threat = "Something"
    with pytest.raises(SystemExit):
        call_command("media", "rescan", verbosity=0)
    assert heard[1:] == [("file_quarantined", name)]
    assert heard.facts["threat"] == "Something"
    call_command("media", "clear", name, verbosity=0)
    assert heard[2:] == [("file_cleared", name)]


@pytest.fixture
def rejections():
    heard = []

    def receive(sender, rejected, **_):
        heard.append((rejected.code, rejected.status))

    signals.upload_rejected.connect(receive)
    yield heard
    signals.upload_rejected.disconnect(receive)


def test_a_refused_upload_is_heard_of_once(database, media_root, settings, rejections):
    settings.ROOTS = {"UPLOAD_POLICY": Images()}
    with pytest.raises(UploadRejected):
        default_storage.save("a.txt", ContentFile(b"hello"))
    assert rejections == [("type", 415)]


def test_so_is_one_that_a_form_refused(media_root, rejections):
    class Photo(Form):
        photo = ImageField()

    assert not Photo({}, {"photo": SimpleUploadedFile("a.txt", b"hello")}).is_valid()
    assert rejections == [("type", 415)]
