"""Which files a part of `manage.py media` looks at, and what it finds wrong with them."""

import glob
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from roots.conf import configuration
from roots.django.serve_options import positive
from roots.django.upkeep.ages import seconds
from roots.django.upkeep.task import Task
from roots.media.referrers import defaults
from roots.media.upkeep.audit import Audit
from roots.media.upkeep.census import Census
from roots.media.upkeep.findings import Finding
from roots.media.upkeep.leftovers import leftovers
from roots.media.upkeep.reread import THREADS
from roots.media.upkeep.rules import Rules


def add_arguments(parser: ArgumentParser, min_age: str) -> None:
    """What narrows the scope; `min_age` is the default."""
    add = parser.add_argument
    add(
        "--min-age",
        type=seconds,
        default=seconds(min_age),
        metavar="AGE",
        help="Say nothing of files younger than this (90s, 15m, 6h, 2d): the transaction that "
        f"names them may still be open. Default: {min_age}.",
    )
    add(
        "--keep",
        action="append",
        default=[],
        metavar="PATTERN",
        help="Files that may be there though no row names them, as in 'newsletter/*'; more than "
        "once if need be. Comes on top of ROOTS['KEEP_UNNAMED'].",
    )
    add_after(parser)


def add_after(parser: ArgumentParser) -> None:
    """Where to begin: everything goes in the order of the names."""
    parser.add_argument(
        "--after", default="", metavar="NAME", help="Begin behind this name, to go on where it was."
    )


def add_threads(parser: ArgumentParser) -> None:
    """How many files are read at a time."""
    parser.add_argument(
        "--threads",
        type=positive,
        default=THREADS,
        help=f"Files read at a time (default: {THREADS}; 1 for a disk that turns).",
    )


def findings(
    task: Task, *, min_age: int, keep: list[str], after: str, **_: Any
) -> Iterator[Finding]:
    """All that an audit of this scope finds."""
    configured, modes = configuration(), task.storage.terms.modes
    census = Census(task.storage)
    rules = Rules(
        settled_s=time.time() - min_age,
        file_mode=modes.file,
        directory_mode=modes.directory,
        columns=tuple(map(str, census.columns)),
        keep=(*configured.keep_unnamed, *keep, *map(glob.escape, defaults(task.storage))),
    )
    task.progress.phase("Comparing", census.count())
    if not after:
        yield from leftovers(task.root, configured.trash_days)
    yield from Audit(census, rules, task.advance).findings(after)
