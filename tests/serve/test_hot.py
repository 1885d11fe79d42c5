"""What is held in memory, and for how long."""

import os
from http import HTTPStatus

import pytest

from roots.serve.catalog import Entry, Representation
from roots.serve.core import Root
from roots.serve.headers import static_policy
from roots.serve.messages import Request
from roots.serve.responder import Responder

MiB = 1 << 20


class EveryName:
    """A catalog in which every name is immutable, but `changing`."""

    def find(self, name):
        return Entry((Representation(name, tag=name),), "text/plain", name, name != "changing")


@pytest.fixture
def root(tmp_path):
    for name in ("a", "b", "c", "changing"):
        (tmp_path / name).write_bytes(os.urandom(400_000))
    (tmp_path / "big").write_bytes(bytes(MiB + 1))
    return Root("/static/", str(tmp_path), EveryName(), static_policy(60), is_held=True)


def get(name, **headers):
    return Request("GET", f"/static/{name}", headers)


def ready(hot, name, method="GET", **headers):
    return hot.ready(method, f"/static/{name}", headers)


def responder(root, hot_bytes=MiB):
    return Responder([root], hot_bytes, lambda reply: reply)


def ask(responder, name, **headers):
    reply, file, _ = responder.respond(get(name, **headers))
    if file is not None:
        file.stream.close()
    return reply


def test_the_second_reply_comes_from_memory(root, tmp_path):
    hot = responder(root)
    assert ready(hot, "a") is None
    first = ask(hot, "a")
    assert ready(hot, "a") == first
    assert first.body == (tmp_path / "a").read_bytes()


def test_its_etag_gets_a_304_and_any_other_condition_is_thought_about(root):
    hot = responder(root)
    ask(hot, "a")
    not_modified = ready(hot, "a", **{"if-none-match": '"a"'})
    assert (not_modified.status, not_modified.body) == (HTTPStatus.NOT_MODIFIED, b"")
    assert ready(hot, "a", **{"if-none-match": '"other"'}) is None
    assert ready(hot, "a", range="bytes=0-1") is None
    assert ready(hot, "a", method="HEAD") is None


def test_the_least_recently_used_goes_first(root):
    hot = responder(root)
    ask(hot, "a")
    ask(hot, "b")
    ready(hot, "a")
    ask(hot, "c")
    held = [name for name in "abc" if ready(hot, name) is not None]
    assert held == ["a", "c"]


@pytest.mark.parametrize("name", ["changing", "big"])
def test_what_may_change_or_is_big_is_not_held(root, name):
    hot = responder(root, hot_bytes=10 * MiB)
    ask(hot, name)
    assert ready(hot, name) is None


def test_wordings_of_one_wish_are_one_entry(root):
    hot = responder(root)
    ask(hot, "a", **{"accept-encoding": "br;q=0.9, gzip;q=0.3"})
    assert ready(hot, "a", **{"accept-encoding": "gzip;q=0.1,br"}) is not None


def test_without_memory_nothing_is_held(root):
    hot = responder(root, hot_bytes=0)
    ask(hot, "a")
    assert ready(hot, "a") is None
