"""What a ledger and a lifecycle cost, beside Django's own storage and django-cleanup, in one run.

    python -m bench.media
    python -m bench.media --count 10000 --rounds 5 --postgres --folder /dev/shm

In every round each contender does everything once, in a process, a database and a root of its own;
the best round is told, with its share of Django's, and the queries. No contender waits for the
disk, but SQLite does at every COMMIT of rows. `floor` is `bench.gallery.floor`, not on PostgreSQL.
Needs the extra `bench`.
"""

import argparse
import json
import tempfile
from pathlib import Path

from bench.audit import databases, python

CONTENDERS = ("stock", "django-cleanup", "roots", "floor")
PROGRAMS = {"floor": "bench.gallery.floor"}
Measured = dict[str, tuple[float, int]]
"""Seconds and queries, by what was done."""


def main() -> None:
    """Parse, measure, print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--postgres", action="store_true", help="On PostgreSQL, and not on SQLite.")
    parser.add_argument("--folder", help="Where files and SQLite's databases are put.")
    options = parser.parse_args()
    best: dict[str, Measured] = {}
    for _ in range(options.rounds):
        for contender in CONTENDERS[: 3 if options.postgres else 4]:
            found = one_round(contender, options)
            before = best.setdefault(contender, found)
            best[contender] = {what: min(before[what], found[what]) for what in found}
    print("| what | contender | s | of stock | queries |\n|" + " --- |" * 5)
    for what in best["stock"]:
        for contender, found in best.items():
            if what not in found:
                continue
            took_s, queries = found[what]
            share = took_s / best["stock"][what][0]
            print(f"| {what} | {contender} | {took_s:.3f} | {share:.2f} | {queries:,} |")


def one_round(contender: str, options: argparse.Namespace) -> Measured:
    """All that one contender does, in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="roots-bench-", dir=options.folder) as name:
        for database, settings in databases(Path(name)):
            if options.postgres == (database == "PostgreSQL"):
                told = python(
                    *("-m", PROGRAMS.get(contender, "bench.gallery.chores"), str(options.count)),
                    BENCH_CONTENDER=contender,
                    BENCH_DATABASE=json.dumps(settings),
                    BENCH_ROOT=f"{name}/media",
                    DJANGO_SETTINGS_MODULE="bench.gallery.settings",
                )
                return {what: tuple(costs) for what, costs in json.loads(told).items()}
    raise SystemExit("There is no PostgreSQL here.")


if __name__ == "__main__":
    main()
