"""manage.py serve: the project, its static files and its uploads, in production."""

from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from roots.conf import configuration
from roots.django.serve_options import add_options
from roots.errors import ConfigError
from roots.serve.assembly import assemble
from roots.serve.core import Root
from roots.serve.embedded.access_log import AccessLog
from roots.serve.embedded.addresses import Address, Port, UnixSocket
from roots.serve.embedded.cores import usable_cores
from roots.serve.embedded.server import Binding, serve
from roots.serve.embedded.tls import TLS
from roots.static import manifest
from roots.static.storage import StaticStorage


class Command(BaseCommand):
    """Parses and refuses; `roots.serve.embedded.server` does the serving."""

    help = (
        "Serves this project in production: Django, STATIC_ROOT and MEDIA_ROOT from one group of "
        "processes. Run migrate and collectstatic first. Ctrl-C or SIGTERM stops it when the "
        "requests under way are finished; SIGHUP does the same worker by worker and starts new "
        "ones, with the code, the settings and the certificate as they are then."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """They are in `roots.django.serve_options`."""
        add_options(parser)

    def handle(self, *_: Any, **options: Any) -> None:
        """Refuse early and clearly, else serve."""
        try:
            binding = _binding(options)
            _require_release()
            roots = assemble()
            connections.close_all()  # none is used here any more
            serve(binding, on_ready=lambda: self._announce(binding, roots))
        except ConfigError as error:
            raise CommandError(str(error)) from error

    def _announce(self, binding: Binding, roots: Iterable[Root]) -> None:
        scheme = "https://" if binding.tls else "http://"
        scheme = "" if isinstance(binding.address, UnixSocket) else scheme
        self.stdout.write(
            f"Serving {scheme}{binding.address} ({binding.interface}, "
            f"workers: {binding.workers}). Stop with Ctrl-C."
        )
        for root in roots:
            readers = ", for whoever has a signed link" if root.gate else ""
            place = root.directory or "its sources (DEBUG)"
            self.stdout.write(f"  {root.prefix} from {place}{readers}")


def _binding(options: dict[str, Any]) -> Binding:
    log = AccessLog(options["access_log"], options["log_format"], untold=options["health"])
    return Binding(
        address=_address(options),
        workers=options["workers"] or usable_cores(),
        threads=options["threads"],
        interface=options["interface"],
        access_log=None if options["no_access_log"] else log,
        tls=_tls(options["tls_cert"], options["tls_key"]),
        health=options["health"],
        lifetime_s=options["worker_lifetime"],
        max_rss_mib=options["worker_memory"],
    )


def _address(options: dict[str, Any]) -> Address:
    if options["unix"]:
        return UnixSocket(options["unix"], options["unix_mode"])
    if options["unix_mode"] is not None:
        raise ConfigError("--unix-mode is about the socket of --unix. Name that too.")
    return Port(options["host"], options["port"])


def _tls(certificate: Path | None, key: Path | None) -> TLS | None:
    if certificate and key:
        return TLS(certificate, key)
    if certificate or key:
        raise ConfigError("HTTPS needs both --tls-cert and --tls-key. Name the other file too.")
    return None


def _require_release() -> None:
    """Refuse to start a site whose pages would link to files that are not there."""
    if not (configuration().serve_static and isinstance(staticfiles_storage, StaticStorage)):
        return
    if settings.DEBUG:  # files come from their sources
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
