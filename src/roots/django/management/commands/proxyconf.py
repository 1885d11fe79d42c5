"""manage.py proxyconf: the configuration of a proxy that serves both roots itself."""

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from roots.errors import ConfigError
from roots.serve.proxies import apache, caddy, nginx, project
from roots.serve.proxies.site import Site

RENDERERS: dict[str, Callable[[Site], str]] = {
    "apache": apache.render,
    "caddy": caddy.render,
    "nginx": nginx.render,
}


class Command(BaseCommand):
    """Parses and prints; `roots.serve.proxies` knows the proxies."""

    help = (
        "Prints a complete configuration for nginx, Caddy or Apache that serves STATIC_ROOT and "
        "MEDIA_ROOT as this project's settings say and passes everything else to Django. No proxy "
        "needs one: the layer in front of Django serves both roots behind any proxy."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Defaults suit a proxy beside `manage.py serve`."""
        add = parser.add_argument
        add("proxy", choices=sorted(RENDERERS), help="Whose configuration to print.")
        add("--server-name", default="example.com", help="The site's name (default: example.com).")
        add("--listen", default="80", help="Port, or address:port, to listen on (default: 80).")
        add(
            "--upstream",
            default="127.0.0.1:8000",
            help="Where Django listens: address:port or unix:/path (default: %(default)s).",
        )

    def handle(self, *_: Any, **options: Any) -> None:
        """Print, or say which setting is in the way."""
        proxy: str = options["proxy"]
        try:
            seen = project.site(
                proxy,
                server_name=options["server_name"],
                listen=options["listen"],
                upstream=options["upstream"],
            )
            rendered = RENDERERS[proxy](seen)
            missing = [
                f"# Not here, add them by hand: {each}" for each in project.headers_by_hand()
            ]
        except ConfigError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("\n".join([*missing, rendered]), ending="")
