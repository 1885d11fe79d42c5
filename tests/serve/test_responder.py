"""Where the core meets a disk that is not in order."""

from http import HTTPStatus

from roots.serve.core import Root
from roots.serve.headers import static_policy
from roots.serve.messages import Request
from roots.serve.responder import Responder
from roots.static.catalog import StaticCatalog


def get(root, path, **headers):
    roots = [Root("/static/", str(root), StaticCatalog(root), static_policy(60))]
    return Responder(roots, 0, lambda reply: reply).respond(Request("GET", path, headers))


def test_a_damaged_manifest_is_unavailable_and_named_in_the_log(tmp_path, caplog):
    (tmp_path / "staticfiles.json").write_text("{half")
    reply, file, _ = get(tmp_path, "/static/app.css")
    assert (reply.status, file) == (HTTPStatus.SERVICE_UNAVAILABLE, None)
    assert ("Retry-After", "1") in reply.headers
    assert str(tmp_path / "staticfiles.json") in caplog.text


def test_a_root_that_is_not_there_is_not_found(tmp_path):
    assert get(tmp_path / "unmounted", "/static/app.css").reply.status == HTTPStatus.NOT_FOUND


def test_a_root_that_is_a_file_is_not_found(tmp_path):
    (tmp_path / "static").write_bytes(b"")
    assert get(tmp_path / "static", "/static/app.css").reply.status == HTTPStatus.NOT_FOUND
