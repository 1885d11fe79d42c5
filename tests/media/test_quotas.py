"""How much may be stored: counted in the ledger, on real databases, by many writers at once."""

import contextlib
import gc
import threading

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import SuspiciousFileOperation, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection, transaction
from django.forms import Form, modelform_factory
from django.http import HttpResponse, JsonResponse
from django.test import Client
from django.urls import path

from roots.errors import ConfigError, UploadRejected
from roots.media import forms
from roots.media.presets import Anything
from roots.media.validation import PolicyValidator
from tests.media import samples
from tests.media.library import ledger
from tests.project.models import Document, Picture, Scan

KIB = 1024
pytestmark = pytest.mark.urls(__name__)


class Limited(Form):
    file = forms.FileField()


def store(request):
    return HttpResponse(default_storage.save("a.bin", request.FILES["file"]))


def fill_in(request):
    return JsonResponse(Limited({}, request.FILES).errors)


urlpatterns = [path("store/", store), path("form/", fill_in)]
handler400 = "roots.media.answers.refused"


@pytest.fixture
def quotas(database, media_root, settings):
    """Sets ROOTS["QUOTAS"]."""

    def limit(**limits):
        by_key = {key.replace("__", "."): most for key, most in limits.items()}
        settings.ROOTS = {"QUOTAS": by_key, "DURABLE_UPLOADS": False}

    return limit


def content(size=KIB, owner="", name="a.bin"):
    """A file with other bytes each time."""
    content.count += 1
    file = ContentFile(content.count.to_bytes(4) + b"\0" * (size - 4), name)
    file.owner = owner
    return file


content.count = 0


def stored_bytes(**which):
    return sum(ledger().objects.filter(state="stored", **which).values_list("size", flat=True))


def test_what_fits_is_stored_and_what_does_not_is_refused(quotas, media_root, stored_files):
    quotas(storage=3 * KIB)
    for _ in range(3):
        default_storage.save("a.bin", content())
    with pytest.raises(UploadRejected) as caught:
        default_storage.save("letter.bin", content(1536, name="letter.bin"))
    assert (
        str(caught.value) == "letter.bin has 1.5 KiB and does not fit: 3 KiB of 3 KiB are in use."
    )
    assert (caught.value.code, caught.value.status) == ("quota", 413)
    assert isinstance(caught.value, SuspiciousFileOperation)
    assert len(stored_files(media_root)) == 3


def test_each_owner_has_a_quota(quotas):
    quotas(owner=KIB)
    for owner in ("7", "8", "", ""):
        default_storage.save("a.bin", content(owner=owner))
    with pytest.raises(UploadRejected, match="does not fit"):
        default_storage.save("a.bin", content(owner="7"))


def test_a_field_has_one_however_it_is_saved(quotas):
    quotas(project__Document__file=2 * KIB)
    row = Document.objects.create(file=content())
    Document().file.save("a.bin", content())
    for save in (
        lambda: Document.objects.create(file=content()),
        lambda: row.file.save("a.bin", content()),
    ):
        with pytest.raises(UploadRejected, match="2 KiB of 2 KiB"):
            save()
    default_storage.save("a.bin", content())
    assert stored_bytes(field="project.Document.file") == 2 * KIB
    assert Document.objects.count() == 2


def test_fields_of_other_models_do_not_count(quotas):
    quotas(project__Scan__file=KIB)
    for _ in range(2):
        Document.objects.create(file=content())
    assert not Scan.objects.exists()


def test_deleting_makes_room_though_the_trash_keeps_it(quotas):
    quotas(storage=KIB)
    row = Document.objects.create(file=content())
    row.delete()
    Document.objects.create(file=content())
    with pytest.raises(UploadRejected):
        Document.objects.create(file=content())


def test_equal_bytes_are_stored_once_and_counted_once(quotas):
    quotas(owner=KIB)
    for owner in ("7", "8", "8"):
        twin = ContentFile(b"x" * KIB)
        twin.owner = owner
        default_storage.save("a.bin", twin)
    assert stored_bytes() == stored_bytes(owner="7") == KIB


