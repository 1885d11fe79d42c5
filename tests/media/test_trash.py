import errno
import os
from datetime import date, timedelta

import pytest

from roots.errors import StorageError
from roots.media import moving, trash
from tests.media.library import put as write

TODAY = date(2026, 3, 31)


@pytest.fixture
def throw(terms):
    """Writes a file and puts it into the trash; where it is now."""

    def throw(name="docs/a.txt", content=b"hello", day=TODAY):
        write(terms.root, name, content)
        return trash.put(name, terms, day)

    return throw


def names(root):
    return [(entry.name, str(entry.day)) for entry in trash.entries(root)]


def test_a_file_is_filed_under_the_day_it_went(terms, throw):
    path = throw()
    assert path == terms.root / ".roots/trash/2026-03-31/docs/a.txt"
    assert not (terms.root / "docs/a.txt").exists()
    (entry,) = trash.entries(terms.root)
    assert (entry.name, entry.day, entry.path, entry.size) == ("docs/a.txt", TODAY, path, 5)


def test_the_day_is_todays_in_utc(terms, throw):
    throw(day=None)
    (entry,) = trash.entries(terms.root)
    assert abs(entry.day - date.today()) <= timedelta(days=1)


def test_what_is_not_there_cannot_be_thrown_away(terms):
    assert trash.put("docs/a.txt", terms) is None


def test_a_name_that_is_in_the_trash_already_is_not_overwritten(terms, throw):
    throw(content=b"1")
    second = throw(content=b"2")
    third = throw(content=b"3")
    assert [path.read_bytes() for path in (second, third)] == [b"2", b"3"]
    assert second.parts[-3:] == ("2026-03-31.1", "docs", "a.txt")
    assert names(terms.root) == [("docs/a.txt", "2026-03-31")] * 3


def test_the_same_bytes_are_not_kept_twice(terms, throw):
    assert throw() == throw()
    assert len(names(terms.root)) == 1


def test_what_went_last_comes_back(terms, throw):
    throw(content=b"old", day=TODAY - timedelta(days=1))
    throw(content=b"1")
    throw(content=b"2")
    assert trash.take_back("docs/a.txt", terms)
    assert (terms.root / "docs/a.txt").read_bytes() == b"2"
    assert len(names(terms.root)) == 2


def test_nothing_is_overwritten_by_what_comes_back(terms, throw):
    throw(content=b"old")
    write(terms.root, "docs/a.txt", b"new")
    assert trash.take_back("docs/a.txt", terms)
    assert (terms.root / "docs/a.txt").read_bytes() == b"new"
    assert len(names(terms.root)) == 1


def test_what_the_trash_does_not_have_does_not_come_back(terms, throw):
    throw()
    assert not trash.take_back("docs/b.txt", terms)


def test_only_what_is_older_than_its_days_is_purged(terms, throw):
    for age in range(10):
        throw(f"{age}.txt", day=TODAY - timedelta(days=age))
    purged = [entry.name for entry in trash.purge(terms.root, 7, TODAY)]
    assert purged == ["9.txt", "8.txt"]
    assert len(names(terms.root)) == 8
    assert not (terms.root / ".roots/trash/2026-03-23").exists()
    assert len(list(trash.purge(terms.root, 0, TODAY))) == 8
    assert names(terms.root) == []


def test_a_clock_that_steps_back_purges_nothing_early(terms, throw):
    throw(day=TODAY + timedelta(days=30))
    assert list(trash.purge(terms.root, 7, TODAY)) == []
    throw(day=TODAY)
    assert trash.take_back("docs/a.txt", terms)


def test_what_is_taken_back_while_the_trash_is_purged_is_not_purged(terms, throw):
    throw("a.txt", day=TODAY - timedelta(days=9))
    throw("b.txt", day=TODAY - timedelta(days=9))
    purging = trash.purge(terms.root, 7, TODAY)
    assert next(purging).name == "a.txt"
    assert trash.take_back("b.txt", terms)
    assert list(purging) == []
    assert (terms.root / "b.txt").exists()


def test_what_is_no_day_of_ours_is_left_alone(terms, throw):
    throw()
    stranger = write(terms.root, ".roots/trash/notes/read me.txt")
    assert len(list(trash.purge(terms.root, 0, TODAY))) == 1
    assert stranger.exists()


def test_a_file_on_another_disk_is_copied_into_the_trash(terms, throw, monkeypatch):
    link = os.link

    def link_across(source, target, **options):
        if ".roots-" not in str(source):
            raise OSError(errno.EXDEV, "another disk")
        link(source, target, **options)

    monkeypatch.setattr(os, "link", link_across)
    path = throw()
    assert path.read_bytes() == b"hello"
    assert not (terms.root / "docs/a.txt").exists()
    assert trash.take_back("docs/a.txt", terms)
    assert names(terms.root) == []


def test_a_disk_that_takes_nothing_leaves_the_file_where_it_was(terms, throw, monkeypatch):
    def refuse(*_):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(moving, "move", refuse)
    with pytest.raises(StorageError, match="Free space"):
        throw()
    assert (terms.root / "docs/a.txt").exists()
