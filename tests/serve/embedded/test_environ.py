"""What a WSGI application learns of a request that came through ASGI."""

from urllib.parse import quote

from roots.serve.embedded import environ


def scope(path="/page/", method="GET", headers=(), **more):
    return {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": quote(path).encode(),
        "query_string": b"a=1&b=%20",
        "root_path": "",
        "scheme": "https",
        "server": ("127.0.0.1", 8000),
        "client": ("192.0.2.7", 5555),
        "headers": list(headers),
        **more,
    }


def test_the_request_is_as_a_wsgi_server_would_say_it():
    found = environ.of(scope("/größe/", headers=[(b"host", b"example.com"), (b"cookie", b"a=1")]))
    assert found["PATH_INFO"] == "/größe/".encode().decode("latin-1")
    assert found["QUERY_STRING"] == "a=1&b=%20"
    assert found["HTTP_HOST"] == "example.com"
    assert (found["SERVER_NAME"], found["SERVER_PORT"]) == ("127.0.0.1", "8000")
    assert (found["REMOTE_ADDR"], found["wsgi.url_scheme"]) == ("192.0.2.7", "https")
    assert found["SERVER_PROTOCOL"] == "HTTP/1.1"


def test_bytes_that_are_not_utf_8_reach_the_application_as_they_came():
    found = environ.of(scope("/\ufffd/", raw_path=b"/%ff/?a=1"))
    assert found["PATH_INFO"] == "/\xff/"


def test_a_mount_point_is_the_script_name():
    found = environ.of(scope("/app/page/", root_path="/app"))
    assert (found["SCRIPT_NAME"], found["PATH_INFO"]) == ("/app", "/page/")


def test_split_cookies_are_one_and_repeated_headers_a_list():
    headers = [(b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"accept", b"x"), (b"accept", b"y")]
    found = environ.of(scope(headers=headers))
    assert (found["HTTP_COOKIE"], found["HTTP_ACCEPT"]) == ("a=1; b=2", "x,y")


def test_an_underscore_does_not_pass_for_a_hyphen():
    assert "HTTP_X_FORWARDED_FOR" not in environ.of(scope(headers=[(b"x_forwarded_for", b"6")]))


def test_a_unix_socket_has_no_address():
    found = environ.of(scope(server=None, client=None))
    assert (found["SERVER_NAME"], found["SERVER_PORT"], found["REMOTE_ADDR"]) == (
        "localhost",
        "443",
        "",
    )
