"""manage.py media clear."""

from argparse import ArgumentParser
from typing import Any

from roots.django.upkeep.task import CLEAN, FOUND, Task
from roots.media.lifecycle import quarantining
from roots.media.upkeep.findings import Finding

HELP = (
    "Let files out of quarantine although something was found in them, or nobody has scanned them. "
    "`media rescan` does not mind them again, unless something else is found."
)


def add_arguments(parser: ArgumentParser) -> None:
    """Which files."""
    parser.add_argument("names", nargs="+", metavar="NAME", help="The name that the row has.")


def run(task: Task, *, names: list[str], **_: Any) -> int:
    """Tell what became of each; the exit code: whether some of them were not cleared."""
    for name in dict.fromkeys(names):
        task.storage.path(name)  # raises for what is no name of a stored file
        is_cleared = quarantining.clear(task.storage, name, keep_threat=True)
        verb = "cleared" if is_cleared else "not in quarantine"
        task.tell_done(verb, Finding("quarantined", name))
    task.close()
    return CLEAN if set(task.done) <= {"cleared"} else FOUND
