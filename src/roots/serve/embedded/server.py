"""The embedded production server: Granian, with both roots in front of the project's application.

Why Granian, and why always through ASGI: docs/decisions/0003-granian.md and 0006-interface.md. Its
own static mount is not used: it knows neither ETag, 304, Range nor encodings.
"""

import logging
import resource
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import Any, Literal

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.servers.basehttp import get_internal_wsgi_application
from django.utils.module_loading import import_string

from roots.errors import ConfigError
from roots.serve import asgi
from roots.serve.asgi import Application
from roots.serve.bodies.wsgi import CappedWSGI
from roots.serve.embedded import access_log
from roots.serve.embedded.access_log import AccessLog
from roots.serve.embedded.addresses import Address, UnixSocket, require_free, require_room
from roots.serve.embedded.breaking import Breaking
from roots.serve.embedded.gateway import Gateway
from roots.serve.embedded.health import Health
from roots.serve.embedded.tls import TLS
from roots.serve.handover.wsgi import HandedWSGI
from roots.serve.wsgi import RootsWSGI

STOP_TIMEOUT_S = 30
MOST_CONNECTIONS = 16_384
"""Per worker. Granian's own default is a thousand, which as many slow clients would use up."""

HELD_BYTES = 256 * 1024
"""Of a connection, each way: a response that a slow client does not take, an upload that Django has
not read. A quarter of it would make uploads half as fast."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """Where and how to serve.

    `threads` is per worker and counts for WSGI only. `health` is the path that answers `ok` without
    Django. A worker is replaced after `lifetime_s` seconds, or beyond `max_rss_mib` MiB of memory.
    """

    address: Address
    workers: int
    threads: int
    interface: Literal["wsgi", "asgi"]
    access_log: AccessLog | None = None
    tls: TLS | None = None
    health: str | None = None
    lifetime_s: int | None = None
    max_rss_mib: int | None = None


def serve(binding: Binding, on_ready: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM; requests under way are finished first.

    `on_ready` is called just before, when nothing stands in the way any more. Raises ConfigError
    where Granian is missing, the address cannot be had, or a file that is named cannot be used, and
    whatever the project raises when it is loaded.
    """
    granian = _granian()
    from roots.serve.embedded.workers import Workers

    place = _place(binding.address)
    logged = binding.access_log or AccessLog()
    logged.require_writable()
    workers = Workers(
        target=f"{__name__}:load",
        **place,
        interface=granian.constants.Interfaces(_INTERFACES[binding.interface]),
        loop=granian.constants.Loops("uvloop" if find_spec("uvloop") else "asyncio"),
        workers=binding.workers,
        backpressure=MOST_CONNECTIONS,
        http1_settings=granian.http.HTTP1Settings(max_buffer_size=HELD_BYTES),
        workers_kill_timeout=STOP_TIMEOUT_S,
        workers_lifetime=binding.lifetime_s,
        workers_max_rss=binding.max_rss_mib,
        respawn_failed_workers=True,
        log_access=binding.access_log is not None,
        log_access_format=access_log.FORMAT,
        log_dictconfig=logged.logging(),
        log_level=granian.log.LogLevels.error,
        tls=binding.tls,
    )
    load(binding)  # what is wrong with the project is said here, once, and not by each worker
    on_ready()
    _take_every_descriptor()
    workers.serve(target_loader=partial(load, binding), wrap_loader=False)


def _take_every_descriptor() -> None:
    """Ask for as many open files as the system lets this user have, instead of the usual thousand:
    a client that downloads needs two."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _place(address: Address) -> dict[str, Any]:
    """The address in Granian's words. Raises ConfigError where it is not to be had."""
    if isinstance(address, UnixSocket):
        return {"uds": require_room(address), "uds_permissions": address.mode}
    return {"address": require_free(address), "port": address.port}


_INTERFACES = {"wsgi": "asginl", "asgi": "asgi"}
"""Granian's by ours; asginl is ASGI without lifespan events, which WSGI has no name for."""


def load(binding: Binding) -> Application:
    """The project with the roots in front, whether or not its wsgi.py or asgi.py puts them in."""
    project: Application
    if binding.interface == "asgi":
        project = _project_asgi_application()
    else:
        project = Gateway(_behind_the_layer(get_internal_wsgi_application()), binding.threads)
    application: Application = Breaking(asgi.put_roots_before(project))
    for name in access_log.LOGGERS:  # LOGGING of a project may disable those it does not name
        logging.getLogger(name).disabled = False
    return Health(application, binding.health) if binding.health else application


def _behind_the_layer(application: Any) -> Any:
    """What a project's wsgi.py put the layer before: here the layer stands before the gateway."""
    while isinstance(application, RootsWSGI | HandedWSGI | CappedWSGI):
        application = application.application
    return application


def _granian() -> Any:
    try:
        import granian
        import granian.constants
        import granian.http
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
