"""An audit of 10,000 to 1,000,000 files and rows, beside django-unused-media, in one run.

    python -m bench.audit
    python -m bench.audit --counts 10000 100000 --folder /dev/shm --json docs/plots/audit.json

Every file has a row and a record, one in a thousand has neither. Each contender runs in a process
of its own, which tells the seconds and the most memory it took. `audit` also compares sizes, modes
and the ledger; django-unused-media compares names. Needs the extra `bench` and PostgreSQL's server.
"""

import argparse
import contextlib
import io
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.gallery.making import ORPHAN_EVERY
from tests import postgres

COMMANDS: dict[str, list[str]] = {
    "roots": ["media", "audit", "--min-age", "0s", "--json"],
    "django-unused-media": ["cleanup_unused_media", "--dry-run", "--minimum-file-age", "0"],
}
COUNTS = (10_000, 100_000, 1_000_000)


def main() -> None:
    """Parse, measure, print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--counts", type=int, nargs="+", default=COUNTS)
    parser.add_argument("--folder", help="Where files and SQLite's databases are put.")
    parser.add_argument("--flat", action="store_true", help="Put all files into one folder.")
    parser.add_argument("--json", help="Add the results to this file, and a plot beside it.")
    options = parser.parse_args()
    results = list(measured(options.counts, options.folder, is_flat=options.flat))
    print("| files | database | contender | seconds | µs a file | MB |\n|" + " --- |" * 6)
    for each in results:
        print(
            "| {files:,} | {database} | {contender} | {s:.2f} | {us:.1f} | {mb:.0f} |".format(
                **each
            )
        )
    if options.json:
        kept = merged(results, Path(options.json))
        draw(kept, Path(options.json))


def merged(results: list[dict[str, Any]], path: Path) -> list[dict[str, Any]]:
    """Put `results` in the place of those that `path` has of the same numbers of files."""
    before = json.loads(path.read_text()) if path.exists() else []
    counts = {each["files"] for each in results}
    kept = [each for each in before if each["files"] not in counts] + results
    kept.sort(key=lambda each: each["files"])
    path.write_text(json.dumps(kept, indent=1) + "\n")
    return kept


def measured(counts: list[int], where: str | None, *, is_flat: bool) -> Iterator[dict[str, Any]]:
    """One result after the other, each for one contender on one database."""
    for count in counts:
        with tempfile.TemporaryDirectory(prefix="roots-bench-", dir=where) as name:
            for database, options in databases(Path(name)):
                environ = {
                    "BENCH_DATABASE": json.dumps(options),
                    "BENCH_ROOT": f"{name}/media",
                    "DJANGO_SETTINGS_MODULE": "bench.gallery.settings",
                }
                flags = ["--flat"] if is_flat else []
                python("-m", "bench.gallery.making", str(count), *flags, **environ)
                for contender in COMMANDS:
                    told = python("-m", "bench.audit", BENCH_CONTENDER=contender, **environ)
                    found = json.loads(told)
                    assert found["found"] == count // ORPHAN_EVERY, found
                    us = found["s"] / count * 1e6
                    yield {"files": count, "database": database, "us": us, **found}


def databases(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """An empty one of each kind."""
    yield "SQLite", {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "db.sqlite3")}
    if reason := postgres.missing():
        print(reason, file=sys.stderr)
        return
    with postgres.running() as server:
        server.create("bench")
        yield "PostgreSQL", server.options("bench")


def python(*arguments: str, **environ: str) -> str:
    """What a process of its own prints."""
    environ = {**os.environ, "BENCH_CONTENDER": "roots", **environ}
    run = subprocess.run(
        [sys.executable, *arguments], env=environ, stdout=subprocess.PIPE, check=True
    )
    return run.stdout.decode()


def once() -> None:
    """Run the contender this process is for, and tell what it took."""
    import django
    from django.core.management import call_command

    contender = os.environ["BENCH_CONTENDER"]
    django.setup()
    out, started_s = io.StringIO(), time.perf_counter()
    with contextlib.suppress(SystemExit):
        call_command(*COMMANDS[contender], stdout=out)
    took_s = time.perf_counter() - started_s
    (orphans,) = re.findall(r'"orphan": (\d+)|will be removed: (\d+)', out.getvalue())
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = int("".join(orphans))
    print(json.dumps({"contender": contender, "found": found, "s": took_s, "mb": peak_mb}))


def draw(results: list[dict[str, Any]], beside: Path) -> None:
    """Microseconds for each file, and memory, by the number of files."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    colors = {"roots": "#2a6fb8", "django-unused-media": "#b8402a"}
    _, panels = pyplot.subplots(1, 2, figsize=(9, 4))
    for contender, color in colors.items():
        for database, style in (("SQLite", "-"), ("PostgreSQL", "--")):
            own = [r for r in results if (r["contender"], r["database"]) == (contender, database)]
            counts = [each["files"] for each in own]
            for panel, kind in zip(panels, ("us", "mb"), strict=True):
                told = {"marker": "o", "color": color, "linestyle": style}
                panel.plot(counts, [r[kind] for r in own], label=f"{contender}, {database}", **told)
    for panel, title in zip(panels, ("microseconds a file", "peak memory, MB"), strict=True):
        panel.set_title(title, fontsize=10)
        panel.set_xscale("log")
        panel.set_xlabel("files and rows")
        panel.set_ylim(bottom=0)
    panels[0].legend(fontsize=8)
    pyplot.tight_layout()
    for suffix in (".svg", ".png"):
        pyplot.savefig(beside.with_suffix(suffix), dpi=120)


if __name__ == "__main__":
    once() if "BENCH_DATABASE" in os.environ else main()
