"""What becomes of a file when the transaction it was stored in ends, in every way it can."""

import os
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.test import TestCase

from roots.media import trash
from tests.project.models import Document

pytestmark = pytest.mark.django_db(transaction=True)


def upload(data=b"hello", name="a.txt"):
    return Document.objects.create(file=ContentFile(data, name))


def everything(root):
    """What is below the root, folders and all, but for our own empty ones and the lock."""
    found = (path.relative_to(root).as_posix() for path in root.rglob("*"))
    ours = {".roots", ".roots/staging", ".roots/claims", ".roots/lock", ".roots/trash"}
    return sorted(set(found) - ours)


def trashed(root):
    return [entry.name for entry in trash.entries(root)]


class ChangedMyMindError(Exception):
    pass


def test_a_commit_keeps_the_file(media_root):
    with transaction.atomic():
        row = upload()
        assert Path(row.file.path).read_bytes() == b"hello"
    assert Path(row.file.path).read_bytes() == b"hello"
    assert list((media_root / ".roots/claims").iterdir()) == []


def test_a_rollback_removes_the_file_at_once(media_root):
    with pytest.raises(ChangedMyMindError), transaction.atomic():
        row = upload()
        assert Path(row.file.path).exists()
        raise ChangedMyMindError
    assert everything(media_root) == []


def test_the_rollback_of_a_savepoint_removes_its_files_only(media_root):
    with transaction.atomic():
        kept = upload(b"kept")
        with pytest.raises(ChangedMyMindError), transaction.atomic():
            gone = upload(b"gone")
            raise ChangedMyMindError
        assert not Path(gone.file.path).exists()
        assert Path(kept.file.path).exists()
        with transaction.atomic():
            also = upload(b"also kept")
    assert Path(kept.file.path).exists()
    assert Path(also.file.path).exists()


def test_the_outer_rollback_removes_what_inner_savepoints_kept(media_root):
    with pytest.raises(ChangedMyMindError), transaction.atomic():
        with transaction.atomic():
            upload()
        raise ChangedMyMindError
    assert everything(media_root) == []


def test_a_unique_violation_after_the_file_was_saved_removes_it(media_root):
    row = upload()
    with pytest.raises(IntegrityError):
        Document(pk=row.pk, file=ContentFile(b"other", "b.txt")).save(force_insert=True)
    assert trashed(media_root) == []
    assert [path for path in everything(media_root) if path.endswith(".txt")] == [row.file.name]


def test_a_commit_that_fails_removes_the_file(media_root, monkeypatch):
    def refuse():
        raise IntegrityError("a deferred constraint")

    with pytest.raises(IntegrityError), transaction.atomic():
        upload()
        monkeypatch.setattr(connection, "_commit", refuse)
    assert everything(media_root) == []


def test_transactions_by_hand_keep_and_remove_files_too(media_root):
    transaction.set_autocommit(False)
    try:
        kept = upload(b"kept")
        transaction.commit()
        assert list((media_root / ".roots/claims").iterdir()) == []
        gone = upload(b"gone")
        transaction.rollback()
        assert not Path(gone.file.path).exists()
        kept.delete()
        assert Path(kept.file.path).exists()
        transaction.commit()
        assert not Path(kept.file.path).exists()
    finally:
        transaction.rollback()
        transaction.set_autocommit(True)


def test_a_replaced_file_goes_to_the_trash_after_the_commit(media_root):
    row = upload(b"old")
    old = row.file.name
    with transaction.atomic():
        row.file = ContentFile(b"new", "a.txt")
        row.save()
        assert (media_root / old).exists()
    assert not (media_root / old).exists()
    assert trashed(media_root) == [old]
    assert Path(row.file.path).read_bytes() == b"new"


def test_a_replacement_that_rolls_back_never_moved_the_old_file(media_root):
    row = upload(b"old")
    with pytest.raises(ChangedMyMindError), transaction.atomic():
        row.file = ContentFile(b"new", "a.txt")
        row.save()
        raise ChangedMyMindError
    row.refresh_from_db()
    assert Path(row.file.path).read_bytes() == b"old"
    assert [p for p in everything(media_root) if p.endswith(".txt")] == [row.file.name]


def test_a_cleared_file_and_that_of_a_deleted_row_go_to_the_trash(media_root):
    row, other = upload(b"one"), upload(b"two")
    names = [row.file.name, other.file.name]
    row.file = ""
    row.save()
    Document.objects.filter(pk=other.pk).delete()
    assert sorted(trashed(media_root)) == sorted(names)


def test_what_any_row_still_names_stays(media_root):
    row, other = upload(), upload()
    row.delete()
    assert Path(other.file.path).exists()
    other.delete()
    assert not Path(other.file.path).exists()


class Rehearsal(transaction.Atomic):
    """What a Django TestCase wraps each test in: it is always rolled back."""

    def __init__(self):
        super().__init__(using=None, savepoint=True, durable=False)
        self._from_testcase = True

    def __exit__(self, *exception):
        transaction.set_rollback(True)
        super().__exit__(*exception)


def test_a_test_that_never_commits_leaves_no_litter(media_root):
    with Rehearsal():
        upload(b"of all tests")
        with Rehearsal():
            row = upload(b"of one test")
            row.file = ContentFile(b"other", "a.txt")
            row.save()
    assert everything(media_root) == []


def test_a_test_that_executes_what_is_due_on_commit_sees_what_users_will(media_root):
    with Rehearsal():
        row = upload()
        with TestCase.captureOnCommitCallbacks(execute=True):
            row.delete()
        assert not Path(row.file.path).exists()
        with TestCase.captureOnCommitCallbacks(execute=True):
            row = upload(b"kept")
        assert Path(row.file.path).exists()
    assert everything(media_root) == []


def test_durable_transactions_are_transactions(media_root):
    with transaction.atomic(durable=True):
        row = upload()
    assert Path(row.file.path).exists()


def test_a_file_stored_outside_of_transactions_is_kept(storage, media_root):
    name = storage.save("a.txt", ContentFile(b"hello"))
    assert (media_root / name).exists()
    assert list((media_root / ".roots/claims").iterdir()) == []


def test_a_trash_that_takes_nothing_is_logged_and_the_rows_are_deleted(media_root, caplog):
    row = upload()
    (media_root / ".roots/trash").write_text("not a folder")
    row.delete()
    assert not Document.objects.exists()
    assert Path(row.file.path).exists()
    assert "Could not settle" in caplog.text
    assert "manage.py media audit" in caplog.text


def test_a_database_without_a_ledger_still_takes_files(media_root, monkeypatch, caplog):
    monkeypatch.setattr("roots.media.ledger.has_table", lambda *_: False)
    row = upload()
    assert Path(row.file.path).exists()
    assert "manage.py migrate roots" in caplog.text
    row.delete()
    assert not Path(row.file.path).exists()


def test_a_child_process_forked_inside_a_transaction_takes_nothing_away(media_root):
    with transaction.atomic():
        row = upload()
        child = os.fork()
        if child == 0:
            try:
                connection.run_on_commit = []
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        assert Path(row.file.path).exists()
    assert Path(row.file.path).exists()
