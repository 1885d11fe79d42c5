"""manage.py serve: the project, its static files and its uploads, in production."""

import os
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from roots.conf import configuration
from roots.errors import ConfigError
from roots.serve.assembly import assemble
from roots.serve.core import Root
from roots.serve.server import Binding, serve
from roots.static import manifest
from roots.static.storage import StaticStorage

DEFAULT_THREADS = 64


class Command(BaseCommand):
    """Parses and refuses; `roots.serve.server` does the serving."""

    help = (
        "Serves this project in production: Django, STATIC_ROOT and MEDIA_ROOT from one process "
        "group. Run migrate and collectstatic first. Stop with Ctrl-C or SIGTERM: requests under "
        "way are finished."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Defaults suit one small machine."""
        add = parser.add_argument
        add("--host", default="127.0.0.1", help="Address to listen on; 0.0.0.0 for every one.")
        add("--port", type=_port, default=8000, help="Port to listen on (default: 8000).")
        add("--workers", type=_positive, help="Processes (default: one per usable core).")
        add(
            "--threads",
            type=_positive,
            default=DEFAULT_THREADS,
            help=f"Requests each WSGI worker takes on at a time (default: {DEFAULT_THREADS}).",
        )
        add(
            "--interface",
            choices=["wsgi", "asgi"],
            default="wsgi",
            help="How to call the project: wsgi (default), or asgi for async views.",
        )
        add("--no-access-log", action="store_true", help="Do not print a line for each request.")

    def handle(self, *_: Any, **options: Any) -> None:
        """Refuse early and clearly, else serve."""
        binding = Binding(
            host=options["host"],
            port=options["port"],
            workers=options["workers"] or _usable_cores(),
            threads=options["threads"],
            interface=options["interface"],
            access_log=not options["no_access_log"],
        )
        try:
            _require_release()
            roots = assemble()
            connections.close_all()  # workers are forked: a connection must not be shared
            serve(binding, on_ready=lambda: self._announce(binding, roots))
        except ConfigError as error:
            raise CommandError(str(error)) from error

    def _announce(self, binding: Binding, roots: Iterable[Root]) -> None:
        host = f"[{binding.host}]" if ":" in binding.host else binding.host
        self.stdout.write(
            f"Serving http://{host}:{binding.port} ({binding.interface}, "
            f"workers: {binding.workers}). Stop with Ctrl-C."
        )
        for root in roots:
            self.stdout.write(f"  {root.prefix} from {root.directory}")


def _require_release() -> None:
    """Refuse to start a site whose pages would link to files that are not there."""
    if not (configuration().serve_static and isinstance(staticfiles_storage, StaticStorage)):
        return
    if not settings.STATIC_ROOT:
        raise ConfigError(
            "STATIC_ROOT is not set, so there are no collected static files to serve. Set it to a "
            "directory outside your sources and run manage.py collectstatic."
        )
    record = Path(settings.STATIC_ROOT) / manifest.NAME
    if not record.is_file():
        raise ConfigError(
            f"STATIC_ROOT has no manifest ({record}): static files were not collected yet. Run "
            "manage.py collectstatic first."
        )


def _usable_cores() -> int:
    """Cores this process may run on: a container's share, not the host's."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _positive(text: str) -> int:
    return _whole_number(text, 1, None)


def _port(text: str) -> int:
    return _whole_number(text, 1, 65535)


def _whole_number(text: str, least: int, most: int | None) -> int:
    if text.isdecimal() and least <= int(text) <= (most or int(text)):
        return int(text)
    wanted = f"from {least} to {most}" if most else f"of at least {least}"
    raise ArgumentTypeError(f"must be a whole number {wanted}, but is {text!r}.")
