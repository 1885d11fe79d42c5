"""Private files through real servers: what nobody may read cannot be had by any path."""

import pytest

from tests.serve.private_cases import faults, fill
from tests.servers import running

PRIVATE = {"DJANGO_SETTINGS_MODULE": "tests.project.private"}
SERVERS = ["granian-wsgi-logging", "granian-asgi", "gunicorn", "uvicorn", "runserver"]


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=pytest.mark.xdist_group(kind)) for kind in SERVERS]
)
def test_private_files_are_for_those_who_may_read_them(kind, folder, site):
    fill(folder)
    debug = {"ROOTS_TEST_DEBUG": "1"} if kind == "runserver" else {}
    with running(kind, folder, **PRIVATE, **debug) as server:
        found = faults(server, folder)
    assert not found, "\n".join(found)
    if kind == "granian-wsgi-logging":
        logged = server.log.read_text()
        assert "GET /contracts/ana/" in logged
        assert "signature" not in logged
