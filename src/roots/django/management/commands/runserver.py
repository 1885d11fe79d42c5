"""manage.py runserver: Django's, with both roots in front of the project."""

from typing import Any

from django.contrib.staticfiles.management.commands import runserver
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management.commands.runserver import Command as PlainCommand

from roots.conf import configuration
from roots.serve.wsgi import put_roots_before
from roots.static.storage import StaticStorage


class Command(runserver.Command):
    """Django's command, flags and all.

    A staticfiles backend that is not ours, `--nostatic` and `--insecure` get what Django gives.
    """

    def get_handler(self, *args: Any, **options: Any) -> Any:
        """The project with the roots in front, whether or not wsgi.py puts them there."""
        if not _are_roots_wanted(options):
            return super().get_handler(*args, **options)
        if not configuration().serve_static:  # left to a proxy, which is not there now
            return put_roots_before(super().get_handler(*args, **options))
        return put_roots_before(PlainCommand.get_handler(self, *args, **options))


def _are_roots_wanted(options: dict[str, Any]) -> bool:
    return (
        options["use_static_handler"]
        and not options["insecure_serving"]
        and isinstance(staticfiles_storage, StaticStorage)
    )
