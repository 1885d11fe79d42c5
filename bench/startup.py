"""What a process costs before its first file is sent, by the number of files.

    python -m bench.startup                             ours, WhiteNoise, ServeStatic, and nothing
    python -m bench.startup --static 50000 --media 1000000
    python -m bench.startup --json docs/plots/startup.json

Seconds until the application is there and has answered one static file, and megabytes that the
process has then, over a Django project with nothing to serve; the median of the rounds.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.servers import collect, environ

CONTENDERS = ("nothing", "roots", "whitenoise", "servestatic")
FOLDERS = 500
CHILD = """
import io, json, os, sys, time
from urllib.parse import quote
import django
django.setup()
begun = time.perf_counter()
from bench.site import application
status = []
environ = {"REQUEST_METHOD": "GET", "PATH_INFO": sys.argv[1], "SCRIPT_NAME": "",
           "SERVER_NAME": "localhost", "SERVER_PORT": "80", "wsgi.url_scheme": "http",
           "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "QUERY_STRING": ""}
answer = application(environ, lambda code, *_: status.append(code))
body = b"".join(answer)
took_s = time.perf_counter() - begun
rss_kb = int(open("/proc/self/status").read().partition("VmRSS:")[2].split()[0])
print(json.dumps([status[0], took_s, rss_kb / 1024]))
"""


def main() -> None:
    """Parse, measure, print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--static", type=int, default=50_000)
    parser.add_argument("--media", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="roots-bench-") as name:
        folder = Path(name)
        make(folder / "source", options.static)
        path = f"/static/{next(iter(collect(folder).values()))}"
        results = medians(folder, CONTENDERS, path, options.rounds)
        if options.media:
            make(folder / "media", options.media)
            again = medians(folder, ("roots",), path, options.rounds)
            results[f"roots, {options.media:,} media files"] = again["roots"]
    show(results)
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")


def medians(
    folder: Path, contenders: Sequence[str], path: str, rounds: int
) -> dict[str, list[float]]:
    """Seconds and megabytes of each of `contenders`, who take turns."""
    found: dict[str, list[tuple[float, float]]] = {who: [] for who in contenders}
    for _ in range(rounds):
        for who in contenders:
            found[who].append(measure(folder, who, path))
    return {
        who: [statistics.median(values) for values in zip(*figures, strict=True)]
        for who, figures in found.items()
    }


def make(folder: Path, number: int) -> None:
    """`number` small files, evenly in FOLDERS folders."""
    for index in range(FOLDERS if number else 1):
        (folder / f"{index}").mkdir(parents=True)
    for index in range(number):
        name = folder / f"{index % FOLDERS}" / f"{index}.txt"
        descriptor = os.open(name, os.O_WRONLY | os.O_CREAT, 0o644)
        os.write(descriptor, b"%d" % index)
        os.close(descriptor)


def measure(folder: Path, who: str, path: str) -> tuple[float, float]:
    """Seconds and megabytes of one process of `who`."""
    command = [sys.executable, "-c", CHILD, path]
    printed = subprocess.run(command, env=environ(who, folder), capture_output=True, text=True)
    if printed.returncode:
        raise SystemExit(printed.stderr)
    status, took_s, rss_mb = json.loads(printed.stdout)
    assert status == ("404 Not Found" if who == "nothing" else "200 OK"), (who, status)
    return took_s, rss_mb


def show(results: dict[str, list[float]]) -> None:
    """A row for each contender."""
    print("| | seconds | MB over nothing |")
    print("| --- | --- | --- |")
    for who, (took_s, rss_mb) in results.items():
        print(f"| {who} | {took_s:.3f} | {rss_mb - results['nothing'][1]:.0f} |")


if __name__ == "__main__":
    main()
