"""From an ASGI scope to a WSGI environ (PEP 3333)."""

import sys
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_to_bytes

_FIXED: Mapping[str, Any] = {
    "GATEWAY_INTERFACE": "CGI/1.1",
    "wsgi.errors": sys.stderr,
    "wsgi.multiprocess": True,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
    "wsgi.version": (1, 0),
}
OWN = "roots."
"""Keys of ours start with it, in a scope and in an environ."""


def of(scope: Mapping[str, Any]) -> dict[str, Any]:
    """The environ of the request in `scope`; `wsgi.input` is the caller's.

    Keys of ours go along. Header names with an underscore are dropped: as environ keys they pass
    for those with a hyphen, which a proxy may have vouched for.
    """
    mount = (scope.get("root_path") or "").rstrip("/").encode().decode("latin-1")
    host, port = scope.get("server") or ("localhost", None)
    client = scope.get("client")
    environ = {
        **_FIXED,
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": mount,
        "PATH_INFO": _path(scope).removeprefix(mount),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "REMOTE_ADDR": client[0] if client else "",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or (443 if scope["scheme"] == "https" else 80)),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "wsgi.url_scheme": scope["scheme"],
    }
    _add_headers(scope["headers"], environ)
    environ.update((key, value) for key, value in scope.items() if key.startswith(OWN))
    return environ


def _add_headers(headers: list[tuple[bytes, bytes]], environ: dict[str, Any]) -> None:
    for raw_name, raw_value in headers:
        key = _key(raw_name)
        if key is None:
            continue
        value = raw_value.decode("latin-1")
        if key in environ:
            # HTTP/2 may split a cookie header, whose parts are joined in their own way
            value = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}"
        environ[key] = value


@lru_cache(maxsize=1024)
def _key(name: bytes) -> str | None:
    """
    >>> _key(b"accept-language"), _key(b"content-type"), _key(b"x_forwarded_for")
    ('HTTP_ACCEPT_LANGUAGE', 'CONTENT_TYPE', None)
    """
    if b"_" in name:
        return None
    key = name.decode("latin-1").upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"


def _path(scope: Mapping[str, Any]) -> str:
    """The path's bytes as latin-1; decoded from the raw path, since `path` has lost what is not
    UTF-8."""
    path: str = scope["path"]
    raw: bytes | None = scope.get("raw_path")
    if path.isascii() or not raw:
        return path.encode().decode("latin-1")
    return unquote_to_bytes(raw.partition(b"?")[0]).decode("latin-1")
