"""Rows take files and let go of them, in every way a row can."""

import copy
import pickle
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.serializers import deserialize, serialize
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from roots.errors import ConfigError
from roots.media import trash
from roots.media.lifecycle import watch
from roots.media.referrers import named, referrers
from tests.project.models import Attachment, Document, Member, Paper, Picture, Scan

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def trashed(media_root):
    """The names in the trash."""
    return lambda: sorted(entry.name for entry in trash.entries(media_root))


@pytest.fixture(autouse=True)
def no_row_names_what_is_gone(media_root):
    """Whatever a test did: the promise that matters most."""
    yield
    for model in (Document, Attachment, Picture, Scan):
        for row in model.objects.all():
            for field in (f for f in model._meta.fields if hasattr(f, "upload_to")):
                file = getattr(row, field.attname)
                assert not file or Path(file.path).exists(), f"{row!r} names {file.name}"


def text(content=b"hello", name="a.txt"):
    return ContentFile(content, name)


def exists(file):
    return Path(file.path).exists()


def ledger(name):
    return apps.get_model("roots", "StoredFile").objects.get(name=name)


def test_an_unchanged_row_is_saved_with_the_one_query_it_takes(
    media_root, django_assert_num_queries
):
    Document.objects.create(file=text())
    row = Document.objects.get()
    with django_assert_num_queries(1):
        row.save()
    assert row.file.url
    with django_assert_num_queries(1):
        row.save()
    row.file.name = str(row.file.name)
    row.refresh_from_db()
    with django_assert_num_queries(2):
        row.save()
        row.save(update_fields=["title"])


def test_rows_without_files_are_created_with_one_query(media_root, django_assert_num_queries):
    with django_assert_num_queries(1):
        Document.objects.create()


def test_the_ledger_tells_of_a_file_what_is_known_of_it(media_root):
    row = Document.objects.create(file=text(b"hello", "My notes.txt"))
    found = ledger(row.file.name)
    assert (found.storage, found.original_name, found.size) == ("default", "My notes.txt", 5)
    assert (found.content_type, found.state, found.width) == ("text/plain", "stored", None)
    assert found.digest.startswith(row.file.name.split(".")[1])
    row.delete()
    found.refresh_from_db()
    assert found.state == "trashed"
    assert found.trashed_at
    Document.objects.create(file=text(b"hello", "My notes.txt"))
    found.refresh_from_db()
    assert (found.state, found.trashed_at) == ("stored", None)


@pytest.mark.parametrize(
    "replace",
    [
        lambda row: setattr(row, "file", text(b"new")) or row.save(),
        lambda row: row.file.save("a.txt", text(b"new")),
        lambda row: setattr(row, "file", text(b"new")) or row.save(update_fields=["file"]),
        lambda row: setattr(row, "file", "") or row.save(),
        lambda row: setattr(row, "file", None) or row.save(),
        lambda row: row.file.delete(),
        lambda row: setattr(row.file, "name", "") or row.save(),
        lambda row: setattr(row, "file", "") or Document.objects.bulk_update([row], ["file"]),
        lambda row: row.delete(),
        lambda row: row.file.delete(save=False) or row.delete(),
        lambda row: Document.objects.filter(pk=row.pk).delete(),
        lambda row: Document.objects.defer("file").get(pk=row.pk).delete(),
        lambda row: Document.objects.only("title").filter(pk=row.pk).delete(),
        lambda row: Paper.objects.get(pk=row.pk).delete(),
        lambda row: Document(pk=row.pk, file=text(b"new")).save(),
        lambda row: Document.objects.update_or_create(pk=row.pk, defaults={"file": text(b"new")}),
    ],
    ids=range(16),
)
def test_what_a_row_let_go_of_goes_to_the_trash(media_root, trashed, replace):
    old = Document.objects.create(file=text(b"old")).file.name
    with transaction.atomic():
        replace(Document.objects.get())
        assert (media_root / old).exists()
    assert trashed() == [old]


def test_a_file_changed_by_name_as_django_s_documentation_does_it(media_root, trashed):
    row = Document.objects.create(file=text())
    old = row.file.name
    (media_root / "moved.txt").write_bytes(b"hello")
    row.file.name = "moved.txt"
    row.save()
    assert trashed() == [old]


def test_a_stale_instance_lets_go_of_what_the_row_names_now(media_root, trashed):
    row = Document.objects.create(file=text(b"1"))
    first = row.file.name
    stale, pickled = Document.objects.get(), pickle.loads(pickle.dumps(Document.objects.get()))
    row.file = text(b"2")
    row.save()
    second = row.file.name
    pickled.file = text(b"3")
    pickled.save()
    assert trashed() == sorted([first, second])
    stale.delete()
    assert trashed() == sorted([first, second, pickled.file.name])


