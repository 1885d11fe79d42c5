"""manage.py explain: the life of one file, static or media, or why it is not served."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from roots.doctor.explain import inquiry
from roots.doctor.explain.life import told
from roots.doctor.project import Project
from roots.errors import RootsError

_NOT_SERVED = 1


class Command(BaseCommand):
    """Parses and tells; `roots.doctor.explain` knows."""

    help = (
        "Explains one file: where it came from, what it is stored as, who refers to it, what a "
        "browser gets; or why it is not served, and which names come near. Changes nothing. Exits "
        "with 1 where no browser gets the file."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One file, however it is named."""
        parser.add_argument(
            "file",
            help="Its name as in {% static %} or in a row, its URL, or its path on this machine.",
        )
        parser.add_argument("--json", action="store_true", help="Tell it as JSON.")

    def handle(self, *_: Any, **options: Any) -> None:
        """Find, and tell. Raises CommandError where nothing can be found."""
        try:
            found = inquiry.inquire(options["file"], Project())
        except RootsError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(found.as_json(), indent=2))
        elif found.lives:
            self.stdout.write("\n\n".join(map(told, found.lives)))
        else:
            self.stdout.write(found.reason)
        if not found.is_served:
            raise SystemExit(_NOT_SERVED)
