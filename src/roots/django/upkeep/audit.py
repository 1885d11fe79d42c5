"""manage.py media audit."""

from argparse import ArgumentParser
from typing import Any

from roots.django.upkeep import scope, verify
from roots.django.upkeep.task import Task

HELP = "Compare the disk with the tables and the ledger and tell what is wrong; change nothing."


def add_arguments(parser: ArgumentParser) -> None:
    """What narrows the scope, and whether content is looked at."""
    scope.add_arguments(parser, min_age="1h")
    parser.add_argument(
        "--verify", action="store_true", help="Read every file again, too, as `media verify` does."
    )


def run(task: Task, **options: Any) -> int:
    """Tell every finding; the exit code."""
    for finding in scope.findings(task, **options):
        task.tell(finding)
    if options["verify"]:
        verify.tell_all(task, **options)
    return task.sum_up()
