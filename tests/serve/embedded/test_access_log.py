import json
import logging
import logging.config

import pytest

from roots.errors import ConfigError
from roots.serve.embedded.access_log import FORMAT, AccessLog

FACTS = {
    "addr": "192.0.2.7",
    "method": "GET",
    "path": "/reset/",
    "query_string": "token=secret",
    "protocol": "HTTP/1.1",
    "status": 200,
    "dt_ms": 1.23456,
    "_h0": "https://example.com/?q=secret",
    "_h1": "curl/8",
}


def line(style: str, **facts: object) -> str:
    record = logging.LogRecord("x", 20, "", 0, FORMAT, ({**FACTS, **facts},), None)
    record.created = 1_700_000_000.5
    configured = AccessLog(style=style).logging()
    return configured["formatters"]["access"]["()"]().format(record)


def test_a_combined_line_is_what_log_readers_know():
    assert line("combined") == (
        '192.0.2.7 - - [14/Nov/2023:22:13:20 +0000] "GET /reset/ HTTP/1.1" 200 - '
        '"https://example.com/" "curl/8"'
    )


def test_a_json_line_is_one_object():
    assert json.loads(line("json")) == {
        "time": "2023-11-14T22:13:20.500+00:00",
        "addr": "192.0.2.7",
        "method": "GET",
        "path": "/reset/",
        "protocol": "HTTP/1.1",
        "status": 200,
        "duration_ms": 1.235,
        "referer": "https://example.com/",
        "agent": "curl/8",
    }


@pytest.mark.parametrize("style", ["combined", "json"])
def test_what_a_client_says_cannot_forge_a_line_nor_show_a_secret(style):
    forged = '\n192.0.2.1 - - "GET /admin/"\r\x1b[2J'
    written = line(style, path=f"/{forged}ü", _h0=f"http://x/{forged}", _h1=forged)
    assert "secret" not in line(style)
    assert written.isascii()
    assert written.isprintable()
    if style == "combined":
        assert written.count('"') == 6


def test_a_client_of_a_unix_socket_has_no_address():
    assert line("combined", addr="").startswith("- - - [")


def test_a_path_is_written_as_it_was_asked_for():
    assert '"GET /gr%C3%B6%C3%9Fe%20%22/a-b_c.jpg HTTP/1.1"' in line(
        "combined", path='/größe "/a-b_c.jpg'
    )


@pytest.mark.parametrize("style", ["combined", "json"])
def test_the_server_s_configuration_writes_to_the_file_but_not_of_health(tmp_path, style):
    log = AccessLog(str(tmp_path / "access.log"), style, untold="/healthz")
    log.require_writable()
    logging.config.dictConfig(log.logging())
    try:
        logger = logging.getLogger("granian.access")
        logger.info(FORMAT, FACTS)
        logger.info(FORMAT, {**FACTS, "path": "/healthz"})
    finally:
        for handler in logger.handlers:
            handler.close()
        logger.handlers.clear()
    assert len((tmp_path / "access.log").read_text().splitlines()) == 1


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"cannot be written: No such file or directory\. Name a"):
        AccessLog(str(tmp_path / "nowhere" / "access.log")).require_writable()
