"""manage.py media rescan."""

from argparse import ArgumentParser
from datetime import UTC, date, datetime, time
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from roots.conf import configuration
from roots.django.upkeep import scope
from roots.django.upkeep.ages import day
from roots.django.upkeep.task import Task
from roots.errors import ConfigError
from roots.media.upkeep.census import Census
from roots.media.upkeep.rescan import CLEARED, Rescan

HELP = (
    "Scan stored files again: put in quarantine what something is found in, and let out what is "
    "harmless after all."
)


def add_arguments(parser: ArgumentParser) -> None:
    """Which files, and how many at a time."""
    parser.add_argument("names", nargs="*", metavar="NAME", help="Only these; else all.")
    parser.add_argument(
        "--waiting",
        action="store_true",
        help="Only uploads that wait for their first scan: for cron, with ROOTS['SCAN_LATER'].",
    )
    parser.add_argument(
        "--since",
        type=day,
        metavar="DATE",
        help="Only what was stored on that day (UTC) or later, as in 2026-03-31.",
    )
    scope.add_after(parser)
    scope.add_threads(parser)


def run(task: Task, *, after: str, threads: int, **options: Any) -> int:
    """Tell every finding, and what was cleared; the exit code."""
    scanner = configuration().scanner
    if scanner is None:
        raise ConfigError(
            "There is nothing to scan with. Set a scanner, as in ROOTS = {'SCANNER': ClamAV()}."
        )
    census, which = Census(task.storage), _which(**options)

    def confirm(names: list[str]) -> None:
        for rows in census.ledgers():
            rows.filter(name__in=names).update(scanned_at=timezone.now())

    task.progress.phase("Scanning", census.count(which))
    rescan = Rescan(census, scanner, confirm, task.advance, threads)
    for finding in rescan.findings(census.scannable(after, which)):
        if finding.kind == "clean":
            task.tell_done(CLEARED, finding)
        else:
            task.tell(finding)
    return task.sum_up()


def _which(*, names: list[str], waiting: bool, since: date | None, **_: Any) -> Q:
    """The rows of the ledger to scan."""
    which = Q(name__in=names) if names else Q()
    if waiting:
        which &= Q(state="quarantined", threat="")
    if since:
        which &= Q(stored_at__gte=_midnight(since))
    return which


def _midnight(first: date) -> datetime:
    """As this project's databases take it."""
    moment = datetime.combine(first, time.min, UTC)
    return moment if settings.USE_TZ else timezone.make_naive(moment)