def test_what_waits_in_quarantine_counts(quotas, settings):
    class Scanner:
        def scan(self, stream):
            raise AssertionError("not yet")

    quotas(storage=KIB)
    settings.ROOTS = {**settings.ROOTS, "SCANNER": Scanner(), "SCAN_LATER": True}
    default_storage.save("a.bin", content())
    with pytest.raises(UploadRejected):
        default_storage.save("a.bin", content())


def test_a_transaction_that_rolls_back_takes_nothing(quotas):
    quotas(storage=KIB)
    with pytest.raises(KeyError), transaction.atomic():
        default_storage.save("a.bin", content())
        raise KeyError
    with transaction.atomic():
        with pytest.raises(KeyError), transaction.atomic():
            default_storage.save("a.bin", content())
            raise KeyError
        default_storage.save("a.bin", content())
    assert stored_bytes() == KIB


def test_many_files_of_one_transaction_count_together(quotas, media_root, stored_files):
    quotas(storage=3 * KIB)
    with pytest.raises(UploadRejected), transaction.atomic():
        for _ in range(4):
            default_storage.save("a.bin", content())
    assert stored_files(media_root) == []
    with transaction.atomic():
        for _ in range(3):
            default_storage.save("a.bin", content())
    assert stored_bytes() == 3 * KIB


def test_a_transaction_of_many_asks_twice(quotas, django_assert_max_num_queries):
    """Once when it begins to store, and once before the commit, when PostgreSQL locks. The rest is
    BEGIN, one INSERT and COMMIT."""
    quotas(storage=100 * KIB)
    default_storage.save("a.bin", content())
    locks = 1 if connection.vendor == "postgresql" else 0
    with django_assert_max_num_queries(5 + locks), transaction.atomic():
        for _ in range(50):
            default_storage.save("a.bin", content())


@pytest.mark.parametrize("ending", ["committed", "flushed", "savepoint", "rolled back", "refused"])
def test_nothing_of_it_stays_on_the_connection(quotas, ending):
    quotas(storage=KIB)
    with contextlib.suppress(KeyError, UploadRejected), transaction.atomic():
        default_storage.save("a.bin", content())
        if ending == "flushed":
            Document.objects.count()
        if ending == "savepoint":
            with contextlib.suppress(KeyError), transaction.atomic():
                raise KeyError
        if ending == "rolled back":
            raise KeyError
        if ending == "refused":
            default_storage.save("a.bin", content())
    gc.collect()
    assert "commit" not in vars(connection)
    assert connection.execute_wrappers == []


def test_without_quotas_nobody_asks(database, media_root, django_assert_num_queries):
    default_storage.save("a.bin", content())
    with django_assert_num_queries(1):
        default_storage.save("a.bin", content())


@pytest.mark.parametrize("is_atomic", [True, False], ids=["transactions", "autocommit"])
def test_sixteen_writers_at_once_store_just_what_fits(quotas, media_root, stored_files, is_atomic):
    """Each finds room when it begins."""
    quotas(storage=5 * KIB)
    together = threading.Barrier(16, timeout=60)
    refused, failed = [], []

    def write():
        try:
            if is_atomic and connection.vendor == "postgresql":  # SQLite has one writer at a time
                with transaction.atomic():
                    Document.objects.create(file=content())
                    together.wait()
            else:
                together.wait()
                Document.objects.create(file=content())
        except UploadRejected as error:
            refused.append(error.code)
        except BaseException as error:
            failed.append(error)
            raise
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(16)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(120)
    assert failed == []
    assert refused == ["quota"] * 11
    assert Document.objects.count() == 5
    assert stored_bytes() == 5 * KIB
    assert len(stored_files(media_root)) == 5


