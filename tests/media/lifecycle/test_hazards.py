"""Several transactions and one file: what each of them could do to the others, on a real server."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.db import DatabaseError, OperationalError, connection, transaction

from roots.media import trash
from roots.media.lifecycle import settling
from roots.media.referrers import named
from tests.project.models import Document


class ChangedMyMindError(Exception):
    pass


class Other(threading.Thread):
    """A transaction of another thread that goes on one step at a time."""

    def __init__(self, *steps):
        super().__init__(daemon=True)
        self.steps, self.turn, self.done = steps, threading.Semaphore(0), threading.Semaphore(0)
        self.failed = None
        self.start()

    def run(self):
        try:
            with transaction.atomic():
                for step in self.steps:
                    self.turn.acquire(timeout=60)
                    step()
                    self.done.release()
        except ChangedMyMindError:
            pass
        except BaseException as error:  # noqa: BLE001  # the other thread tells
            self.failed = error
        finally:
            connection.close()
            self.done.release()

    def step(self):
        """Let it do its next step, to the end of that."""
        self.go()
        assert self.done.acquire(timeout=60)
        assert self.failed is None

    def go(self):
        """Let it begin its next step."""
        self.turn.release()

    def finish(self):
        self.go()
        self.join(60)
        assert not self.is_alive()
        assert self.failed is None


def change_mind():
    raise ChangedMyMindError


def do_nothing():
    pass


def upload(data=b"hello"):
    return Document.objects.create(file=ContentFile(data, "a.txt"))


def files(root):
    return {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.txt")
        if ".roots" not in path.parts
    }


def rows():
    return set(Document.objects.exclude(file="").values_list("file", flat=True))


def recorded(state="stored"):
    found = apps.get_model("roots", "StoredFile").objects.filter(state=state)
    return set(found.values_list("name", flat=True))


@pytest.fixture
def media(postgres_database, media_root):
    """The root; its rows are in PostgreSQL, where transactions run side by side."""
    return media_root


@pytest.mark.parametrize("end", [change_mind, do_nothing])
def test_who_shared_the_file_of_a_transaction_that_rolls_back_keeps_it(media, end):
    first = Other(upload, end)
    first.step()
    with transaction.atomic():
        row = upload()
        first.finish()
    assert Path(row.file.path).read_bytes() == b"hello"
    assert files(media) == rows() == recorded()
    assert list((media / ".roots/claims").iterdir()) == []


def test_when_all_who_share_a_file_roll_back_it_is_gone(media):
    first = Other(upload, change_mind)
    first.step()
    with pytest.raises(ChangedMyMindError), transaction.atomic():
        upload()
        first.finish()
        assert files(media)
        raise ChangedMyMindError
    assert files(media) == rows() == recorded() == set()


def test_the_last_row_of_a_file_goes_while_another_upload_shares_it(media):
    row = upload()
    other = Other(upload, do_nothing)
    other.step()
    row.delete()
    assert files(media) == {row.file.name}
    other.finish()
    assert files(media) == rows() == recorded()
    assert not list(trash.entries(media))


def test_the_last_row_of_a_file_goes_and_so_does_the_upload_that_shared_it(media):
    row = upload()
    other = Other(upload, change_mind)
    other.step()
    row.delete()
    other.finish()
    row = upload(b"another")  # the thread that deleted comes to an end of something again
    assert files(media) == rows() == {row.file.name}


def test_a_file_shared_between_the_question_and_the_deed_stays(media, monkeypatch):
    row = upload()
    ask = settling.named

    def ask_and_let_others_in(*arguments):
        answer = ask(*arguments)
        ThreadPoolExecutor(1).submit(upload_and_close).result(20)
        return answer

    monkeypatch.setattr(settling, "named", ask_and_let_others_in)
    row.delete()
    assert files(media) == rows() == recorded()


def upload_and_close():
    try:
        return upload()
    finally:
        connection.close()


def test_one_row_of_the_ledger_is_inserted_by_two_transactions_at_once(media):
    other = Other(upload, do_nothing)
    other.step()
    with transaction.atomic():
        upload()
        other.finish()
    assert files(media) == rows() == recorded()


def test_two_transactions_that_store_two_files_in_opposite_order_do_not_deadlock(media):
    other = Other(lambda: upload(b"1"), lambda: upload(b"2"), do_nothing)
    other.step()
    with transaction.atomic():
        upload(b"2")
        other.step()
        upload(b"1")
        other.finish()
    assert files(media) == rows() == recorded()
    assert len(files(media)) == 2


def test_two_who_replace_the_file_of_one_row_leave_the_last_one_s_only(media):
    row = upload(b"old")

    def replace(data):
        mine = Document.objects.get(pk=row.pk)
        mine.file = ContentFile(data, "a.txt")
        mine.save()

    other = Other(lambda: replace(b"1"), do_nothing)
    other.step()
    waiting = ThreadPoolExecutor(1).submit(closing, replace, b"2")
    other.finish()
    waiting.result(20)
    assert files(media) == rows()
    assert Path(Document.objects.get().file.path).read_bytes() == b"2"


def closing(function, *arguments):
    try:
        return function(*arguments)
    finally:
        connection.close()


def test_sixteen_writers_with_retries_lose_nothing_and_leave_nothing(media, settings):
    settings.ROOTS = {"DURABLE_UPLOADS": False}
    kept = [upload(b"%d" % n) for n in range(4)]
    failures = []

    def write(seed):
        chance = random.Random(seed)
        try:
            for _ in range(12):
                try:
                    one_transaction(chance)
                except OperationalError as error:  # serialization failures and deadlocks
                    failures.append(error)
                except ChangedMyMindError:
                    pass
        finally:
            connection.close()

    def one_transaction(chance):
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")
            upload(b"%d" % chance.randrange(4))
            row = Document.objects.get(pk=kept[chance.randrange(4)].pk)
            row.file = ContentFile(b"%d" % chance.randrange(4), "a.txt")
            row.save()
            if chance.random() < 0.3:
                raise ChangedMyMindError

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(write, range(16)))
    assert failures, "nobody got in anybody's way: this proves nothing"
    assert rows() <= files(media)
    upload(b"the end")
    settling.settle(Document._meta.get_field("file").storage, files(media))
    assert rows() == files(media)
    assert rows() <= recorded()
    assert list((media / ".roots/claims").iterdir()) == []


def test_a_database_that_goes_away_before_the_commit_leaves_no_file(media, postgres_database):
    with pytest.raises(OperationalError), transaction.atomic():
        upload()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (mine,) = cursor.fetchone()
        ThreadPoolExecutor(1).submit(closing, terminate, mine).result(20)
        Document.objects.count()
    connection.close()
    kept = upload(b"the database is back")
    assert files(media) == rows() == {kept.file.name}


def test_a_commit_whose_answer_never_comes_keeps_the_file_its_row_names(media, monkeypatch):
    class Cut(OperationalError):
        pass

    commit = connection._commit

    def commit_and_lose_the_connection():
        commit()
        connection.connection.close()
        connection.errors_occurred = True
        raise Cut("the answer was lost")

    with pytest.raises(Cut), transaction.atomic():
        upload()
        monkeypatch.setattr(connection, "_commit", commit_and_lose_the_connection)
    monkeypatch.undo()
    connection.close()
    assert files(media) == rows()
    upload(b"next")
    assert files(media) == rows()
    assert list((media / ".roots/claims").iterdir()) == []


def terminate(process):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [process])


def test_the_trash_is_purged_while_an_equal_upload_comes(media):
    row = upload()
    name = row.file.name
    row.delete()
    purging = trash.purge(media, 0)
    with transaction.atomic():
        row = upload()
        assert [entry.name for entry in purging] == [name]
    assert Path(row.file.path).read_bytes() == b"hello"
    assert recorded() == {name}


def test_a_ledger_that_cannot_be_written_refuses_the_upload_and_leaves_nothing(media, monkeypatch):
    def refuse(*_, **__):
        raise DatabaseError("no")

    monkeypatch.setattr("roots.media.ledger.record", refuse)
    with pytest.raises(DatabaseError):
        upload()
    assert files(media) == rows() == set()
    assert list((media / ".roots/claims").iterdir()) == []
    assert not named(Document._meta.get_field("file").storage, ["a.txt"])


def test_neither_does_one_whose_owner_cannot_be_found_out(media):
    """`request.user` asks the database when it is looked at."""

    class Orphaned(ContentFile):
        @property
        def owner(self):
            raise DatabaseError("no")

    for size in (1, 1 << 20):  # small ones come another way
        with pytest.raises(DatabaseError):
            Document.objects.create(file=Orphaned(b"x" * size, "a.txt"))
        assert files(media) == rows() == set()
        assert list((media / ".roots/claims").iterdir()) == []
