"""Asking views that hand files over, whatever stands in front of them."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes
from wsgiref.validate import validator

from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import AsyncClient, Client

from roots.serve import asgi, wsgi
from tests.serve.environ import environ

Way = Callable[..., "Got"]


class Got(NamedTuple):
    """A reply; `headers` by lower-case name, cookies and repeated lines among them."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        """The only header called `name`; None where there is none."""
        found = [value for header, value in self.headers if header.lower() == name.lower()]
        assert len(found) <= 1, (name, found)
        return found[0].strip() if found else None  # Django 5.2 puts a space before cookies


@contextlib.contextmanager
def keeping_connections() -> Iterator[None]:
    """As Django's test client: a request in this thread must not look at the tests' connection."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def through_wsgi(path: str, method: str = "GET", **headers: str) -> Got:
    """Through the WSGI layer, under wsgiref's validator."""
    got: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc: Any = None) -> Any:
        got[:] = [int(status[:3]), headers]
        return lambda data: None

    with keeping_connections():
        result = validator(wsgi.put_roots_before(WSGIHandler()))(
            environ(method, path, headers), start_response
        )
        try:
            return Got(*got, b"".join(result))
        finally:
            result.close()


def through_asgi(path: str, method: str = "GET", **headers: str) -> Got:
    """Through the ASGI layer."""
    sent: list[Any] = []

    async def ask() -> None:
        requests = iter([{"type": "http.request", "body": b""}])

        async def receive() -> Any:
            if message := next(requests, None):
                return message
            await asyncio.sleep(60)
            return None

        async def send(message: Any) -> None:
            sent.append(message)

        await asgi.put_roots_before(ASGIHandler())(_scope(path, method, headers), receive, send)

    asyncio.run(ask())
    start, *parts = sent
    decoded = [(n.decode(), v.decode("latin-1")) for n, v in start["headers"]]
    return Got(start["status"], decoded, b"".join(part.get("body", b"") for part in parts))


def through_client(path: str, method: str = "GET", **headers: str) -> Got:
    """Django's test client: nothing stands in front."""
    response = Client().generic(method, path, headers=_spelled(headers))
    return _got(response, b"".join(response))


def through_async_client(path: str, method: str = "GET", **headers: str) -> Got:
    """Django's asynchronous test client: nothing stands in front."""

    async def ask() -> Got:
        response = await AsyncClient().generic(method, path, headers=_spelled(headers))
        if not response.streaming:
            return _got(response, response.content)
        return _got(response, b"".join([part async for part in response]))

    return asyncio.run(ask())


def private_directory(folder: Path, settings: Any) -> Path:
    """The directory of STORAGES["private"], made and set: beside MEDIA_ROOT, in `folder`."""
    directory = folder / "private"
    directory.mkdir(exist_ok=True)
    storage = {**settings.STORAGES["private"], "OPTIONS": {"location": directory}}
    settings.STORAGES = {**settings.STORAGES, "private": storage}
    return directory


IN_FRONT = [through_wsgi, through_asgi]
NOTHING_IN_FRONT = [through_client, through_async_client]


def _got(response: Any, body: bytes) -> Got:
    cookies = [("Set-Cookie", each.OutputString()) for each in response.cookies.values()]
    return Got(response.status_code, [*response.items(), *cookies], body)


def _spelled(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def _scope(path: str, method: str, headers: dict[str, str]) -> dict[str, Any]:
    path, _, query = path.partition("?")
    return {
        "type": "http",
        "method": method,
        "path": unquote_to_bytes(path).decode("utf-8", "replace"),
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [
            (name.lower().encode(), value.encode()) for name, value in _spelled(headers).items()
        ],
    }