def test_a_stale_instance_that_is_saved_unchanged_takes_its_file_back(media_root, trashed):
    row = Document.objects.create(file=text(b"1"))
    stale = Document.objects.get()
    row.file = text(b"2")
    row.save()
    stale.save()
    assert exists(stale.file)
    assert trashed() == [row.file.name]
    assert ledger(stale.file.name).state == "stored"


def test_a_copied_row_shares_the_file_until_both_are_gone(media_root, trashed):
    row = Document.objects.create(file=text())
    twin = copy.copy(row)
    twin.pk = None
    twin.save()
    row.file = text(b"other")
    row.save()
    assert exists(twin.file)
    twin.delete()
    assert trashed() == [twin.file.name]


@pytest.mark.parametrize("in_a_transaction", [True, False])
def test_rows_may_swap_their_files(media_root, trashed, in_a_transaction):
    one, other = (Document.objects.create(file=text(data)) for data in (b"1", b"2"))
    names = one.file.name, other.file.name
    with transaction.atomic() if in_a_transaction else pytest.MonkeyPatch.context():
        one.file, other.file = other.file.name, one.file.name
        one.save()
        other.save()
    one.refresh_from_db()
    other.refresh_from_db()
    assert (other.file.name, one.file.name) == names
    assert exists(one.file)
    assert exists(other.file)
    assert trashed() == []


def test_a_file_handed_to_another_row_and_field_stays(media_root, trashed):
    row = Document.objects.create(file=text())
    with transaction.atomic():
        heir = Attachment(second=row.file.name)
        row.delete()
        heir.save()
    assert exists(heir.second)
    assert trashed() == []


def test_each_field_of_a_child_table_is_its_own(media_root, trashed):
    row = Attachment.objects.create(file=text(b"1"), second=text(b"2"))
    first, second = row.file.name, row.second.name
    row.second = text(b"3")
    row.save()
    assert trashed() == [second]
    row.delete(keep_parents=True)
    assert trashed() == sorted([second, row.second.name])
    Document.objects.get().delete()
    assert trashed() == sorted([first, second, row.second.name])


def test_deleting_a_parent_takes_the_child_s_files_along(media_root, trashed):
    row = Attachment.objects.create(file=text(b"1"), second=text(b"2"))
    Document.objects.all().delete()
    assert trashed() == sorted([row.file.name, row.second.name])


def test_a_cascade_takes_files_along(media_root, trashed):
    member = Member.objects.create(email="a@b", photo=text(b"1"), letter=text(b"2"))
    scan = Scan.objects.create(member=member, file=text(b"3"))
    names = [member.photo.name, member.letter.name, scan.file.name]
    member.delete()
    assert trashed() == sorted(names)


def test_a_file_given_to_a_row_that_cannot_be_saved_is_gone(media_root):
    """`instance.file.save(...)` stores the file before the row, and Django leaves it behind."""
    Member.objects.create(email="a@b")
    double = Member(email="a@b")
    with pytest.raises(IntegrityError):
        double.photo.save("a.txt", text())
    assert not list(media_root.rglob("*.txt"))
    assert not apps.get_model("roots", "StoredFile").objects.exists()


def test_a_file_that_cannot_be_stored_does_not_break_the_transaction_around_it(media_root):
    with transaction.atomic():
        row = Document.objects.create()
        with pytest.raises(SuspiciousFileOperation):
            row.file.save("../../a.txt", text())
        row.file.save("a.txt", text())
    assert exists(Document.objects.get().file)


def test_rows_that_the_default_manager_hides_keep_their_files(media_root):
    row = Member.objects.create(email="a@b", photo=text())
    hidden = Member.objects.create(email="gone@b", photo=row.photo.name)
    row.delete()
    assert exists(hidden.photo)


def test_the_default_of_a_field_is_never_touched(media_root, trashed):
    default = media_root / "members/nobody.png"
    default.parent.mkdir(parents=True)
    default.touch()
    row = Member.objects.create(email="a@b")
    row.photo = text()
    row.save()
    Member.objects.create(email="c@d").delete()
    assert default.exists()
    assert trashed() == []


def test_a_new_row_with_a_key_of_its_own_is_inserted_without_a_look(
    media_root, django_assert_num_queries
):
    with django_assert_num_queries(4):  # BEGIN, the ledger, the row, COMMIT
        Member.objects.create(email="a@b", letter=text())


