"""Rows in two databases: each transaction decides about its own uploads, and about no others."""

from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from tests.project.models import Document


class ChangedMyMindError(Exception):
    pass


@pytest.fixture(autouse=True)
def both(database, other_database, media_root):
    """A default database of either kind, `other`, and an empty root."""


def upload(using, data=b"hello"):
    return Document.objects.using(using).create(file=ContentFile(data, "a.txt"))


def files(root):
    found = root.rglob("*.txt")
    return {path.relative_to(root).as_posix() for path in found if ".roots" not in path.parts}


def rows():
    return {
        name
        for using in ("default", "other")
        for name in Document.objects.using(using).values_list("file", flat=True)
    }


def recorded(using, state="stored"):
    ledger = apps.get_model("roots", "StoredFile").objects.using(using)
    return set(ledger.filter(state=state).values_list("name", flat=True))


@pytest.fixture(params=[("default", "other"), ("other", "default")], ids="-in-".join)
def nested(request):
    """The database of the inner transaction, and that of the one around it."""
    return request.param


def test_a_file_stays_with_its_row_if_the_transaction_around_it_rolls_back(media_root, nested):
    inner, outer = nested
    with pytest.raises(ChangedMyMindError), transaction.atomic(using=outer):
        with transaction.atomic(using=inner):
            row = upload(inner)
        raise ChangedMyMindError
    assert files(media_root) == rows() == recorded(inner) == {row.file.name}


def test_a_file_goes_with_its_row_though_the_transaction_around_it_commits(media_root, nested):
    inner, outer = nested
    with transaction.atomic(using=outer):
        kept = upload(outer, b"kept")
        with pytest.raises(ChangedMyMindError), transaction.atomic(using=inner):
            upload(inner)
            raise ChangedMyMindError
    upload(outer, b"the thread comes to the end of something again").delete()
    assert files(media_root) == rows() == {kept.file.name}
    assert recorded(inner) == set()


def test_a_file_two_rows_share_stays_if_only_the_inner_transaction_commits(media_root, nested):
    inner, outer = nested
    with pytest.raises(ChangedMyMindError), transaction.atomic(using=outer):
        upload(outer)
        with transaction.atomic(using=inner):
            row = upload(inner)
        raise ChangedMyMindError
    upload(outer, b"the thread comes to the end of something again").delete()
    assert files(media_root) == rows() == recorded(inner) == {row.file.name}


def test_a_file_two_rows_share_stays_if_only_the_outer_transaction_commits(media_root, nested):
    inner, outer = nested
    with transaction.atomic(using=outer):
        row = upload(outer)
        with pytest.raises(ChangedMyMindError), transaction.atomic(using=inner):
            assert upload(inner).file.name == row.file.name
            raise ChangedMyMindError
    assert files(media_root) == rows() == recorded(outer) == {row.file.name}


def test_what_one_database_lets_go_of_stays_if_another_names_it(media_root, nested):
    one, other = nested
    first, second = upload(one), upload(other)
    first.delete()
    assert files(media_root) == rows() == {second.file.name}
    second.delete()
    assert files(media_root) == rows() == set()


def test_a_row_goes_while_another_database_may_yet_let_go_of_it_or_not(media_root, nested):
    inner, outer = nested
    kept = upload(outer)
    shared = upload(inner)
    with pytest.raises(ChangedMyMindError), transaction.atomic(using=outer):
        kept.delete()
        shared.delete()
        raise ChangedMyMindError
    assert files(media_root) == rows() == {shared.file.name}


class LedgerElsewhere:
    """Keeps the ledger in the database `other`, and nowhere else."""

    def db_for_write(self, model, **_):
        return "other" if model._meta.app_label == "roots" else None

    db_for_read = db_for_write

    def allow_migrate(self, db, app_label, **_):
        return (db == "other") if app_label == "roots" else None


@pytest.fixture
def ledger_elsewhere(settings):
    settings.DATABASE_ROUTERS = [LedgerElsewhere()]


@pytest.mark.usefixtures("ledger_elsewhere")
def test_a_ledger_elsewhere_tells_of_what_was_committed_only(media_root):
    with transaction.atomic():
        row = upload("default")
    assert recorded("other") == {row.file.name}
    with pytest.raises(ChangedMyMindError), transaction.atomic():
        upload("default", b"gone")
        default_storage.save("b.txt", ContentFile(b"gone, too"))
        raise ChangedMyMindError
    assert files(media_root) == rows() == recorded("other") == {row.file.name}
    row.delete()
    assert recorded("other", "trashed") == {row.file.name}


@pytest.mark.usefixtures("ledger_elsewhere")
def test_a_file_without_a_row_is_in_a_ledger_elsewhere(media_root):
    name = default_storage.save("a.txt", ContentFile(b"hello"))
    assert Path(media_root, name).exists()
    assert recorded("other") == {name}
