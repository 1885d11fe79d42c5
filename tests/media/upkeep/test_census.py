import sqlite3
import uuid

import pytest

from roots.media.upkeep import census as module
from roots.media.upkeep.census import Census
from tests.media.library import keep, record
from tests.project.models import Document


@pytest.fixture
def census(database, storage, media_root):
    return Census(storage)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5])
def test_any_number_of_rows_fits_its_pages(census, monkeypatch, count):
    monkeypatch.setattr(module, "PAGE_ROWS", 2)
    names = [f"{number}.txt" for number in range(count)]
    Document.objects.bulk_create([Document(file=name) for name in reversed(names)])
    for name in names:
        record(name)
    assert [name for name, *_ in census.named()] == names
    assert [name for name, *_ in census.recorded()] == names
    assert census.count() == count


def test_while_rows_are_read_others_may_write(storage, sqlite_database, monkeypatch):
    for number in range(6):
        keep(storage.terms.root, f"{number}.txt")
    other = sqlite3.connect(sqlite_database.options["NAME"], timeout=0)
    read = []

    def writing_meanwhile(rows):
        for row in rows:
            other.execute("UPDATE project_document SET title = title || 'x'")
            other.commit()  # raises, and does not wait, where it is locked
            read.append(row)
        return iter(read)

    monkeypatch.setattr(module, "PAGE_ROWS", 3)
    monkeypatch.setattr(module, "in_order", writing_meanwhile)
    Census(storage).named()
    assert len(read) == 6
    other.close()


def test_a_primary_key_of_any_kind_can_be_put_in_order_and_asked_for_again():
    key = uuid.UUID(int=7)
    assert module._plain(7) == 7
    assert module._plain("seven") == "seven"
    assert module._plain(key) == str(key)
    assert module._plain((1, key)) == (1, str(key))


def test_what_was_read_is_told_apart_from_what_still_holds(census):
    kept, changed, gone = (
        Document.objects.bulk_create([Document(file=name)])[0] for name in ("a", "b", "c")
    )
    named = list(census.named())
    Document.objects.filter(pk=changed.pk).update(file="other")
    Document.objects.filter(pk=gone.pk)._raw_delete("default")
    assert census.still_named(named) == {("a", 0, kept.pk)}
