"""Who holds a file, told by links alone: no database is asked here."""

import itertools
import os

import pytest

from roots.media.accept import accept
from roots.media.intake import receive_at_once, staging_directory
from roots.media.lifecycle import claims, marks
from roots.media.lifecycle.marks import Fate
from roots.media.locking import exclusive

NAME = "docs/a.ea8f163db386.txt"


@pytest.fixture
def upload(terms):
    """Stores the same bytes each time; the claim on them."""
    staging_directory(terms.root, terms.modes)
    return lambda: accept(receive_at_once(b"hello", terms), "docs/a.txt", terms).claim


@pytest.fixture
def locked(terms):
    """Calls a function inside of the lock."""

    def call(function, *arguments):
        with exclusive(terms.root, terms.modes):
            return function(*arguments)

    return call


@pytest.fixture
def without_hard_links(monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(1, "no hard links here")

    monkeypatch.setattr(os, "link", refuse)


def left(root):
    return [path.name for path in root.glob(".roots/*/*")]


ENDS = list(itertools.product(["commit", "roll_back"], repeat=3))
ORDERS = list(itertools.permutations(range(3)))


@pytest.mark.parametrize("ends", ENDS, ids="-".join)
@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_the_file_stays_if_one_of_those_who_share_it_commits(terms, upload, locked, order, ends):
    held = [upload() for _ in range(3)]
    decided = [locked(getattr(claims, ends[number]), held[number]) for number in order]
    if "commit" in ends:
        assert (terms.root / NAME).read_bytes() == b"hello"
    else:
        assert decided == [True, True, True]
        assert not (terms.root / "docs").exists()
    assert left(terms.root) == []


@pytest.mark.parametrize("order", ORDERS, ids=str)
@pytest.mark.parametrize("ends", ENDS, ids="-".join)
def test_a_committed_file_is_never_removed_by_those_who_share_it(
    terms, upload, locked, order, ends
):
    locked(claims.commit, upload())
    held = [upload() for _ in range(3)]
    for number in order:
        locked(getattr(claims, ends[number]), held[number])
    assert (terms.root / NAME).exists()
    assert left(terms.root) == []


def test_the_last_to_roll_back_cannot_tell_whether_a_committed_file_has_a_row(upload, locked):
    first, second = upload(), upload()
    locked(claims.commit, first)
    assert locked(claims.roll_back, second) is False


def test_a_file_that_is_claimed_may_not_go(terms, upload, locked):
    locked(claims.commit, upload())
    claim = upload()
    marked = locked(marks.mark, NAME, terms)
    assert locked(marks.fate, NAME, marked, terms) is Fate.HELD
    assert locked(marks.fate, NAME, "", terms, {claim.path}) is Fate.FREE
    assert locked(claims.commit, claim).is_given_up
    assert locked(marks.fate, NAME, locked(marks.mark, NAME, terms), terms) is Fate.FREE
    assert left(terms.root) == []


@pytest.mark.parametrize("has_begun_before", [True, False])
def test_what_the_tables_said_does_not_count_once_somebody_committed(
    terms, upload, locked, has_begun_before
):
    locked(claims.commit, upload())
    claim = upload() if has_begun_before else None
    marked = locked(marks.mark, NAME, terms)
    locked(claims.commit, claim or upload())
    assert locked(marks.fate, NAME, marked, terms) is Fate.UNKNOWN


def test_two_may_ask_about_one_file(terms, upload, locked):
    locked(claims.commit, upload())
    one, other = locked(marks.mark, NAME, terms), locked(marks.mark, NAME, terms)
    assert locked(marks.fate, NAME, one, terms) is Fate.FREE
    assert locked(marks.fate, NAME, other, terms) is Fate.FREE


def test_thousands_of_marks_are_not_searched_for_each_file(terms, upload, locked, monkeypatch):
    locked(claims.commit, upload())
    marked = locked(marks.mark, NAME, terms)
    monkeypatch.delattr(os, "scandir")
    assert locked(marks.fate, NAME, marked, terms) is Fate.FREE


def test_there_is_nothing_to_mark_where_there_is_no_file(terms, locked):
    terms.root.mkdir()
    assert locked(marks.mark, NAME, terms) is None


def test_a_shared_file_that_somebody_took_away_is_put_back(terms, upload, locked):
    locked(claims.commit, upload())
    claim = upload()
    (terms.root / NAME).unlink()
    assert locked(claims.commit, claim).was_put_back
    assert (terms.root / NAME).read_bytes() == b"hello"
    assert left(terms.root) == []


@pytest.mark.usefixtures("without_hard_links")
def test_without_hard_links_a_shared_file_that_went_is_put_back(terms, upload, locked):
    first, second = upload(), upload()
    locked(claims.roll_back, first)
    (terms.root / NAME).unlink(missing_ok=True)
    assert locked(claims.commit, second).was_put_back
    assert (terms.root / NAME).read_bytes() == b"hello"
    assert left(terms.root) == []


@pytest.mark.usefixtures("without_hard_links")
def test_without_hard_links_only_the_tables_can_tell_who_needs_a_file(terms, upload, locked):
    assert locked(claims.roll_back, upload()) is False
    assert locked(marks.mark, NAME, terms) == ""
    assert locked(marks.fate, NAME, "", terms) is Fate.FREE


def test_a_root_that_is_removed_under_an_upload_is_no_error(terms, upload, locked):
    claim = upload()
    (terms.root / NAME).unlink()
    os.unlink(claim.path)
    assert locked(claims.roll_back, claim)
    assert locked(claims.commit, claim) == (False, False)


def test_another_file_of_that_name_is_left_alone(terms, upload, locked):
    claim = upload()
    (terms.root / NAME).unlink()
    (terms.root / NAME).write_bytes(b"somebody else's")
    assert locked(claims.roll_back, claim)
    assert (terms.root / NAME).read_bytes() == b"somebody else's"


def test_folders_of_other_modes_are_not_pruned(terms, upload, locked):
    claim = upload()
    (terms.root / "docs").chmod(0o2770)
    locked(claims.roll_back, claim)
    assert (terms.root / "docs").is_dir()
