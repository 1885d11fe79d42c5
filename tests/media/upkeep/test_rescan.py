"""What `manage.py media rescan` and `media clear` do, with a real clamd that learns."""

import io
import json

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import transaction

from roots.media import quarantine
from roots.media.locking import exclusive
from roots.media.scanning import ClamAV
from tests.clamd import EICAR, FOUND, LONGEST_BYTES
from tests.media.library import ledger
from tests.project.models import Document


@pytest.fixture
def scanner(clamd):
    return ClamAV(clamd.address)


@pytest.fixture
def later(database, scanner, media_root, settings):
    """A project that scans later."""
    settings.ROOTS = {"SCANNER": scanner, "SCAN_LATER": True}


@pytest.fixture
def infected(database, scanner, media_root, settings):
    """A file that was stored when nobody scanned, and is infected."""
    name = stored(EICAR, "old.txt").file.name
    settings.ROOTS = {"SCANNER": scanner}
    return name


def media(*arguments):
    """The exit code, and what was told: findings and the summary."""
    out = io.StringIO()
    try:
        call_command("media", *arguments, "--json", stdout=out)
        code = 0
    except SystemExit as left:
        code = left.code
    *findings, summary = map(json.loads, out.getvalue().splitlines())
    return code, [(each.get("done", each["kind"]), each["name"]) for each in findings], summary


def stored(content, name="a.txt"):
    return Document.objects.create(file=ContentFile(content, name))


def is_readable(name):
    try:
        default_storage.open(name).close()
    except FileNotFoundError:
        return False
    return True


def test_what_waited_and_is_harmless_is_stored(later):
    name = stored(b"hello").file.name
    assert not is_readable(name)
    assert media("rescan")[:2] == (0, [("cleared", name)])
    assert is_readable(name)
    assert not default_storage.is_quarantined(name)
    row = ledger().objects.get()
    assert (row.state, row.threat) == ("stored", "")
    assert row.scanned_at
    assert media("rescan")[:2] == (0, [])


def test_what_waited_and_is_infected_stays(later):
    name = stored(EICAR).file.name
    for _ in range(2):
        assert media("rescan")[:2] == (1, [("infected", name)])
        assert default_storage.is_quarantined(name)
        assert ledger().objects.get().threat == FOUND


def test_waiting_means_for_the_first_scan(later):
    name, other = stored(b"hello").file.name, stored(EICAR).file.name
    assert media("rescan", "--waiting")[1] == sorted(
        [("cleared", name), ("infected", other)], key=lambda each: each[1]
    )
    assert media("rescan", "--waiting")[:2] == (0, [])


def test_what_is_found_in_a_stored_file_puts_it_out_of_reach(infected, media_root):
    harmless = stored(b"hello").file.name
    code, told, summary = media("rescan")
    assert (code, told) == (1, [("infected", infected)])
    assert summary["summary"]["names"] == 2
    assert not is_readable(infected)
    assert is_readable(harmless)
    row = ledger().objects.get(name=infected)
    assert (row.state, row.threat) == ("quarantined", FOUND)


def test_a_scanner_learns(database, clamd, scanner, media_root, settings):
    """New signatures find what old ones did not, and an error among them can be put right."""
    settings.ROOTS = {"SCANNER": scanner}
    content = b"found from tomorrow on" + database.vendor.encode()
    name = stored(content).file.name
    assert media("rescan")[:2] == (0, [])
    clamd.learn(content)
    assert media("rescan")[:2] == (1, [("infected", name)])


def test_an_operator_knows_better(infected):
    media("rescan")
    assert media("clear", infected)[:2] == (0, [("cleared", infected)])
    assert is_readable(infected)
    assert media("rescan")[:2] == (0, [])
    assert is_readable(infected)
    assert media("clear", infected)[:2] == (1, [("not in quarantine", infected)])


def test_only_some_names(later):
    one, other = stored(b"one").file.name, stored(b"other").file.name
    media("rescan", other)
    assert (is_readable(one), is_readable(other)) == (False, True)


def test_only_behind_a_name_and_only_since_a_day(later):
    one, other = sorted(stored(each).file.name for each in (b"one", b"other"))
    ledger().objects.filter(name=other).update(stored_at="2020-02-02T00:00:00Z")
    assert media("rescan", "--after", one, "--since", "2020-02-03")[1] == []
    assert media("rescan", "--after", one, "--since", "2020-02-02")[1] == [("cleared", other)]


