"""Databases that commit: a fresh one for each test, for its threads and its child processes.

pytest-django's own is in the memory of one process and is rolled back, or emptied, after each test.
"""

import contextlib
import itertools
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections

from tests import postgres as server
from tests.postgres import Postgres

VARIABLE = "ROOTS_TEST_DATABASE"
_numbers = itertools.count()


@dataclass(frozen=True)
class Database:
    """`connections["default"]` of this test; `vendor` is `sqlite` or `postgresql`."""

    vendor: str
    options: dict[str, Any]

    @property
    def environ(self) -> dict[str, str]:
        """What a child process with `tests.project.settings` needs to use the same database."""
        return {VARIABLE: json.dumps(self.options)}


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of this process's own; skips where there is none to start."""
    if reason := server.missing():
        pytest.skip(reason)
    with server.running() as running:
        yield running


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory, django_db_blocker) -> Path:
    """A migrated SQLite file that nobody uses."""
    path = tmp_path_factory.mktemp("databases") / "template.sqlite3"
    with django_db_blocker.unblock():
        _migrate(_sqlite(path))
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres, django_db_blocker) -> str:
    """The name of a migrated database that nobody uses."""
    postgres.create("roots_template")
    with django_db_blocker.unblock():
        _migrate(postgres.options("roots_template"))
    return "roots_template"


@pytest.fixture
def sqlite_database(sqlite_template, tmp_path, django_db_blocker) -> Iterator[Database]:
    """A migrated SQLite file, in the place of the default database."""
    path = tmp_path / "database.sqlite3"
    shutil.copy(sqlite_template, path)
    options = _sqlite(path)
    with django_db_blocker.unblock(), _default(options):
        yield Database("sqlite", options)


@pytest.fixture
def postgres_database(postgres, postgres_template, django_db_blocker) -> Iterator[Database]:
    """A migrated PostgreSQL database, in the place of the default one."""
    name = f"roots_{next(_numbers)}"
    postgres.create(name, postgres_template)
    options = postgres.options(name)
    with django_db_blocker.unblock(), _default(options):
        yield Database("postgresql", options)
    postgres.drop(name)


@pytest.fixture(params=["sqlite", "postgres"])
def database(request) -> Database:
    """The test runs twice, on a fresh database of either kind."""
    return request.getfixturevalue(f"{request.param}_database")


@pytest.fixture
def other_database(sqlite_template, tmp_path, django_db_blocker) -> Iterator[Database]:
    """A migrated SQLite file beside the default database: `connections["other"]` of this test."""
    path = tmp_path / "other.sqlite3"
    shutil.copy(sqlite_template, path)
    options = _sqlite(path)
    with django_db_blocker.unblock(), _placed("other", options):
        yield Database("sqlite", options)


@pytest.fixture
def child_environ(tmp_path) -> Callable[..., dict[str, str]]:
    """The environment of a child process that uses `database` and both roots below `tmp_path`."""

    def environ(database: Database, **more: str) -> dict[str, str]:
        settings = {"DJANGO_SETTINGS_MODULE": "tests.project.settings"}
        folder = {"ROOTS_TEST_FOLDER": str(tmp_path)}
        return {**os.environ, **settings, **folder, **database.environ, **more}

    return environ


def _sqlite(path: Path) -> dict[str, Any]:
    # 20 s: on a busy machine writers that wait for each other must not be a failure.
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE"},
    }


def _migrate(options: dict[str, Any]) -> None:
    with _default(options):
        call_command("migrate", run_syncdb=True, verbosity=0)


@contextlib.contextmanager
def _default(options: dict[str, Any]) -> Iterator[None]:
    """Let every thread of this process find another default database."""
    settings, connection = connections.settings["default"], connections["default"]
    try:
        with _placed("default", options):
            yield
    finally:
        connections.settings["default"] = settings
        connections["default"] = connection


@contextlib.contextmanager
def _placed(alias: str, options: dict[str, Any]) -> Iterator[None]:
    """Let every thread of this process find this database."""
    configured = connections.configure_settings({"default": {}, alias: options})
    connections.settings[alias] = configured[alias]
    connections[alias] = connections.create_connection(alias)
    try:
        yield
    finally:
        connections[alias].close()
        del connections.settings[alias], connections[alias]
