"""What waits in quarantine stays there, whoever brings its bytes again, until they are scanned."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from roots.media.lifecycle import quarantining
from tests.clamd import EICAR
from tests.media.library import ledger
from tests.media.test_screening import Counting, Down
from tests.project.models import Document

UNASKED = {
    "nobody scans": {},
    "the scanner is down": {"SCANNER": Down(), "UNSCANNED": "accept"},
}


@pytest.fixture
def infected(database, media_root):
    """A row whose file is in quarantine."""
    row = Document.objects.create(file=ContentFile(EICAR, "a.txt"))
    assert quarantining.isolate(default_storage, row.file.name, "Eicar")
    return row


@pytest.mark.parametrize("why", UNASKED)
def test_equal_bytes_that_nobody_looked_into_do_not_let_a_file_out(infected, settings, why):
    settings.ROOTS = UNASKED[why]
    again = Document.objects.create(file=ContentFile(EICAR, "a.txt"))
    assert again.file.name == infected.file.name
    assert not default_storage.exists(infected.file.name)
    assert default_storage.is_quarantined(infected.file.name)
    row = ledger().objects.get()
    assert (row.state, row.threat) == ("quarantined", "Eicar")


@pytest.mark.parametrize("why", UNASKED)
def test_other_bytes_do_not_take_the_name_of_what_waits(infected, settings, monkeypatch, why):
    settings.ROOTS = UNASKED[why]
    stem = infected.file.name.removesuffix(".txt")
    digits = len(stem.rpartition(".")[2])
    monkeypatch.setattr(
        "roots.media.accept.compose",
        lambda name, digest, length, _: f"{stem}{'0' * (length - digits)}.txt",
    )
    other = Document.objects.create(file=ContentFile(b"hello", "a.txt"))
    assert other.file.name == f"{stem}0000.txt"
    with default_storage.open(other.file.name) as file:
        assert file.read() == b"hello"
    assert not default_storage.exists(infected.file.name)


def test_what_was_found_before_the_trash_is_not_taken_for_cleared(infected, settings):
    """`rescan` leaves a stored file alone whose known threat somebody has cleared."""
    infected.delete()
    assert ledger().objects.get().state == "trashed"
    Document.objects.create(file=ContentFile(EICAR, "a.txt"))
    row = ledger().objects.get()
    assert (row.state, row.threat) == ("stored", "")


def test_equal_bytes_that_were_scanned_let_the_file_be_read(database, media_root, settings):
    settings.ROOTS = {"SCANNER": Down(), "SCAN_LATER": True}
    waits = Document.objects.create(file=ContentFile(b"hello", "a.txt"))
    assert default_storage.is_quarantined(waits.file.name)
    settings.ROOTS = {"SCANNER": Counting()}
    assert Document.objects.create(file=ContentFile(b"hello", "a.txt")).file.name == waits.file.name
    assert default_storage.exists(waits.file.name)
    assert not default_storage.is_quarantined(waits.file.name)
