"""What `collectstatic` costs, beside its peers, in one interleaved run.

    python -m bench.static apps                           cold, warm and one changed stylesheet
    python -m bench.static apps --with whitenoise         ours beside a peer that takes minutes
    python -m bench.static npm                            more files; nobody compresses them
    python -m bench.static curve --files 2000 --files 10000   cost per file, cold and warm
    python -m bench.static bytes                          served bytes beside Brotli 11's
    python -m bench.static tables --json FILE             what is kept in FILE, as Markdown

Needs the extra `bench`. Every contender runs in a process of its own, rounds are interleaved, and
the least of each is told: the others only had more company. Who takes longer than 20 seconds is
measured once. `--json FILE` keeps the numbers there, each run under its own title.

Every figure in docs/plots comes from these (and `python -m bench.plots`):

    python -m bench.static apps --json docs/plots/collectstatic.json
    python -m bench.static apps --with whitenoise --json docs/plots/collectstatic.json
    python -m bench.static apps --with servestatic --json docs/plots/collectstatic.json
    python -m bench.static npm --json docs/plots/collectstatic.json
    python -m bench.static curve --json docs/plots/curve.json   # half an hour with every peer
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

from bench import corpora, memory
from bench.collect import CONTENDERS
from bench.results import KINDS, Cost, Results, keep, kept, table

SLOW = ("whitenoise", "servestatic")
BESIDE_SLOW = ["django copy", "roots, gzip + br"]
BESIDE_CURVE = ["django copy", "django manifest", "roots, names only"]
WITHOUT_VARIANTS = ["django copy", "django manifest", "enhanced", "roots, names only"]
CURVE = [2_000, 10_000, 30_000, 100_000]
SLOW_S = 20
_ENVIRON = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""pip leaves packages compiled, so a checkout must not be compiled in every run either."""


def measure(contender: str, root: Path, directories: Path) -> Cost:
    """One collectstatic, as somebody at a terminal waits for it; its threads and the processes it
    starts are counted in."""
    command = [sys.executable, "-W", "ignore", "-m", "bench.collect"]
    started = time.perf_counter()
    process = subprocess.Popen(
        [*command, contender, str(root), str(directories)], stderr=subprocess.DEVNULL, env=_ENVIRON
    )
    with memory.watched(process.pid) as peak:
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{contender} failed in {root}; run bench.collect by hand to see why")
    peak_mb = max(peak.mb, usage.ru_maxrss / 1024)  # of one process this is exact
    return Cost(wall_s, usage.ru_utime + usage.ru_stime, peak_mb)


def collectstatic(
    directories: corpora.Directories, contenders: list[str], rounds: int, kinds: tuple[str, ...]
) -> Results:
    """What `contenders` cost, by name and kind."""
    results: Results = {name: {} for name in contenders}
    with tempfile.TemporaryDirectory(prefix="roots-bench-") as folder:
        home = Path(folder)
        own = home / "own"
        own.mkdir()
        listed = home / "directories.json"
        listed.write_text(json.dumps([*directories, str(own)]))
        (own / "bench.css").write_text("a { color: red }\n" * 50)
        time.sleep(2.5)  # sources as young as that are read again, and no deploy has them
        for kind in kinds:
            for number in range(rounds * 2 if kind == "warm" else rounds):
                if kind == "changed":
                    (own / "bench.css").write_text(f"a {{ order: {number} }}\n" * 50)
                for name in _fit(contenders, results, kind):
                    root = home / "roots" / name.replace(" ", "-")
                    if kind == "cold":
                        _empty(root, name, listed)
                    _keep(results[name], kind, measure(name, root, listed))
    return results


def served_bytes(directories: corpora.Directories) -> Iterator[tuple[str, int, int]]:
    """Name, our Brotli's bytes and quality 11's, of each distinct file that users load."""
    import brotli

    from roots import digests
    from roots.static import variants

    seen = set()
    for each in directories:
        for path in sorted(Path(each if isinstance(each, str) else each[1]).rglob("*")):
            if not path.is_file() or path.suffix == ".map":
                continue
            if not variants.is_wanted(path.name, path.stat().st_size):
                continue
            data = path.read_bytes()
            digest = digests.of_bytes(data)
            if digest in seen:
                continue
            seen.add(digest)
            ours = variants.encoder("br", path.name, len(data)).encode(data)
            best = brotli.compress(data, quality=11, lgwin=24)
            yield str(path), min(len(ours), len(data)), min(len(best), len(data))


def _empty(root: Path, name: str, listed: Path) -> None:
    """No STATIC_ROOT; where a build cache takes part, the one that an earlier build filled."""
    if CONTENDERS[name].get("cached") and not root.exists():
        measure(name, root, listed)
    shutil.rmtree(root, ignore_errors=True)


def _fit(contenders: list[str], results: Results, kind: str) -> list[str]:
    """Who is measured in this round: not again who was slow, nor minutes for one stylesheet."""
    return [
        name
        for name in contenders
        if (kind not in results[name] and not (kind == "changed" and name in SLOW))
        or (kind in results[name] and results[name][kind].wall_s < SLOW_S)
    ]


def _keep(costs: dict[str, Cost], kind: str, cost: Cost) -> None:
    before = costs.get(kind, cost)
    costs[kind] = Cost(
        min(before.wall_s, cost.wall_s),
        min(before.cpu_s, cost.cpu_s),
        max(before.peak_mb, cost.peak_mb),
    )


def _told(title: str, results: Results, path: Path | None) -> None:
    print(f"\n{title}\n\n{table(results)}", flush=True)
    if path:
        keep(path, title, results)


def main() -> None:
    """Measure what is asked for, print it, keep it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=[*corpora.CORPORA, "curve", "bytes", "tables"])
    parser.add_argument("--with", dest="slow", choices=SLOW)
    parser.add_argument("--only", action="append", choices=CONTENDERS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--files", type=int, action="append")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    if asked.what == "bytes":
        found = list(served_bytes(corpora.apps()))
        ours, best = (sum(row[column] for row in found) for column in (1, 2))
        print(f"{len(found)} files: {ours:,} bytes, quality 11 {best:,}: {ours / best:.4f}")
    elif asked.what == "tables":
        for title, results in kept(asked.json):
            print(f"\n{title}\n\n{table(results)}")
    elif asked.what == "curve":
        for count in asked.files or CURVE:
            contenders = asked.only or BESIDE_CURVE
            files = corpora.synthetic(count)
            results = collectstatic(files, contenders, 1, ("cold", "warm"))
            _told(str(count), results, asked.json)
    else:
        fast = WITHOUT_VARIANTS if asked.what == "npm" else [n for n in CONTENDERS if n not in SLOW]
        contenders = asked.only or ([*BESIDE_SLOW, asked.slow] if asked.slow else fast)
        title = f"{asked.what}, with {asked.slow}" if asked.slow else asked.what
        files = corpora.CORPORA[asked.what]()
        _told(title, collectstatic(files, contenders, asked.rounds, KINDS), asked.json)


if __name__ == "__main__":
    main()
