"""WSGI applications behind an ASGI server: what reaches them, and what they answer."""

import asyncio
import threading
import time
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roots.serve.asgi import CHUNK_BYTES
from roots.serve.embedded.gateway import Gateway
from roots.serve.embedded.received import AHEAD, PORTION_BYTES, ClientGoneError, ReceivedBody
from tests.serve.embedded.test_environ import scope


class Client:
    """The other end: sends `chunks` of a body, keeps what comes back."""

    def __init__(self, *chunks, goes_away=False):
        self.messages = []
        self._chunks = [
            {"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks
        ]
        last = {"type": "http.disconnect"} if goes_away else {"type": "http.request"}
        self._chunks.append(last)
        self.asked = 0
        self.gone = asyncio.Event()

    async def receive(self):
        self.asked += 1
        if not self._chunks:
            await self.gone.wait()
            return {"type": "http.disconnect"}
        return self._chunks.pop(0)

    async def send(self, message):
        self.messages.append(message)

    @property
    def body(self):
        return b"".join(message.get("body", b"") for message in self.messages[1:])


def ask(application, client=None, **request):
    client = client or Client()
    asyncio.run(Gateway(application, 2)(scope(**request), client.receive, client.send))
    return client


def echo(read):
    """An application that answers with what `read` makes of its environ."""

    def application(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [read(environ)]

    return application


def test_the_application_runs_on_a_thread_of_its_own():
    client = ask(echo(lambda environ: threading.current_thread().name.encode()))
    assert client.body.startswith(b"roots-django-")
    assert client.messages[0]["headers"] == [(b"content-type", b"text/plain")]


def test_nobody_is_asked_for_a_body_that_was_not_announced():
    client = Client()
    ask(echo(lambda environ: environ["wsgi.input"].read()), client)
    assert client.asked == 0


@given(
    st.lists(st.binary(max_size=2 * PORTION_BYTES), max_size=5), st.integers(1, 3 * PORTION_BYTES)
)
def test_a_body_is_read_as_it_was_sent_however_it_is_cut(chunks, size):
    def read(environ):
        return b"".join(iter(lambda: environ["wsgi.input"].read(size), b""))

    client = ask(
        echo(read), Client(*chunks), method="POST", headers=[(b"transfer-encoding", b"chunked")]
    )
    assert client.body == b"".join(chunks)


def test_a_body_is_read_by_lines_too():
    async def begin():
        return await ReceivedBody.begin(Client(b"one\ntw", b"o\n", b"three").receive)

    assert asyncio.run(begin()).readlines() == [b"one\n", b"two\n", b"three"]


def test_a_large_body_that_is_not_read_is_left_with_the_server():
    client = Client(*[bytes(PORTION_BYTES)] * 5)
    ask(echo(lambda environ: b""), client, method="POST", headers=[(b"content-length", b"9")])
    assert client.asked == 1


def test_a_large_body_is_fetched_so_many_portions_ahead_and_no_more():
    client = Client(*[bytes(PORTION_BYTES)] * 20)

    def read(environ):
        environ["wsgi.input"].read(PORTION_BYTES + 1)  # so that the second portion is taken
        deadline = time.monotonic() + 60
        while client.asked < 1 + AHEAD and time.monotonic() < deadline:
            time.sleep(0.01)
        return b""

    ask(echo(read), client, method="POST", headers=[(b"content-length", b"9")])
    assert 1 + AHEAD <= client.asked <= 2 + AHEAD


def test_a_client_that_leaves_before_its_body_is_whole_costs_no_thread():
    client = Client(b"half", goes_away=True)
    ask(
        echo(lambda environ: pytest.fail("was called")),
        client,
        method="POST",
        headers=[(b"content-length", b"9")],
    )
    assert client.messages == []


def test_a_client_that_leaves_while_its_body_is_read_is_no_end_of_file():
    seen = []

    def application(environ, start_response):
        try:
            environ["wsgi.input"].read()
        except OSError as error:
            seen.append(error)
            raise

    client = Client(bytes(PORTION_BYTES), goes_away=True)
    ask(application, client, method="POST", headers=[(b"content-length", b"999999")])
    assert isinstance(seen[0], ClientGoneError)
    assert client.messages == []


def test_chunks_are_sent_as_they_come_and_the_response_is_closed():
    class Stream:
        is_closed = False

        def __iter__(self):
            return iter([b"one", b"", b"two"])

        def close(self):
            self.is_closed = True

    stream = Stream()

    def application(environ, start_response):
        start_response("202 Accepted", [])
        return stream

    client = ask(application)
    assert [m.get("body") for m in client.messages] == [None, b"one", b"", b"two", b""]
    assert [m.get("more_body") for m in client.messages] == [None, True, True, True, False]
    assert stream.is_closed


def test_a_file_comes_in_large_blocks_and_is_closed(tmp_path):
    (tmp_path / "file").write_bytes(bytes(3 * CHUNK_BYTES + 1))
    file = open(tmp_path / "file", "rb")  # noqa: SIM115 - who sends it closes it

    def application(environ, start_response):
        start_response("200 OK", [])
        return environ["wsgi.file_wrapper"](file, 4096)

    client = ask(application)
    sizes = [len(message["body"]) for message in client.messages[1:]]
    assert sizes == [CHUNK_BYTES, CHUNK_BYTES, CHUNK_BYTES, 1, 0]
    assert file.closed


def test_a_stream_without_an_end_ends_when_the_client_has_gone():
    class Impatient(Client):
        async def send(self, message):
            await super().send(message)
            if len(self.messages) == 5:
                self.gone.set()

    closed = []

    def forever():
        try:
            while True:
                yield b"tick"
        finally:
            closed.append(True)

    def application(environ, start_response):
        start_response("200 OK", [])
        return forever()

    ask(application, Impatient())
    assert closed


def test_a_generator_may_start_the_response_when_it_begins():
    def application(environ, start_response):
        start_response("200 OK", [("X-Late", "yes")])
        yield b"late"

    client = ask(application)
    assert client.messages[0]["headers"] == [(b"x-late", b"yes")]
    assert client.body == b"late"


def test_an_empty_answer_is_an_answer():
    client = ask(lambda environ, start_response: start_response("204 No Content", []) and iter(()))
    assert [message["type"] for message in client.messages] == [
        "http.response.start",
        "http.response.body",
    ]


def test_what_the_application_raises_reaches_the_server():
    def application(environ, start_response):
        raise LookupError("broken view")

    with pytest.raises(LookupError, match="broken view"):
        ask(application)


def test_other_protocols_are_refused():
    with pytest.raises(ValueError, match="knows no websocket"):
        ask(echo(lambda environ: b""), type="websocket")


def test_what_the_layer_laid_into_the_scope_reaches_the_application():
    client = ask(
        echo(lambda environ: environ["roots.test"]), client=Client(), **{"roots.test": b"laid"}
    )
    assert client.body == b"laid"


def test_a_small_body_is_all_there():
    async def begin():
        return await ReceivedBody.begin(Client(b"a", b"b").receive)

    assert isinstance(asyncio.run(begin()), BytesIO)