def test_what_the_scanner_does_not_take_is_told_and_left(database, scanner, media_root, settings):
    name = stored(b"x" * (LONGEST_BYTES + 1)).file.name
    settings.ROOTS = {"SCANNER": scanner}
    assert media("rescan")[:2] == (1, [("unscanned", name)])
    assert is_readable(name)


def test_a_scanner_that_is_down_stops_it(database, media_root, settings, tmp_path):
    name = stored(b"hello").file.name
    settings.ROOTS = {"SCANNER": ClamAV(tmp_path / "nobody")}
    with pytest.raises(CommandError, match="Is it running") as caught:
        media("rescan")
    assert caught.value.returncode == 2
    assert is_readable(name)


def test_without_a_scanner_it_says_so(database, media_root):
    media_root.mkdir()
    with pytest.raises(CommandError, match="SCANNER"):
        media("rescan")


def isolate_on_disk(name):
    """What another process does to the disk, before it waits for our transaction."""
    with exclusive(default_storage.terms.root, default_storage.terms.modes):
        assert quarantine.put(name, default_storage.terms)


def clear_on_disk(name):
    with exclusive(default_storage.terms.root, default_storage.terms.modes):
        assert quarantine.clear(name, default_storage.terms)


def test_an_open_upload_of_equal_bytes_does_not_bring_it_back(infected, settings):
    settings.ROOTS = {}
    with transaction.atomic():
        assert stored(EICAR, "old.txt").file.name == infected
        isolate_on_disk(infected)
    assert not is_readable(infected)
    assert default_storage.is_quarantined(infected)


def test_neither_does_one_that_rolls_back(infected, settings):
    settings.ROOTS = {}
    with pytest.raises(KeyError), transaction.atomic():
        stored(EICAR, "old.txt")
        isolate_on_disk(infected)
        raise KeyError
    assert not is_readable(infected)
    assert default_storage.is_quarantined(infected)


def test_an_upload_that_brought_it_takes_it_along_when_it_rolls_back(
    database, media_root, stored_files
):
    with pytest.raises(KeyError), transaction.atomic():
        isolate_on_disk(stored(EICAR).file.name)
        raise KeyError
    assert stored_files(media_root) == []


def test_what_was_cleared_while_its_upload_was_open_stays_cleared(later, media_root, stored_files):
    with transaction.atomic():
        name = stored(b"hello").file.name
        clear_on_disk(name)
    assert is_readable(name)
    assert stored_files(media_root) == [name]


def test_an_audit_knows_what_waits(infected, media_root):
    media("rescan")
    assert media("audit", "--min-age", "0s")[:2] == (1, [("quarantined", infected)])
    Document.objects.all()._raw_delete("default")
    assert media("audit", "--min-age", "0s")[:2] == (1, [("orphan", infected)])
    assert media("sweep", "--min-age", "0s", "--yes")[1] == [("trashed", infected)]
    assert not default_storage.is_quarantined(infected)


def test_the_trash_forgets_it_in_time(infected, media_root):
    media("rescan")
    Document.objects.all().delete()
    (day,) = (media_root / ".roots/trash").iterdir()
    day.rename(day.with_name("2020-02-02"))
    assert media("sweep", "--yes")[1] == [("purged", f".roots/quarantine/{infected}")]
    assert not ledger().objects.exists()


def test_a_file_that_was_moved_without_the_ledger_is_put_right(infected, settings):
    isolate_on_disk(infected)
    assert ("misrecorded", infected) in media("audit", "--min-age", "0s")[1]
    assert media("rescan")[:2] == (1, [("infected", infected)])
    assert media("audit", "--min-age", "0s")[1] == [("quarantined", infected)]


def test_and_so_is_one_that_came_back_without_it(infected):
    media("rescan")
    clear_on_disk(infected)
    assert media("audit", "--min-age", "0s")[1] == [("misrecorded", infected)]
    assert media("adopt")[:2] == (0, [])
    assert ledger().objects.get().state == "stored"


def test_adopting_leaves_alone_what_waits(infected):
    media("rescan")
    assert media("adopt")[:2] == (0, [])
    assert ledger().objects.get().state == "quarantined"


def test_what_was_deleted_in_quarantine_comes_back_to_it(infected):
    media("rescan")
    Document.objects.all().delete()
    assert not default_storage.is_quarantined(infected)
    assert ledger().objects.get().state == "trashed"
    assert media("restore", infected)[:2] == (0, [("restored", infected)])
    assert default_storage.is_quarantined(infected)
    assert not is_readable(infected)
    assert ledger().objects.get().state == "quarantined"
