"""manage.py media verify."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from roots.django.upkeep import scope
from roots.django.upkeep.ages import seconds
from roots.django.upkeep.task import Task
from roots.media.upkeep.census import Census
from roots.media.upkeep.reread import THREADS
from roots.media.upkeep.verify import Verification

HELP = "Read every file again, and tell which ones are not what was stored."


def add_arguments(parser: ArgumentParser) -> None:
    """Which files, and how many at a time."""
    scope.add_after(parser)
    parser.add_argument(
        "--older-than",
        type=seconds,
        default=0,
        metavar="AGE",
        help="Only files that were not verified for so long (6h, 30d).",
    )
    scope.add_threads(parser)


def run(task: Task, **options: Any) -> int:
    """Tell every finding; the exit code."""
    tell_all(task, **options)
    return task.sum_up()


def tell_all(
    task: Task, *, after: str, older_than: int = 0, threads: int = THREADS, **_: Any
) -> None:
    """Tell every finding, and write down which files are as they were."""
    census = Census(task.storage)

    def confirm(names: list[str]) -> None:
        for rows in census.ledgers():
            rows.filter(name__in=names).update(verified_at=timezone.now())

    unverified = _unverified(older_than) if older_than else Q()
    task.progress.phase("Verifying", census.count(unverified))
    verification = Verification(task.root, confirm, task.advance, threads)
    for finding in verification.findings(census.recorded(after, unverified)):
        task.tell(finding)


def _unverified(seconds: int) -> Q:
    since = timezone.now() - timedelta(seconds=seconds)
    return Q(verified_at=None) | Q(verified_at__lt=since)
