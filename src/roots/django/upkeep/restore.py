"""manage.py media restore."""

import os
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import CommandError

from roots.django.upkeep.ages import day
from roots.django.upkeep.task import CLEAN, FAILED, FOUND, Task
from roots.media import trash
from roots.media.lifecycle import settling
from roots.media.quarantine import name_of
from roots.media.upkeep.findings import Finding

HELP = "Bring files back from the trash, by name or by the day they went there. Overwrites nothing."


def add_arguments(parser: ArgumentParser) -> None:
    """Which files."""
    parser.add_argument("names", nargs="*", metavar="NAME", help="The name that the row has.")
    parser.add_argument(
        "--since",
        type=day,
        metavar="DATE",
        help="All that went to the trash on that day (UTC) or later, as in 2026-03-31.",
    )


def run(task: Task, *, names: list[str], since: date | None, **_: Any) -> int:
    """Tell what became of each; the exit code: whether some of them did not come back."""
    if bool(names) == bool(since):
        raise CommandError("Give the names to restore, or --since.", returncode=FAILED)
    wanted = list(names) if since is None else _trashed_since(task, since)
    for name in dict.fromkeys(wanted):
        task.tell_done(_restore(task, name), Finding("trashed", name))
    task.close()
    return CLEAN if set(task.done) <= {"restored"} else FOUND


def _restore(task: Task, name: str) -> str:
    if os.path.lexists(task.storage.path(name)):
        return "in place already"
    if task.storage.is_quarantined(name):
        return "in quarantine already"
    return "restored" if settling.take_back(task.storage, [name]) else "not in the trash"


def _trashed_since(task: Task, first: date) -> list[str]:
    return [name_of(entry.name) for entry in trash.entries(task.root) if entry.day >= first]
