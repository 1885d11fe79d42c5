"""What was measured: kept in a file, told as Markdown."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bench import machine

KINDS = ("cold", "warm", "changed")


class Cost(NamedTuple):
    """Seconds on the clock, seconds of CPU (user and system), and the most megabytes held."""

    wall_s: float
    cpu_s: float
    peak_mb: float


Results = dict[str, dict[str, Cost]]


def table(results: Results) -> str:
    """The results as Markdown; what was not measured is empty."""
    kinds = [kind for kind in KINDS if any(kind in costs for costs in results.values())]
    rows = [f"| | {' | '.join(f'{kind} s' for kind in kinds)} | cold CPU s | peak MB |"]
    rows.append("| --- |" + " --- |" * (len(kinds) + 2))
    for name, costs in results.items():
        cells = [f"{costs[kind].wall_s:.2f}" if kind in costs else "" for kind in kinds]
        peak = max(cost.peak_mb for cost in costs.values())
        rows.append(f"| {name} | {' | '.join(cells)} | {costs['cold'].cpu_s:.1f} | {peak:.0f} |")
    return "\n".join(rows)


def keep(path: Path, title: str, results: Results) -> None:
    """Put `results` into the file at `path` as `title`, beside what other runs put there."""
    runs = json.loads(path.read_text()) if path.exists() else {}
    runs[title] = {"machine": machine.described(), "results": results}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(runs, indent=1) + "\n")


def kept(path: Path) -> Iterator[tuple[str, Results]]:
    """Title and results of each run in the file at `path`."""
    for title, run in json.loads(path.read_text()).items():
        yield (
            title,
            {
                name: {kind: Cost(*cost) for kind, cost in costs.items()}
                for name, costs in run["results"].items()
            },
        )
