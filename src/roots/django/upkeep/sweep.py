"""manage.py media sweep."""

from argparse import ArgumentParser
from typing import Any

from roots.conf import configuration
from roots.django.upkeep import scope
from roots.django.upkeep.task import CLEAN, FOUND, Task
from roots.errors import ConfigError
from roots.media.upkeep.census import Census
from roots.media.upkeep.sweep import Sweeper
from roots.media.upkeep.walk import folds_case

HELP = (
    "Move files that no row names to the trash, empty the trash of what is due, and remove what "
    "killed processes left. Only tells what it would do, until it is given --yes."
)


def add_arguments(parser: ArgumentParser) -> None:
    """What narrows the scope, and whether it is meant."""
    scope.add_arguments(parser, min_age="1d")
    parser.add_argument("--yes", action="store_true", help="Do it.")


def run(task: Task, **options: Any) -> int:
    """Tell what became, or would become, of each; the exit code."""
    sweeper = Sweeper(Census(task.storage), configuration().trash_days)
    if options["yes"]:
        _refuse_folded_names(task)
        for verb, finding in sweeper.purge():
            task.tell_done(verb, finding)
        for verb, finding in sweeper.sweep(scope.findings(task, **options)):
            task.tell_done(verb, finding)
        return task.close()
    for finding in scope.findings(task, **options):
        if verb := sweeper.will(finding):
            task.tell_done(f"would be {verb}", finding)
    task.close("Nothing was changed; with --yes it is." if task.done else "")
    return FOUND if task.done else CLEAN


def _refuse_folded_names(task: Task) -> None:
    """A row that says `A.jpg` would not keep the file `a.jpg`, though it is the one it names."""
    task.storage.staging_directory()
    if folds_case(task.root):
        raise ConfigError(
            f"The file system of {task.root} takes A.jpg for a.jpg, so a file that no row names "
            "exactly may be in use. Sweep where names are told apart, or by hand what `media "
            "audit` tells."
        )
