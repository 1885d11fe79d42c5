"""A project for each test, all in order."""

import pytest

from tests.doctor.forks import Forks
from tests.doctor.projects import TinyProject


@pytest.fixture(scope="session")
def forks():
    server = Forks()
    yield server
    server.close()


@pytest.fixture
def project(tmp_path, forks):
    """A project in order, its static files not collected yet."""
    return TinyProject(tmp_path, forks)
