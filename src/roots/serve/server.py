"""The embedded production server: Granian, with both roots in front of the project's application.

Why Granian: docs/decisions/0003-granian.md. Its own static mount is not used: it knows neither
ETag, 304, Range nor encodings.
"""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Literal

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.servers.basehttp import get_internal_wsgi_application
from django.utils.module_loading import import_string

from roots.errors import ConfigError
from roots.serve import asgi, wsgi
from roots.serve.asgi import RootsASGI
from roots.serve.wsgi import RootsWSGI

STOP_TIMEOUT_S = 30


@dataclass(frozen=True, slots=True)
class Binding:
    """Where and how to serve. `threads` is per worker and counts for WSGI only."""

    host: str
    port: int
    workers: int
    threads: int
    interface: Literal["wsgi", "asgi"]
    access_log: bool


def serve(binding: Binding, on_ready: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM; requests under way are finished first.

    `on_ready` is called just before, when nothing stands in the way any more. Raises ConfigError
    where Granian is missing or the address cannot be had.
    """
    granian = _granian()
    address = require_free(binding.host, binding.port)
    on_ready()
    granian.Granian(
        target=f"{__name__}:load_{binding.interface}",
        factory=True,
        address=address,
        port=binding.port,
        interface=granian.constants.Interfaces(binding.interface),
        workers=binding.workers,
        blocking_threads=binding.threads if binding.interface == "wsgi" else None,
        workers_kill_timeout=STOP_TIMEOUT_S,
        log_access=binding.access_log,
        log_level=granian.log.LogLevels.error,
    ).serve()


def load_wsgi() -> RootsWSGI:
    """The project's WSGI application with the roots in front, whether or not wsgi.py puts them."""
    return wsgi.put_roots_before(get_internal_wsgi_application())


def load_asgi() -> RootsASGI:
    """The project's ASGI application with the roots in front, whether or not asgi.py puts them."""
    return asgi.put_roots_before(_project_asgi_application())


def require_free(host: str, port: int) -> str:
    """The IP address of `host`. Raises ConfigError where nothing can listen there on `port`.

    Granian shares ports between its workers, so it would not notice another server there.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen()
            return str(address[0])
    except OSError as error:
        raise ConfigError(
            f"Cannot listen on {host} port {port}: {error.strerror}. Choose another with --port or "
            "--host, or stop what listens there."
        ) from error


def _granian() -> Any:
    try:
        import granian
        import granian.constants
        import granian.log
    except ImportError as error:
        raise ConfigError(
            "serve needs the Granian server, which is not installed. Install it with "
            "pip install 'django-roots[serve]', or use any other WSGI or ASGI server."
        ) from error
    return granian


def _project_asgi_application() -> Any:
    """ASGI_APPLICATION, or the asgi module beside the WSGI one, or Django's own."""
    path = getattr(settings, "ASGI_APPLICATION", None) or _asgi_beside_wsgi()
    if path is None:
        return get_asgi_application()
    try:
        return import_string(path)
    except ImportError as error:
        raise ConfigError(
            f"ASGI_APPLICATION must be the dotted path of the application, as "
            f"'mysite.asgi.application', but is {path!r}: {error}."
        ) from error


def _asgi_beside_wsgi() -> str | None:
    wsgi_module = (getattr(settings, "WSGI_APPLICATION", None) or "").rpartition(".")[0]
    package = wsgi_module.rpartition(".")[0]
    if package and find_spec(f"{package}.asgi"):
        return f"{package}.asgi.application"
    return None
