"""What only the WSGI adapter does; what it answers is in cases.py."""

import gc
import os
from wsgiref.util import setup_testing_defaults

import pytest

from roots.media.catalog import MediaCatalog
from roots.serve.core import Root
from roots.serve.headers import media_policy
from roots.serve.wsgi import RootsWSGI


@pytest.fixture
def root(tmp_path):
    (tmp_path / "big.bin").write_bytes(os.urandom(1_000_000))
    return Root("/médias/", str(tmp_path), MediaCatalog(), media_policy())


def get(application, path, **environ):
    environ = {"PATH_INFO": path.encode().decode("latin-1"), "REQUEST_METHOD": "GET", **environ}
    setup_testing_defaults(environ)
    started = []
    result = application(environ, lambda status, headers, exc=None: started.append(status))
    return started[0], result


def django(environ, start_response):
    start_response("299 Django", [])
    return environ["wsgi.input"]


def open_descriptors():
    gc.collect()
    return len(os.listdir("/proc/self/fd"))


def test_a_prefix_may_be_non_ascii(root):
    status, result = get(RootsWSGI(django, [root]), "/médias/big.bin")
    assert status == "200 OK"
    assert len(b"".join(result)) == 1_000_000
    result.close()


@pytest.mark.parametrize("path", ["/médias/big.bin", "/app/médias/big.bin"])
def test_a_mount_point_may_be_cut_off_by_the_server(root, path):
    root = Root("/app/médias/", root.directory, root.catalog, root.policy)
    mount = "" if path.startswith("/app") else "/app"
    status, result = get(RootsWSGI(django, [root]), path, SCRIPT_NAME=mount)
    assert status == "200 OK"
    result.close()


def test_what_is_django_s_reaches_it_untouched(root):
    body = object()
    status, result = get(RootsWSGI(django, [root]), "/page/", **{"wsgi.input": body})
    assert status == "299 Django"
    assert result is body


def test_a_server_s_file_wrapper_gets_whole_files_that_never_change(root, tmp_path):
    wrapped = []
    environ = {"wsgi.file_wrapper": lambda stream, size: wrapped.append(stream) or [b"sent"]}
    (tmp_path / "big.bin").rename(tmp_path / "big.0123456789ab.bin")
    _, result = get(RootsWSGI(django, [root]), "/médias/big.0123456789ab.bin", **environ)
    assert result == [b"sent"]
    assert len(wrapped[0].read()) == 1_000_000
    wrapped[0].close()


def test_a_server_that_sends_a_file_itself_learns_in_the_end_that_it_was_cut_short(root, tmp_path):
    stored = (tmp_path / "big.bin").rename(tmp_path / "big.0123456789ab.bin")
    environ = {"wsgi.file_wrapper": lambda file, size: file}
    before = open_descriptors()
    _, result = get(RootsWSGI(django, [root]), "/médias/big.0123456789ab.bin", **environ)
    os.truncate(stored, 1_000)
    assert len(result.read()) == 1_000
    with pytest.raises(BrokenPipeError, match="became shorter while it was sent"):
        result.close()
    assert open_descriptors() == before


def test_a_server_s_file_wrapper_never_gets_a_part_or_what_may_shrink(root, tmp_path):
    environ = {"wsgi.file_wrapper": None}
    status, result = get(RootsWSGI(django, [root]), "/médias/big.bin", **environ)
    assert len(b"".join(result)) == 1_000_000
    result.close()
    (tmp_path / "big.bin").rename(tmp_path / "big.0123456789ab.bin")
    environ["HTTP_RANGE"] = "bytes=10-19"
    status, result = get(RootsWSGI(django, [root]), "/médias/big.0123456789ab.bin", **environ)
    assert status == "206 Partial Content"
    assert len(b"".join(result)) == 10
    result.close()


def test_a_client_that_goes_away_leaves_no_descriptor_open(root):
    application = RootsWSGI(django, [root])
    before = open_descriptors()
    for _ in range(20):
        _, result = get(application, "/médias/big.bin")
        next(iter(result))
        result.close()
    assert open_descriptors() == before


@pytest.mark.parametrize(
    "environ",
    [{"REQUEST_METHOD": "HEAD"}, {"HTTP_IF_NONE_MATCH": "*"}, {"HTTP_RANGE": "bytes=9999999-"}],
)
def test_a_reply_without_the_file_closes_it_at_once(root, environ):
    before = open_descriptors()
    get(RootsWSGI(django, [root]), "/médias/big.bin", **environ)
    assert open_descriptors() == before


def test_a_file_cut_short_while_it_is_sent_breaks_the_connection(root, tmp_path):
    _, result = get(RootsWSGI(django, [root]), "/médias/big.bin")
    os.truncate(tmp_path / "big.bin", 300_000)
    with pytest.raises(OSError, match="became shorter while it was sent"):
        b"".join(result)
    result.close()
