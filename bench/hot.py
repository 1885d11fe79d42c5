"""What our own code costs a static file that is in memory: microseconds, without any server.

    python -m bench.hot

As a browser asks for it, eleven headers and all; the best of many rounds.
"""

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.passing import best_us
from roots.serve.asgi import RootsASGI
from roots.serve.catalog import Entry, Representation
from roots.serve.core import Root
from roots.serve.headers import static_policy
from roots.serve.wsgi import RootsWSGI

TAG = "0123456789abcdef0123456789abcdef"
HEADERS = {
    "host": "localhost",
    "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0)",
    "accept": "text/css,*/*;q=0.1",
    "accept-language": "en-US,en;q=0.5",
    "accept-encoding": "gzip, deflate, br, zstd",
    "referer": "http://localhost/",
    "connection": "keep-alive",
    "cookie": "sessionid=abc; csrftoken=def",
    "sec-fetch-dest": "style",
    "sec-fetch-mode": "no-cors",
    "sec-fetch-site": "same-origin",
}
KNOWN = {"if-none-match": f'"{TAG}-br"'}


class Everything:
    """A catalog in which every name has a variant."""

    def find(self, name: str) -> Entry:
        """As a static catalog would."""
        plain, brotli = Representation(name, tag=TAG), Representation(name, "br", f"{TAG}-br")
        return Entry((plain, brotli), "text/css", name, is_immutable=True)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "a.css").write_bytes(bytes(9_600))
        root = Root("/static/", folder, Everything(), static_policy(60), is_held=True)
        for asked, headers in (("whole", HEADERS), ("304", HEADERS | KNOWN)):
            print(f"ASGI, {asked}: {best_us(asgi(root, headers)):.2f} µs")
            print(f"WSGI, {asked}: {best_us(wsgi(root, headers)):.2f} µs")


def asgi(root: Root, headers: dict[str, str]) -> Callable[[], object]:
    """One request through the ASGI adapter, whose every await is ready."""
    application = RootsASGI(_nothing, [root], 1 << 20)
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    asyncio.run(
        application(_scope(raw[:-1] if "if-none-match" in headers else raw), _nothing, send)
    )

    def ask() -> None:
        waiting = application(_scope(raw), _nothing, send)
        try:
            waiting.send(None)
        except StopIteration:
            return
        raise AssertionError("the file is not in memory")

    return ask


def wsgi(root: Root, headers: dict[str, str]) -> Callable[[], object]:
    """One request through the WSGI adapter."""
    application = RootsWSGI(_nothing, [root], 1 << 20)
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/static/a.css", "SCRIPT_NAME": ""}
    environ |= {f"HTTP_{name.upper().replace('-', '_')}": v for name, v in headers.items()}
    first = {name: value for name, value in environ.items() if name != "HTTP_IF_NONE_MATCH"}
    assert b"".join(application(first, _start))
    return lambda: application(environ, _start)


def _scope(headers: list[tuple[bytes, bytes]]) -> dict[str, Any]:
    return {"type": "http", "method": "GET", "path": "/static/a.css", "headers": headers}


async def send(_: object) -> None:
    """Take a message."""


def _start(*_: object) -> None:
    """Take a status and headers."""


def _nothing(*_: object) -> Any:
    """What stands behind the layer and is never asked."""


if __name__ == "__main__":
    main()
