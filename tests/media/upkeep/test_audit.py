"""A real root and real databases, compared."""

import time

import pytest
from django.core.files.storage import default_storage

from roots.media.referrers import referrers
from roots.media.upkeep import walk
from roots.media.upkeep.audit import Audit
from roots.media.upkeep.census import Census
from roots.media.upkeep.rules import Rules
from tests.media.library import keep, ledger, put, record
from tests.project.models import Attachment, Document, Picture


@pytest.fixture
def audit(database, storage, media_root):
    media_root.mkdir()

    def audit(after="", settled_s=None):
        census = Census(storage)
        columns = tuple(map(str, census.columns))
        rules = Rules(settled_s or time.time() + 1, columns=columns)
        return [(f.kind, f.name) for f in Audit(census, rules).findings(after)]

    return audit


def test_a_root_in_order_has_no_findings(audit, media_root):
    for name in ("a/x.txt", "a-b.txt", "a.txt", "größe/Ä b.txt", "Z.txt"):
        keep(media_root, name)
    assert audit() == []


def test_every_finding_comes_in_the_order_of_its_name(audit, media_root):
    for name in ("b/x", "b-", "b.", "B", "é", "z"):
        put(media_root, name)
        keep(media_root, f"in order/{name}")
    Document.objects.bulk_create([Document(file=name) for name in ("b/missing", "ä", "Missing")])
    record("stale")
    found = audit()
    assert found == sorted(found, key=lambda finding: finding[1])
    assert dict(map(reversed, found)) == {
        **dict.fromkeys(("b/x", "b-", "b.", "B", "é", "z"), "orphan"),
        **dict.fromkeys(("b/missing", "ä", "Missing"), "missing"),
        "stale": "stale",
    }
    for number, (_, name) in enumerate(found):
        assert audit(after=name) == found[number + 1 :]


def test_every_column_of_every_model_counts(audit, media_root):
    for name in ("a", "b", "c", "d"):
        put(media_root, name)
        record(name)
    Document.objects.bulk_create([Document(file="a")])
    Picture.objects.bulk_create([Picture(image="b")])
    Attachment(file="c", second="d").save()
    assert audit() == []


def test_a_row_that_spells_a_name_in_its_own_way_names_the_file(audit, media_root):
    put(media_root, "a/b.txt")
    record("a/b.txt")
    spellings = ("./a/b.txt", "a//b.txt", "x/../a/b.txt", str(media_root / "a/b.txt"))
    Document.objects.bulk_create([Document(file=name) for name in spellings])
    assert audit() == []


def test_a_row_may_name_nothing_or_what_lies_outside(audit):
    Document.objects.bulk_create([Document(file=""), Document(file="../secret")])
    assert audit() == [("missing", "../secret")]


def test_a_file_stored_while_the_audit_runs_is_not_taken_for_lost(audit, media_root, monkeypatch):
    settled_s = time.time()
    look = Census.recorded

    def stored_meanwhile(self, *arguments):
        keep(media_root, "new.txt")
        return look(self, *arguments)

    monkeypatch.setattr(Census, "recorded", stored_meanwhile)
    assert audit(settled_s=settled_s) == []


def test_a_row_deleted_while_the_audit_runs_does_not_miss_its_file(audit, media_root, monkeypatch):
    row = keep(media_root, "gone.txt")
    replaced = keep(media_root, "old.txt")

    def deleted_meanwhile(*arguments):
        Document.objects.filter(pk=row.pk)._raw_delete("default")
        Document.objects.filter(pk=replaced.pk).update(file="")
        for name in ("gone.txt", "old.txt"):
            (media_root / name).unlink()
        ledger().objects.all().delete()
        return walk.walk(*arguments)

    monkeypatch.setattr("roots.media.upkeep.audit.walk", deleted_meanwhile)
    assert audit() == []


def test_an_audit_asks_few_questions(audit, media_root, django_assert_max_num_queries):
    for number in range(20):
        keep(media_root, f"{number}.txt")
    columns = len(list(referrers(default_storage)))
    with django_assert_max_num_queries(1 + columns):
        assert audit() == []
