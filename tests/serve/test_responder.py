"""Where the core meets a disk that is not in order."""

import os
import resource
from contextlib import contextmanager
from http import HTTPStatus

import pytest

from roots.serve.catalog import Entry, Representation
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


@pytest.mark.parametrize("trouble", ["is not there", "is empty"])
def test_a_root_that_is_not_mounted_is_not_found_and_named_in_the_log_once(
    tmp_path, caplog, trouble
):
    root = tmp_path / "unmounted"
    if trouble == "is empty":
        root.mkdir()
    for number in range(20):
        reply = get(root, f"/static/app-{number}.css").reply
        assert (reply.status, dict(reply.headers)["Cache-Control"]) == (404, "no-store")
    assert caplog.messages == [f"{str(root)!r} {trouble}: is it mounted?"]


def test_a_root_that_comes_back_is_served_again(tmp_path):
    root = tmp_path / "static"
    assert get(root, "/static/app.css").reply.status == HTTPStatus.NOT_FOUND
    root.mkdir()
    (root / "app.css").write_bytes(b"back")
    reply, file, _ = get(root, "/static/app.css")
    assert reply.status == HTTPStatus.OK
    file.stream.close()


def test_a_root_that_is_a_file_is_not_found(tmp_path):
    (tmp_path / "static").write_bytes(b"")
    assert get(tmp_path / "static", "/static/app.css").reply.status == HTTPStatus.NOT_FOUND


def test_out_of_descriptors_is_said_once_and_over_when_it_is_over(tmp_path, caplog):
    (tmp_path / "app.css").write_bytes(b"here")
    statuses = []
    with without_descriptors():
        for number in range(20):
            reply = get(tmp_path, f"/static/{number}.css").reply
            statuses.append((reply.status, dict(reply.headers)["Retry-After"]))
    assert set(statuses) == {(503, "1")}
    assert len(caplog.messages) == 1
    assert "cannot be opened now: Too many open files." in caplog.text
    reply, file, _ = get(tmp_path, "/static/app.css")
    assert reply.status == HTTPStatus.OK
    file.stream.close()


def test_a_variant_that_leads_out_of_the_root_is_passed_over(tmp_path):
    root = tmp_path / "static"
    root.mkdir()
    (tmp_path / "secret").write_bytes(b"secret")
    (root / "a.css.br").symlink_to(tmp_path / "secret")
    (root / "a.css").write_bytes(b"plain")

    class Both:
        def find(self, name):
            plain, brotli = (
                Representation(name, tag="t"),
                Representation(name + ".br", "br", "t-br"),
            )
            return Entry((plain, brotli), "text/css", name, is_immutable=True)

    responder = Responder(
        [Root("/s/", str(root), Both(), static_policy(60))], 0, lambda reply: reply
    )
    reply, file, _ = responder.respond(Request("GET", "/s/a.css", {"accept-encoding": "br"}))
    assert ("ETag", '"t"') in reply.headers
    with file.stream as stream:
        assert stream.read() == b"plain"


@contextmanager
def without_descriptors():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest_free = os.dup(0)
    os.close(lowest_free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
