"""What the layer costs a request that is Django's: microseconds over the application alone.

    python -m bench.passing

An application that answers at once, so that nothing else is measured; the best of many rounds.
"""

import timeit
from collections.abc import Callable, Coroutine
from typing import Any

from roots.media.catalog import MediaCatalog
from roots.serve.asgi import RootsASGI
from roots.serve.core import Root
from roots.serve.handover.asgi import HandedASGI
from roots.serve.handover.wsgi import HandedWSGI
from roots.serve.headers import media_policy
from roots.serve.wsgi import RootsWSGI

CALLS, ROUNDS = 20_000, 15
ROOTS = [Root(prefix, "/nowhere", MediaCatalog(), media_policy()) for prefix in ("/s/", "/m/")]
HEADERS = [("Content-Type", "text/html"), ("Content-Length", "2"), ("X-Frame-Options", "DENY")]
RAW_HEADERS = [(name.lower().encode(), value.encode()) for name, value in HEADERS]


def wsgi_application(_environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """The least a WSGI application can do."""
    start_response("200 OK", HEADERS)
    return [b"ok"]


async def asgi_application(_scope: Any, _receive: Any, send: Any) -> None:
    """The least an ASGI application can do."""
    await send({"type": "http.response.start", "status": 200, "headers": RAW_HEADERS})
    await send({"type": "http.response.body", "body": b"ok"})


def main() -> None:
    """Measure and print."""
    for name, alone, layered in (
        ("WSGI", wsgi(wsgi_application), wsgi(RootsWSGI(HandedWSGI(wsgi_application), ROOTS))),
        ("ASGI", asgi(asgi_application), asgi(RootsASGI(HandedASGI(asgi_application), ROOTS))),
    ):
        print(f"{name}: {best_us(layered) - best_us(alone):.2f} µs")


def wsgi(application: Callable[..., Any]) -> Callable[[], object]:
    """One request to `application`."""

    def start_response(status: str, headers: Any) -> None:
        pass

    return lambda: application({"PATH_INFO": "/page/", "REQUEST_METHOD": "GET"}, start_response)


def asgi(application: Callable[..., Coroutine[Any, Any, None]]) -> Callable[[], object]:
    """One request to `application`, whose every await is ready."""

    async def send(message: Any) -> None:
        pass

    def ask() -> None:
        scope = {"type": "http", "path": "/page/", "method": "GET", "root_path": ""}
        waiting = application(scope, send, send)
        try:
            waiting.send(None)
        except StopIteration:
            return
        raise AssertionError("the application waits for something")

    return ask


def best_us(ask: Callable[[], object]) -> float:
    """Microseconds of one call."""
    return min(timeit.repeat(ask, number=CALLS, repeat=ROUNDS)) / CALLS * 1e6


if __name__ == "__main__":
    main()
