"""Quotas on SQLite as Django sets it up: a transaction begins with its first statement, and one
that began by reading may not write once somebody else has."""

import contextlib
import sqlite3

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction

from tests.media.library import ledger
from tests.project.models import Document


@pytest.fixture
def deferred(sqlite_database, media_root, settings, monkeypatch):
    """A default database without `"transaction_mode": "IMMEDIATE"`."""
    settings.ROOTS = {"QUOTAS": {"storage": 1024}}
    options = {"timeout": 20, "init_command": "PRAGMA journal_mode = WAL"}
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", options)
    yield
    connection.close()


@pytest.fixture
def rival(deferred):
    """Writes to the database, if it can, after every statement of ours."""
    with contextlib.closing(sqlite3.connect(connection.settings_dict["NAME"], timeout=0)) as other:

        def execute(execute, sql, params, many, context):
            result = execute(sql, params, many, context)
            with contextlib.suppress(sqlite3.OperationalError):
                other.execute("UPDATE roots_storedfile SET size = size + 1")
                other.commit()
            return result

        with connection.execute_wrapper(execute):
            yield


def test_an_upload_is_not_refused_because_somebody_else_writes(rival):
    default_storage.save("a.bin", ContentFile(b"a"))
    Document.objects.create(file=ContentFile(b"b", "a.bin"))
    with transaction.atomic():
        default_storage.save("a.bin", ContentFile(b"c"))
    assert ledger().objects.count() == 3
