"""What a server says, or why it says nothing."""

import gzip
import socket

import pytest

from roots.doctor.probe.exchange import Client, Unreachable
from tests.doctor.probe.sites import answering, saying, self_signed, silent
from tests.servers import free_port

CLIENT = Client(timeout_s=30)


def refused(url, client=CLIENT):
    with pytest.raises(Unreachable) as caught:
        client.get(url)
    return caught.value


def test_an_answer_is_taken_as_it_comes():
    packed = gzip.compress(b"body")
    with answering(
        (200, {"Content-Encoding": "gzip", "Content-Type": "text/css; x"}, packed)
    ) as url:
        found = CLIENT.get(f"{url}/a", "gzip")
    assert (found.status, found.body, found.is_whole) == (200, packed, True)
    assert found.headers["content-encoding"] == "gzip"
    assert found.content_type == "text/css"


def test_a_redirect_to_the_same_path_elsewhere_is_followed():
    moved = {"Location": "/a.css?moved"}
    with answering((308, moved, b""), (200, {}, b"here")) as url:
        assert CLIENT.get(f"{url}/a.css").body == b"here"


def test_a_redirect_to_another_path_is_told():
    with answering((302, {"Location": "/accounts/login/?next=/a.css"}, b"")) as url:
        found = CLIENT.get(f"{url}/a.css")
    assert found.target == f"{url}/accounts/login/?next=/a.css"


def test_redirects_in_a_circle_end():
    with answering((301, {"Location": "/a?b"}, b""), (301, {"Location": "/a"}, b"")) as url:
        assert CLIENT.get(f"{url}/a").status == 301


def test_a_name_that_nobody_knows(monkeypatch):
    def unknown(*_args, **_more):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    error = refused("https://shop.invalid/a")
    assert error.what == "The name shop.invalid has no address: Name or service not known."
    assert error.origin == "https://shop.invalid"


def test_a_port_where_nobody_listens():
    port = free_port()
    assert refused(f"http://127.0.0.1:{port}/").what == f"Nobody listens on 127.0.0.1:{port}."


def test_a_server_that_never_answers():
    with silent() as url:
        error = refused(f"{url}/a", Client(timeout_s=0.2))
    assert "did not answer /a within 0.2 s" in error.what
    assert "--timeout 60" in error.fix


def test_a_certificate_that_nobody_trusts_and_one_that_is_trusted(tmp_path, monkeypatch):
    with self_signed(tmp_path) as (url, certificate):
        assert "is not to be trusted: self-signed certificate" in refused(url).what
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert CLIENT.get(url).status == 204


def test_tls_where_there_is_none():
    with answering((200, {}, b"")) as url:
        error = refused(url.replace("http:", "https:"))
    assert "does not speak TLS" in error.what
    assert url in error.fix


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "closed the connection without an answer"),
        (b"220 mail.example ESMTP\r\n", "does not answer in HTTP (BadStatusLine: "),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf", "does not answer in HTTP"),
    ],
)
def test_something_that_is_no_web_server(data, told):
    with saying(data) as address:
        assert told in refused(f"http://{address}/").what


@pytest.mark.parametrize("target", ["http://shop.example:99999/a", "http://[/a", "file:///a"])
def test_a_redirect_to_what_is_no_site_is_not_followed(target):
    with answering((302, {"Location": target}, b"")) as url:
        found = CLIENT.get(f"{url}/a")
    assert (found.status, found.target) == (302, "")
