"""What `collectstatic` costs, beside its peers, in one interleaved run.

    python -m bench.static apps                    cold, warm and one changed stylesheet
    python -m bench.static apps --with whitenoise  the same, with a peer that takes minutes
    python -m bench.static npm
    python -m bench.static curve                   cost per file from 2,000 to 100,000 files
    python -m bench.static bytes                   served bytes beside Brotli 11's

Needs the extra `bench`. Every contender runs in a process of its own, rounds are interleaved, and
the least of each is told: the others only had more company. `--json FILE` keeps the numbers.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bench import corpora
from bench.collect import CONTENDERS

FAST = [name for name in CONTENDERS if name not in ("whitenoise", "servestatic")]
SLOW_S = 20  # who takes longer is measured once
CURVE = (2_000, 10_000, 30_000, 100_000)


class Cost(NamedTuple):
    """Seconds on the clock, seconds of CPU, and the most megabytes held."""

    wall_s: float
    user_s: float
    peak_mb: float


Results = dict[str, dict[str, Cost]]


def measure(contender: str, root: Path, directories: Path) -> Cost:
    """One collectstatic, as somebody at a terminal waits for it."""
    command = [sys.executable, "-W", "ignore", "-m", "bench.collect"]
    started = time.perf_counter()
    process = subprocess.Popen(
        [*command, contender, str(root), str(directories)], stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{contender} failed in {root}; run bench.collect by hand to see why")
    return Cost(time.perf_counter() - started, usage.ru_utime, usage.ru_maxrss / 1024)


def collectstatic(directories: corpora.Directories, contenders: list[str], rounds: int) -> Results:
    """Cold, warm and with one changed stylesheet, by contender."""
    results: Results = {name: {} for name in contenders}
    with tempfile.TemporaryDirectory(prefix="roots-bench-") as folder:
        home = Path(folder)
        os.environ["ROOTS_BUILD_CACHE"] = ""
        own = home / "own"
        own.mkdir()
        listed = home / "directories.json"
        listed.write_text(json.dumps([*directories, str(own)]))
        (own / "bench.css").write_text("a { color: red }\n" * 50)
        time.sleep(2.5)  # sources as young as that are read again, and no deploy has them
        for number in range(rounds):
            for name in _fit(contenders, results, number):
                _keep(results[name], "cold", _cold(name, home, listed))
        for number in range(rounds * 2):
            for name in _fit(contenders, results, number):
                _keep(results[name], "warm", measure(name, _root(home, name), listed))
        for number in range(rounds):
            (own / "bench.css").write_text(f"a {{ order: {number} }}\n" * 50)
            for name in _fit(contenders, results, number):
                _keep(results[name], "changed", measure(name, _root(home, name), listed))
    return results


def curve(contenders: list[str]) -> dict[int, Results]:
    """Cold and warm for ever more small files."""
    return {count: collectstatic(corpora.synthetic(count), contenders, 1) for count in CURVE}


def served_bytes(directories: corpora.Directories) -> Iterator[tuple[str, int, int]]:
    """Name, our Brotli's bytes and quality 11's, of each distinct file that users load."""
    import brotli

    from roots import digests, mediatypes
    from roots.static import variants

    seen = set()
    for each in directories:
        for path in sorted(Path(each if isinstance(each, str) else each[1]).rglob("*")):
            if (
                not path.is_file()
                or path.suffix == ".map"
                or not mediatypes.is_compressible(path.name)
            ):
                continue
            data = path.read_bytes()
            digest = digests.of_bytes(data)
            if digest in seen or not variants.is_wanted(path.name, len(data)):
                continue
            seen.add(digest)
            ours = variants.encoder("br", path.name, len(data)).encode(data)
            best = brotli.compress(data, quality=11, lgwin=24)
            yield str(path), min(len(ours), len(data)), min(len(best), len(data))


def table(results: Results) -> str:
    """The results as Markdown, with ratios to the first contender's warm run and cold run."""
    rows = ["| | cold s | warm s | one changed s | cold CPU s | peak MB |"]
    rows.append("| --- | --- | --- | --- | --- | --- |")
    for name, costs in results.items():
        cells = [f"{costs[kind].wall_s:.2f}" for kind in ("cold", "warm", "changed")]
        peak = max(cost.peak_mb for cost in costs.values())
        rows.append(f"| {name} | {' | '.join(cells)} | {costs['cold'].user_s:.1f} | {peak:.0f} |")
    return "\n".join(rows)


def _cold(name: str, home: Path, listed: Path) -> Cost:
    shutil.rmtree(_root(home, name), ignore_errors=True)
    return measure(name, _root(home, name), listed)


def _fit(contenders: list[str], results: Results, number: int) -> list[str]:
    return [
        name
        for name in contenders
        if number == 0 or all(cost.wall_s < SLOW_S for cost in results[name].values())
    ]


def _root(home: Path, name: str) -> Path:
    return home / "roots" / name.replace(" ", "-")


def _keep(costs: dict[str, Cost], kind: str, cost: Cost) -> None:
    before = costs.get(kind)
    costs[kind] = cost if before is None else min(before, cost)


def main() -> None:
    """Measure what is asked for, print it, keep it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=[*corpora.CORPORA, "curve", "bytes"])
    parser.add_argument("--with", dest="slow", action="append", default=[], choices=CONTENDERS)
    parser.add_argument("--only", action="append", choices=CONTENDERS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    if asked.what == "bytes":
        found = list(served_bytes(corpora.apps()))
        ours, best = (sum(row[column] for row in found) for column in (1, 2))
        print(f"{len(found)} files: {ours:,} bytes, quality 11 {best:,}: {ours / best:.4f}")
        return
    contenders = asked.only or [*FAST, *asked.slow]
    if asked.what == "curve":
        kept: object = {}
        for count, results in curve(asked.only or ["django copy", "roots, names only"]).items():
            print(f"\n{count} files\n{table(results)}", flush=True)
            kept = {**kept, count: results}  # type: ignore[dict-item]
    else:
        kept = collectstatic(corpora.CORPORA[asked.what](), contenders, asked.rounds)
        print(table(kept))
    if asked.json:
        asked.json.write_text(json.dumps(kept))


if __name__ == "__main__":
    main()
