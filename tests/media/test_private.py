"""Private storages are media like any other: ledger, life, trash and `manage.py media`."""

import io
import json
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import transaction

from roots.django.models import StoredFile
from roots.media import trash
from tests.project.models import Document

KINDS = {"signed": {}, "view": {"authorize": "shop.access.may_read"}}


@pytest.fixture(params=KINDS)
def contracts(request, sqlite_database, settings, tmp_path, monkeypatch):
    """STORAGES["contracts"], private, where documents are kept."""
    settings.MEDIA_ROOT = tmp_path / "media"
    options = {"location": tmp_path / "contracts", "base_url": "/contracts/"}
    options |= {"access": request.param, **KINDS[request.param]}
    backend = {"BACKEND": "roots.media.storage.MediaStorage", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "contracts": backend}
    monkeypatch.setattr(Document._meta.get_field("file"), "storage", storages["contracts"])
    return storages["contracts"]


@pytest.fixture
def plan(contracts):
    return Document.objects.create(file=ContentFile(b"the plan", "plan.txt"))


def media(*arguments):
    """What `manage.py media --storage contracts` finds."""
    out = io.StringIO()
    try:
        call_command("media", *arguments, "--storage", "contracts", "--json", stdout=out)
    except SystemExit as left:
        assert left.code == 1
    *lines, _ = map(json.loads, out.getvalue().splitlines())
    return [(line.get("done") or line["kind"], line["name"]) for line in lines]


def test_an_upload_is_kept_in_its_directory_and_recorded(contracts, plan):
    assert Path(contracts.location, plan.file.name).read_bytes() == b"the plan"
    row = StoredFile.objects.get()
    assert (row.storage, row.name, row.size) == ("contracts", plan.file.name, 8)


def test_nothing_of_it_comes_to_lie_below_media_root(contracts, plan, settings):
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_it_goes_with_a_transaction_that_rolls_back(contracts):
    with transaction.atomic():
        row = Document.objects.create(file=ContentFile(b"never", "never.txt"))
        path = Path(contracts.path(row.file.name))
        assert path.exists()
        transaction.set_rollback(True)
    assert not path.exists()


def test_it_goes_to_a_trash_of_its_own_and_comes_back(contracts, plan):
    name = plan.file.name
    plan.delete()
    root = Path(contracts.location)
    assert not contracts.exists(name)
    assert [entry.name for entry in trash.entries(root)] == [name]
    media("restore", name)
    assert contracts.exists(name)


def test_its_chores_are_done_as_for_the_public_root(contracts, plan):
    Path(contracts.location, "orphan.txt").write_bytes(b"nobody's")
    (lost,) = Document.objects.bulk_create([Document(file="gone.txt")])
    assert media("audit", "--min-age", "0s") == [("missing", "gone.txt"), ("orphan", "orphan.txt")]
    lost.delete()
    assert media("verify") == []
    StoredFile.objects.all().delete()
    media("adopt")
    assert StoredFile.objects.get().storage == "contracts"
    assert media("sweep", "--min-age", "0s", "--yes") == [("trashed", "orphan.txt")]
    assert contracts.exists(plan.file.name)


def test_the_public_root_s_audit_does_not_see_it(contracts, plan, settings):
    settings.MEDIA_ROOT.mkdir(exist_ok=True)
    out = io.StringIO()
    call_command("media", "audit", "--min-age", "0s", stdout=out)
    assert "findings: 0." in out.getvalue()
