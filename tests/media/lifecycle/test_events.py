import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.db import transaction
from django.db.models.signals import post_delete, pre_delete

from roots.errors import StorageError
from roots.media.referrers import named
from tests.project.models import Attachment, Document, Picture

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def two(storage):
    """Two rows that share one file, and its path."""
    rows = [Document.objects.create(file=ContentFile(b"hello", "a.txt")) for _ in "ab"]
    assert rows[0].file.name == rows[1].file.name
    return *rows, Path(rows[0].file.path)


def test_a_file_deleted_in_a_transaction_that_rolls_back_stays(two):
    one, other, _ = two
    other.delete()
    with pytest.raises(RuntimeError, match="changed my mind"), transaction.atomic():
        one.file.delete()
        raise RuntimeError("changed my mind")
    assert Path(Document.objects.get(pk=one.pk).file.path).read_bytes() == b"hello"


def test_a_file_deleted_in_a_transaction_goes_when_it_commits(storage):
    row = Document.objects.create(file=ContentFile(b"hello", "a.txt"))
    path = Path(row.file.path)
    with transaction.atomic():
        row.file.delete()
        assert path.exists()
    assert not path.exists()


@pytest.mark.parametrize("spelling", ["./{}", "x/../{}", "documents//{}"])
def test_a_file_a_row_names_stays_however_it_is_spelled(storage, spelling):
    row = Document.objects.create(file=storage.save("documents/a.txt", ContentFile(b"hello")))
    name = row.file.name
    if spelling.startswith("documents"):
        name = Path(name).name
    storage.delete(spelling.format(name))
    assert Path(row.file.path).exists()


def test_models_without_files_are_still_deleted_fast():
    assert pre_delete.has_listeners(Document)
    assert not pre_delete.has_listeners(Permission)


def test_a_model_whose_table_is_missing_names_nothing(storage, monkeypatch):
    name = storage.save("a.txt", ContentFile(b"hello"))
    monkeypatch.setattr(Picture._meta, "db_table", "never_migrated")
    storage.delete(name)
    assert not storage.exists(name)


def test_deleting_a_field_s_file_keeps_what_another_row_shares(two):
    one, other, path = two
    one.file.delete()
    assert path.exists()
    other.file.delete()
    assert not path.exists()


def test_deleting_before_the_row_is_deleted_keeps_what_another_row_shares(two):
    one, other, path = two
    one.file.delete(save=False)
    one.delete()
    assert path.exists()
    other.file.delete(save=False)
    other.delete()
    assert not path.exists()


def test_deleting_after_the_row_is_gone_keeps_what_another_row_shares(two):
    def clean_up(instance, **_):
        instance.file.delete(save=False)

    post_delete.connect(clean_up, sender=Document)
    try:
        one, other, path = two
        one.delete()
        assert path.exists()
        other.delete()
        assert not path.exists()
    finally:
        post_delete.disconnect(clean_up, sender=Document)


def test_a_file_a_row_names_stays_until_the_row_forgets_it(storage):
    row = Document.objects.create(file=ContentFile(b"hello", "a.txt"))
    path = Path(row.file.path)
    storage.delete(row.file.name)
    assert path.exists()
    row.file = ""
    row.save()
    assert not path.exists()


def test_a_file_no_row_names_goes_at_once(storage):
    name = storage.save("docs/a.txt", ContentFile(b"hello"))
    storage.delete(name)
    assert not storage.exists(name)


def test_deleting_what_is_not_there_is_silent_and_nothing_is_an_error(storage):
    storage.delete("not-there.txt")
    with pytest.raises(ValueError, match="needs the name of a file"):
        storage.delete("")


def test_an_empty_folder_can_be_deleted_and_a_full_one_is_kept(storage, media_root):
    (media_root / "empty").mkdir(parents=True)
    storage.delete("empty")
    assert not storage.exists("empty")
    name = storage.save("full/a.txt", ContentFile(b"hello"))
    with pytest.raises((OSError, StorageError)):
        storage.delete("full")
    assert storage.exists(name)


@pytest.mark.parametrize(
    "row",
    [
        lambda name: Document(file=name),
        lambda name: Attachment(second=name),
        lambda name: Attachment(file=name),
    ],
)
def test_every_kind_of_column_is_asked(storage, row):
    name = storage.save("a.txt", ContentFile(b"hello"))
    assert not named(storage, [name])
    row(name).save()
    assert named(storage, [name]) == {name}


def test_rows_of_another_root_are_not_asked(storage, tmp_path):
    Document.objects.create(file=storage.save("a.txt", ContentFile(b"hello")))
    assert not named(FileSystemStorage(tmp_path / "other"), ["a.ea8f163db386.txt"])


def test_saving_rows_costs_nothing_where_nothing_was_released(django_assert_num_queries):
    with django_assert_num_queries(1):
        Document.objects.create(file="a.txt")


def test_rows_in_another_database_count_and_a_database_without_the_table_does_not(tmp_path):
    script = (
        "import sys; from pathlib import Path; from django.conf import settings\n"
        "import tests.project.settings as base, django; root = Path(sys.argv[1])\n"
        "options = {key: getattr(base, key) for key in dir(base) if key.isupper()}\n"
        "sqlite = {'ENGINE': 'django.db.backends.sqlite3'}\n"
        "options['DATABASES'] = {a: sqlite | {'NAME': root / a} for a in ('default', 'b', 'c')}\n"
        "settings.configure(**options | {'MEDIA_ROOT': root / 'media'}); django.setup()\n"
        "from django.core.management import call_command\n"
        "from django.core.files.base import ContentFile\n"
        "from django.core.files.storage import default_storage\n"
        "from roots.media.referrers import named; from tests.project.models import Document\n"
        "for alias in ('default', 'b'):\n"
        "    call_command('migrate', run_syncdb=True, database=alias, verbosity=0)\n"
        "row = Document(file=ContentFile(b'x', 'x.txt')); row.save(using='b')\n"
        "print(named(default_storage, [row.file.name, 'y.txt']) == {row.file.name})"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, tmp_path], capture_output=True, text=True, timeout=60
    )
    assert run.stdout == "True\n", run.stderr