def test_transactions_in_opposite_order_do_not_wait_for_each_other(
    postgres_database, media_root, settings
):
    """No lock is held before the commit, so there is nothing to wait for in a circle."""
    settings.ROOTS = {"QUOTAS": {"owner": 10 * KIB}}
    together = threading.Barrier(2, timeout=60)
    failed = []

    def write(first, second):
        try:
            with transaction.atomic():
                default_storage.save("a.bin", content(owner=first))
                together.wait()
                default_storage.save("a.bin", content(owner=second))
                together.wait()
        except BaseException as error:
            failed.append(error)
            raise
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=pair) for pair in (("7", "8"), ("8", "7"))]
    for each in threads:
        each.start()
    for each in threads:
        each.join(120)
    assert failed == []
    assert stored_bytes() == 4 * KIB


def test_transactions_by_hand_are_counted_too(quotas, media_root, stored_files):
    quotas(storage=KIB)
    transaction.set_autocommit(False)
    try:
        default_storage.save("a.bin", content())
        with pytest.raises(UploadRejected):
            default_storage.save("a.bin", content())
        transaction.commit()
    finally:
        transaction.rollback()
        transaction.set_autocommit(True)
    assert stored_bytes() == KIB
    assert len(stored_files(media_root)) == 1


def test_a_form_says_it(quotas):
    quotas(storage=KIB)
    file = SimpleUploadedFile("a.bin", b"\0" * 2 * KIB)
    form = Limited({}, {"file": file})
    assert form.errors == {
        "file": ["a.bin has 2 KiB and does not fit: 0 bytes of 1 KiB are in use."]
    }


def test_a_form_of_a_model_knows_its_field(quotas):
    quotas(project__Document__file=KIB)
    form_class = modelform_factory(Document, fields=["file"])
    form = form_class({}, {"file": SimpleUploadedFile("a.bin", b"\0" * 2 * KIB)})
    assert "does not fit" in form.errors["file"][0]


def test_a_validator_says_it_of_the_field_that_it_checks(quotas):
    quotas(project__Document__file=KIB)
    large = SimpleUploadedFile("a.bin", b"\0" * 2 * KIB)
    with pytest.raises(ValidationError, match="does not fit"):
        PolicyValidator(Anything())(Document(file=large).file)
    PolicyValidator(Anything())(Scan(file=large).file)


def test_who_is_logged_in_owns_what_a_request_brings(quotas, settings):
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    settings.MIDDLEWARE = [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ]
    quotas(owner=KIB)
    client = Client(raise_request_exception=False)

    def post(address, size=KIB - 1):
        content.count += 1
        body = content.count.to_bytes(4) + b"\0" * (size - 4)
        return client.post(address, {"file": SimpleUploadedFile("a.bin", body)})

    user = get_user_model().objects.create_user("ada")
    client.force_login(user)
    assert post("/store/").status_code == 200
    answer = post("/store/")
    assert answer.status_code == 413
    assert (
        answer.content
        == b"a.bin has 1023 bytes and does not fit: 1023 bytes of 1 KiB are in use.\n"
    )
    assert post("/form/").json()["file"]
    assert stored_bytes(owner=str(user.pk)) == KIB - 1
    client.logout()
    assert post("/store/").status_code == 200


def test_adopting_counts_what_a_field_named_before(quotas):
    Document.objects.create(file=content())
    Picture.objects.create(image=ContentFile(samples.picture("PNG"), "a.png"))
    quotas(project__Document__file=2 * KIB)
    call_command("media", "adopt", verbosity=0)
    Document.objects.create(file=content())
    with pytest.raises(UploadRejected, match="2 KiB of 2 KiB"):
        Document.objects.create(file=content())


def test_a_quota_on_a_field_that_is_not_there_is_refused(quotas):
    quotas(project__Document__fiel=KIB)
    with pytest.raises(
        ConfigError, match=r"names 'project.Document.fiel'.*'project.Document.file'"
    ):
        default_storage.save("a.bin", content())
    with pytest.raises(SystemCheckError, match=r"roots\.E001"):
        call_command("check")
