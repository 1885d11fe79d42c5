"""What is wrong, judged from facts: each test is one name."""

import stat

import pytest

from roots.media.upkeep.rules import Rules
from roots.media.upkeep.walk import Seen

RULES = Rules(settled_s=1_000, columns=("shop.Product.photo",), keep=("newsletter/*",))
FILE, FOLDER = stat.S_IFREG | 0o644, stat.S_IFDIR | 0o755


def judge(
    name="a.jpg",
    *,
    size=5,
    mode=FILE,
    changed_s=500,
    waits=False,
    recorded="stored",
    rows=(7,),
):
    """The findings; `mode` None for no file, `recorded` None for no row in the ledger."""
    seen = [] if mode is None else [Seen(name, size, mode, changed_s, waits)]
    ledger = [(name, 5, "digest", recorded)] if recorded else []
    return RULES.judge(name, seen, ledger, [(name, 0, row) for row in rows])


def kinds(*arguments, **options):
    return [finding.kind for finding in judge(*arguments, **options)]


def test_a_file_that_a_row_names_and_the_ledger_knows_is_as_it_should_be():
    assert kinds() == []


def test_a_row_whose_file_is_gone():
    (finding,) = judge(mode=None, rows=(7, 8))
    assert finding.kind == "missing"
    assert finding.facts == {
        "rows": 2,
        "named_by": [
            {"field": "shop.Product.photo", "pk": 7},
            {"field": "shop.Product.photo", "pk": 8},
        ],
        "is_in_trash": False,
    }
    (finding,) = judge(mode=None, recorded="trashed")
    assert finding.facts["is_in_trash"]


def test_a_million_rows_of_one_missing_file_are_one_finding_of_a_few_lines():
    (finding,) = judge(mode=None, rows=range(1000))
    assert finding.facts["rows"] == 1000
    assert len(finding.facts["named_by"]) == 10


def test_a_link_that_leads_nowhere_is_no_file():
    assert kinds(mode=stat.S_IFLNK | 0o777) == ["missing"]
    assert kinds(mode=stat.S_IFLNK | 0o777, rows=(), recorded=None) == ["orphan"]


def test_a_file_that_no_row_names():
    (finding,) = judge(rows=(), recorded=None)
    assert finding.kind == "orphan"
    facts = {"bytes": 5, "changed": "1970-01-01T00:08:20+00:00", "is_recorded": False}
    assert finding.facts == facts


def test_a_young_file_is_not_talked_about_because_its_transaction_may_be_open():
    assert kinds(rows=(), changed_s=1_001) == []
    assert kinds(recorded=None, changed_s=1_001) == []


@pytest.mark.parametrize("name", ["newsletter/a.html", "newsletter/b/c.png", ".well-known", "a/.b"])
def test_files_that_are_there_on_purpose(name):
    assert kinds(name, rows=(), recorded=None) == []


def test_a_temporary_file_that_somebody_left():
    assert kinds("a/.roots-0123", rows=(), recorded=None) == ["abandoned"]


def test_a_file_in_use_that_the_ledger_does_not_know_or_thinks_is_in_the_trash():
    assert kinds(recorded=None) == ["unrecorded"]
    assert kinds(recorded="trashed") == ["misrecorded"]


def test_a_record_that_is_left_of_nothing():
    assert kinds(mode=None, rows=()) == ["stale"]
    assert kinds(mode=None, rows=(), recorded="trashed") == []


def test_a_file_that_became_longer_or_shorter():
    assert kinds(size=4) == ["wrong-size"]
    assert kinds(size=4, rows=()) == ["wrong-size", "orphan"]


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        ("a.jpg", stat.S_IFREG | 0o646),
        ("a.jpg", stat.S_IFREG | 0o600),
        ("a/", stat.S_IFDIR | 0o777),
        ("a/", stat.S_IFDIR | 0o744),
    ],
)
def test_what_everybody_may_write_or_not_everybody_may_read(name, mode):
    rows = (7,) if name == "a.jpg" else ()
    (finding,) = judge(name, mode=mode, rows=rows, recorded=rows and "stored")
    assert (finding.kind, finding.facts) == ("unsafe-mode", {"mode": f"{mode & 0o7777:04o}"})


def test_a_root_that_is_only_for_a_group_may_be_closed_to_others():
    private = Rules(settled_s=1_000, file_mode=0o640, directory_mode=0o750)
    row, record = ("a", 0, 7), ("a", 5, "digest", "stored")
    assert private.judge("a", [Seen("a", 5, stat.S_IFREG | 0o640, 500)], [record], [row]) == []
    assert private.judge("a/", [Seen("a/", 0, stat.S_IFDIR | 0o750, 500)], [], []) == []


def test_what_this_user_may_not_look_at_is_neither_there_nor_gone():
    assert kinds(mode=0) == ["unreadable"]
    assert kinds("a/", mode=0, rows=(), recorded=None) == ["unreadable"]


@pytest.mark.parametrize("kind", [stat.S_IFIFO, stat.S_IFSOCK, stat.S_IFDIR])
def test_what_is_no_file_where_a_file_should_be(kind):
    assert kinds(mode=kind | 0o644) == ["not-a-file"]


def test_a_file_that_waits_in_quarantine():
    assert kinds(waits=True, recorded="quarantined") == ["quarantined"]
    assert kinds(waits=True, recorded="quarantined", changed_s=2_000) == []
    assert kinds(waits=True, recorded="quarantined", rows=()) == ["orphan"]
    assert kinds(mode=None, recorded="quarantined") == ["missing"]
    assert kinds(mode=None, recorded="quarantined", rows=()) == ["stale"]


def test_a_file_that_the_ledger_looks_for_on_the_other_side():
    assert kinds(waits=True, recorded="stored") == ["misrecorded", "quarantined"]
    (finding,) = judge(recorded="quarantined")
    assert (finding.kind, finding.facts) == ("misrecorded", {"state": "quarantined"})