def test_files_of_bulk_create_belong_to_its_transaction(media_root):
    rows = [Document(file=text(b"%d" % n)) for n in range(3)]
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Document.objects.bulk_create(rows)
        assert exists(rows[0].file)
        raise ZeroDivisionError
    assert not list(media_root.rglob("*.txt"))
    Document.objects.bulk_create(Document(file=text(b"%d" % n)) for n in range(3))
    assert all(exists(row.file) for row in Document.objects.all())


def test_a_row_of_a_fixture_keeps_its_file(media_root, trashed):
    row = Document.objects.create(file=text(b"1"))
    fixture = serialize("json", [row])
    for each in deserialize("json", fixture):
        each.save()
    assert exists(row.file)
    assert trashed() == []


def test_rows_changed_behind_our_back_lose_nothing(media_root, trashed):
    row = Document.objects.create(file=text(b"1"))
    old = row.file.name
    Document.objects.update(file="")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE project_document SET title = 'x'")
    assert (media_root / old).exists()
    assert trashed() == []


def test_what_a_project_keeps_is_kept(media_root, trashed, settings):
    settings.ROOTS = {"KEEP_FILES": ["project.document", "project.Member.Letter"]}
    row = Document.objects.create(file=text(b"1"))
    member = Member.objects.create(email="a@b", photo=text(b"2"), letter=text(b"3"))
    row.delete()
    member.delete()
    assert trashed() == [member.photo.name]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("project.Documents", "Did you mean 'project.Document.file'?"),
        ("project.Member.foto", "Did you mean 'project.Member.photo'?"),
        ("project.Member.email", "project.Attachment.second, project.Document.file"),
        ("project.Paper", "nor a model with one of its own"),
    ],
)
def test_keeping_what_there_is_not_is_an_error_that_tells_what_there_is(settings, name, sentence):
    settings.ROOTS = {"KEEP_FILES": [name]}
    with pytest.raises(ConfigError) as caught:
        watch.install()
    assert sentence in str(caught.value)
    assert repr(name) in str(caught.value)


def test_a_misspelt_name_costs_no_file(media_root, settings):
    row = Document.objects.create(file=text())
    settings.ROOTS = {"KEEP_FILES": ["project.Dokument"]}
    with pytest.raises(ConfigError):
        row.delete()
    assert exists(row.file)
    assert Document.objects.exists()


def test_without_a_trash_files_are_deleted_at_once(media_root, trashed, settings):
    settings.ROOTS = {"TRASH_DAYS": 0}
    row = Document.objects.create(file=text())
    row.delete()
    assert not exists(row.file)
    assert trashed() == []
    assert not apps.get_model("roots", "StoredFile").objects.filter(name=row.file.name).exists()


@pytest.mark.parametrize("name", ["../outside.txt", "/etc/x", ".roots/lock", "a/../b.txt", "a\\b"])
def test_a_name_that_leads_elsewhere_is_nobody_s_file(media_root, trashed, name):
    (media_root.parent / "outside.txt").touch()
    Document.objects.create(file=text(b"b", "b.txt"))
    Document.objects.bulk_create([Document(file=name)])
    Document.objects.filter(file=name).delete()
    assert (media_root.parent / "outside.txt").exists()
    assert trashed() == []


def test_deleting_rows_takes_fewer_queries_than_one_for_each_500_and_column(storage, settings):
    settings.ROOTS = {"DURABLE_UPLOADS": False}
    with transaction.atomic():
        names = [storage.save("a.txt", text(b"%d" % n)) for n in range(2000)]
    Document.objects.bulk_create(Document(file=name) for name in names)
    columns = len(list(referrers(storage)))
    with CaptureQueriesContext(connection) as queries:
        Document.objects.all().delete()
    statements = [each["sql"] for each in queries]
    asked = [each for each in statements if each.startswith("SELECT DISTINCT")]
    written = [each for each in statements if each.startswith("UPDATE")]
    assert len(asked) == columns
    assert len(written) == 1  # what went is in the trash now, says the ledger
    assert len(asked) + len(written) <= columns * len(names) / 500
    assert not any(storage.exists(name) for name in names)


def test_no_query_has_more_names_than_its_database_takes(storage, monkeypatch):
    row = Document.objects.create(file=text())
    names = [f"{number}.txt" for number in range(50)]
    monkeypatch.setattr("roots.media.batches._most_parameters", lambda _: 30)
    with CaptureQueriesContext(connection) as queries:
        assert named(storage, [*names, row.file.name]) == {row.file.name}
    assert max(each["sql"].count(".txt") for each in queries) == 10
