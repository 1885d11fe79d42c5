"""manage.py media: looks after MEDIA_ROOT, one part for each chore."""

import os
import shlex
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import InvalidStorageError, storages
from django.core.management.base import BaseCommand, CommandError

from roots.django import terminal
from roots.django.upkeep import adopt, audit, clear, rescan, restore, stats, sweep, verify
from roots.django.upkeep.task import FAILED, FOUND, Task
from roots.errors import ConfigError, RootsError
from roots.media.storage import MediaStorage

PARTS = {
    "audit": audit,
    "sweep": sweep,
    "verify": verify,
    "restore": restore,
    "stats": stats,
    "adopt": adopt,
    "rescan": rescan,
    "clear": clear,
}
_INTERRUPTED = 130


class Command(BaseCommand):
    """Parses, and hands over to a module of `roots.django.upkeep`."""

    help = (
        "Looks after MEDIA_ROOT. Begin with `media audit`: it changes nothing, and says what is "
        "wrong and which part puts it right. Exits with 0 where there is nothing to tell, with 1 "
        "where there is, with 2 where it could not do its work."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One parser for each part."""
        parts = parser.add_subparsers(dest="part", required=True, metavar="PART")
        for name, part in PARTS.items():
            own = parts.add_parser(name, help=part.HELP, description=part.HELP)
            own.add_argument(
                "--storage",
                default="default",
                metavar="ALIAS",
                help="Which of STORAGES to look after (default: default).",
            )
            own.add_argument("--json", action="store_true", help="Tell it as lines of JSON.")
            part.add_arguments(own)

    def handle(self, *_: Any, part: str, **options: Any) -> None:
        """Run one part, and exit with its code. Raises CommandError."""
        storage = _storage(options["storage"])
        is_shown = options["verbosity"] == 1
        with terminal.showing(sys.stderr, is_wanted=is_shown) as progress:
            task = Task(storage, self.stdout.write, progress, options["json"])
            try:
                _require_root(task)
                code = PARTS[part].run(task, **options)
            except BrokenPipeError:
                code = _let_go_of_stdout()
            except (RootsError, SuspiciousOperation, OSError) as error:
                raise CommandError(str(error), returncode=FAILED) from error
            except KeyboardInterrupt:
                self.stderr.write(_farewell(part, task))
                code = _INTERRUPTED
        if code:
            sys.exit(code)


def _storage(alias: str) -> MediaStorage:
    try:
        storage = storages[alias]
    except InvalidStorageError as error:
        raise CommandError(f"{error} Name one of STORAGES.", returncode=FAILED) from error
    if isinstance(storage, MediaStorage):
        return storage
    raise CommandError(
        f"STORAGES[{alias!r}] is a {type(storage).__name__}, but `media` looks after storages that "
        "are a roots.media.storage.MediaStorage. Name another one with --storage.",
        returncode=FAILED,
    )


def _require_root(task: Task) -> None:
    """A volume that is not mounted must not pass for a root whose files are all lost."""
    if not task.root.is_dir():
        raise ConfigError(
            f"{task.root} is not there. Mount it if it is a volume; it is made with the first "
            "upload if it is new."
        )


def _let_go_of_stdout() -> int:
    """Whoever read it has seen enough, as `head` has; nobody is left for what the buffer holds."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return FOUND


def _farewell(part: str, task: Task) -> str:
    if not task.last_name:
        return "Stopped before the first name was done."
    return f"Stopped. To go on: manage.py media {part} --after {shlex.quote(task.last_name)}"
