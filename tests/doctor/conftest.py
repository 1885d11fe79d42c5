"""A project for each test, all in order."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from tests.doctor.forks import Forks
from tests.doctor.projects import TinyProject
from tests.doctor.stock import StockProject


@pytest.fixture(scope="session")
def forks():
    server = Forks()
    yield server
    server.close()


@pytest.fixture
def project(tmp_path, forks):
    """A project in order, its static files not collected yet."""
    return TinyProject(tmp_path, forks)


@pytest.fixture
def stock(tmp_path, forks):
    """A project that uses nothing of this package, with nobody who serves its roots."""
    return StockProject(tmp_path, forks)


@pytest.fixture
def reachable():
    """A directory that other users of this machine can reach, unlike pytest's."""
    found = Path(tempfile.mkdtemp())
    found.chmod(0o755)
    yield found
    for directory, _, _ in os.walk(found):
        os.chmod(directory, 0o700)
    shutil.rmtree(found)


@pytest.fixture
def reachable_project(reachable, forks):
    """A project in order, where other users can reach it."""
    return TinyProject(reachable, forks)
