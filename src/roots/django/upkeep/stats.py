"""manage.py media stats."""

import json
from argparse import ArgumentParser
from typing import Any

from roots.django.upkeep.task import CLEAN, Task
from roots.django.upkeep.telling import printable
from roots.media.upkeep.census import Census
from roots.media.upkeep.stats import Stats, Table
from roots.static.summary import readable

HELP = "How many files there are, and how much they take: by type, age, owner and field."


def add_arguments(parser: ArgumentParser) -> None:
    """Nothing more than every part takes."""


def run(task: Task, **_: Any) -> int:
    """Print the tables; always clean."""
    tables = Stats(Census(task.storage)).tables()
    if task.is_json:
        task.line(json.dumps({title: _as_json(table) for title, table in tables.items()}))
        return CLEAN
    for title, table in tables.items():
        task.line(f"By {title}:")
        for key, (files, size) in table.items():
            task.line(f"  {files:>11,}  {readable(size):>9}  {printable(key) or '(unknown)'}")
    return CLEAN


def _as_json(table: Table) -> dict[str, dict[str, int]]:
    return {key: {"files": files, "bytes": size} for key, (files, size) in table.items()}
