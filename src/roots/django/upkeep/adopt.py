"""manage.py media adopt."""

from argparse import ArgumentParser
from typing import Any

from roots.django.upkeep import scope
from roots.django.upkeep.task import Task
from roots.media import quotas
from roots.media.upkeep.adopt import Adoption
from roots.media.upkeep.census import Census

HELP = (
    "Take the files that rows name already into the ledger. Changes no file and no row of yours; "
    "may be stopped and begun again."
)


def add_arguments(parser: ArgumentParser) -> None:
    """Where to begin, and how many at a time."""
    scope.add_after(parser)
    scope.add_threads(parser)


def run(task: Task, *, after: str, threads: int, **_: Any) -> int:
    """Tell what could not be adopted; the exit code."""
    census = Census(task.storage)
    task.progress.phase("Adopting", 0)
    for finding in Adoption(census, task.advance, threads).findings(after):
        task.tell(finding)
    quotas.attribute(task.storage)
    return task.sum_up()
