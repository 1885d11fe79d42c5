"""What a quota costs an upload, by how many files it has to add up; SQLite and PostgreSQL.

    python -m bench.quotas
    python -m bench.quotas --recorded 1000 100000 --folder /dev/shm

Every upload is 1 KB of its own, in a transaction of its own and in transactions of a hundred. The
ledger has so many rows of one owner and one field before. Without a quota nothing is asked.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.audit import databases, python

QUOTAS: dict[str, dict[str, int]] = {
    "none": {},
    "owner": {"owner": 1 << 50},
    "storage": {"storage": 1 << 50},
}
UPLOADS = 200


def main() -> None:
    """Parse, measure, print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--recorded", type=int, nargs="+", default=(1_000, 100_000))
    parser.add_argument("--folder", help="Where files and SQLite's databases are put.")
    options = parser.parse_args()
    print("| database | recorded files | quota | µs alone | µs among a hundred |\n|" + " --- |" * 5)
    for recorded in options.recorded:
        with tempfile.TemporaryDirectory(prefix="roots-bench-", dir=options.folder) as name:
            for database, settings in databases(Path(name)):
                told = python(
                    *("-m", "bench.quotas", "--inside", str(recorded)),
                    BENCH_CONTENDER="roots",
                    BENCH_DATABASE=json.dumps(settings),
                    BENCH_ROOT=f"{name}/{database}",
                    DJANGO_SETTINGS_MODULE="bench.gallery.settings",
                )
                for quota, (alone, among) in json.loads(told).items():
                    print(f"| {database} | {recorded:,} | {quota} | {alone:.0f} | {among:.0f} |")


def inside(recorded: int) -> dict[str, tuple[float, float]]:
    """Microseconds an upload, by quota: the best of three."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import override_settings

    call_command("migrate", run_syncdb=True, verbosity=0)
    fill(recorded)
    found = {}
    for quota, limits in QUOTAS.items():
        with override_settings(ROOTS={"DURABLE_UPLOADS": False, "QUOTAS": limits}):
            rounds = [(uploads(1), uploads(100)) for _ in range(3)]
        alone, among = zip(*rounds, strict=True)
        found[quota] = (min(alone), min(among))
    return found


def fill(recorded: int) -> None:
    """So many rows of the ledger, of files that nobody opens."""
    from django.apps import apps

    model: Any = apps.get_model("roots", "StoredFile")
    facts = {"storage": "default", "size": 1000, "digest": "0" * 64, "owner": "7"}
    rows = (model(name=f"photos/{number:07}.jpg", **facts) for number in range(recorded))
    model.objects.bulk_create(rows, batch_size=500)


def uploads(at_once: int) -> float:
    """Microseconds an upload, `at_once` of them in a transaction."""
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage
    from django.db import transaction

    began_s = time.perf_counter()
    for first in range(0, UPLOADS, at_once):
        with transaction.atomic():
            for number in range(first, first + at_once):
                file = ContentFile(f"{time.time_ns()} {number}".encode().ljust(1000))
                file.owner = "7"  # type: ignore[attr-defined]
                default_storage.save("photos/a.jpg", file)
    return (time.perf_counter() - began_s) / UPLOADS * 1e6


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        print(json.dumps(inside(int(sys.argv[2]))))
    else:
        main()
