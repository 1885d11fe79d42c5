"""Draws what `bench.static --json` kept, as PNG and SVG.

python -m bench.plots RESULTS.json docs/plots/collectstatic
python -m bench.plots CURVE.json docs/plots/curve
"""

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot

KINDS = ("cold", "warm", "changed")


def bars(results: dict[str, dict[str, list[float]]]) -> None:
    """Seconds by contender, on a logarithmic axis: they are far apart."""
    for offset, kind in enumerate(KINDS):
        heights = [costs[kind][0] for costs in results.values()]
        places = [number + (1 - offset) * 0.27 for number in range(len(results))]
        drawn = pyplot.barh(places, heights, height=0.25, label=kind)
        pyplot.bar_label(drawn, fmt="%.2f", padding=2, fontsize=7)
    pyplot.yticks(range(len(results)), list(results))
    pyplot.gca().invert_yaxis()
    pyplot.xscale("log")
    pyplot.xlabel("seconds of collectstatic")


def lines(results: dict[str, dict[str, dict[str, list[float]]]]) -> None:
    """Microseconds for each file, by the number of files."""
    counts = [int(count) for count in results]
    for name in next(iter(results.values())):
        for kind, style in (("cold", "-"), ("warm", "--")):
            costs = [each[name][kind][0] / int(count) * 1e6 for count, each in results.items()]
            pyplot.plot(counts, costs, style, marker="o", label=f"{name}, {kind}")
    pyplot.xscale("log")
    pyplot.ylim(bottom=0)
    pyplot.xlabel("files")
    pyplot.ylabel("microseconds a file")


def main(source: str, target: str) -> None:
    """Draw `source` as `target`.png and `target`.svg."""
    results: Any = json.loads(Path(source).read_text())
    pyplot.figure(figsize=(8, 4.5))
    (lines if all(each.isdigit() for each in results) else bars)(results)
    pyplot.legend(fontsize=8)
    pyplot.tight_layout()
    Path(target).parent.mkdir(parents=True, exist_ok=True)
    for suffix in ("png", "svg"):
        pyplot.savefig(
            f"{target}.{suffix}", dpi=120, metadata={"Date": None} if suffix == "svg" else None
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
