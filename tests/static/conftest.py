import pytest

from tests.static.project import make


@pytest.fixture
def project(tmp_path, settings):
    return make(tmp_path, settings)
