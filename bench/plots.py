"""Draws what `bench.static`, `bench.serving` and `bench.uploads` kept with `--json`, as PNG and SVG
beside it.

python -m bench.plots docs/plots/collectstatic.json docs/plots/curve.json docs/plots/serving.json
"""

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot

KINDS = {"cold": "#b8402a", "warm": "#2a6fb8", "changed": "#6aa84f"}
COLORS = ("#888888", "#b8402a", "#2a6fb8")
UPLOAD_COLORS = ("#bbbbbb", "#888888", "#b8402a")
Results = dict[str, dict[str, list[float]]]


def bars(runs: dict[str, Any]) -> None:
    """Seconds by contender on a logarithmic axis, for they are far apart."""
    results = everybody(runs)
    _, axes = pyplot.subplots(figsize=(8, 5.5))
    for offset, (kind, color) in enumerate(KINDS.items()):
        measured = {name: costs[kind][0] for name, costs in results.items() if kind in costs}
        places = [list(results).index(name) + (offset - 1) * 0.27 for name in measured]
        drawn = axes.barh(places, list(measured.values()), height=0.25, label=kind, color=color)
        axes.bar_label(drawn, fmt="%.2f", padding=2, fontsize=7)
    axes.set_yticks(range(len(results)), list(results))
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlim(left=0.1, right=axes.get_xlim()[1] * 1.5)
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_xlabel("seconds of collectstatic, the static files of well-known apps")
    axes.legend(fontsize=8)


def everybody(runs: dict[str, Any]) -> Results:
    """The run on apps, and the slow ones from runs of their own, which are marked."""
    results: Results = dict(runs["apps"]["results"])
    for title, run in runs.items():
        name = title.removeprefix("apps, with ")
        if name != title:
            results[f"{name} *"] = run["results"][name]
    return results


def lines(runs: dict[str, Any]) -> None:
    """Microseconds for each file, and memory, by the number of files."""
    by_count = {int(count): run["results"] for count, run in runs.items()}
    counts = sorted(by_count)
    _, panels = pyplot.subplots(1, 3, figsize=(11, 4))
    for color, name in zip(COLORS, by_count[counts[0]], strict=True):
        found = {count: by_count[count][name] for count in counts if name in by_count[count]}
        for panel, kind in zip(panels, ("cold", "warm"), strict=False):
            costs = [each[kind][0] / count * 1e6 for count, each in found.items()]
            panel.plot(list(found), costs, marker="o", color=color, label=name)
            panel.set_title(f"{kind}, microseconds a file", fontsize=10)
        peaks = [max(cost[2] for cost in each.values()) for each in found.values()]
        panels[2].plot(list(found), peaks, marker="o", color=color, label=name)
    panels[2].set_title("peak memory, MB", fontsize=10)
    for panel in panels:
        panel.set_xscale("log")
        panel.set_xticks(counts, [f"{count // 1000}k" for count in counts])
        panel.minorticks_off()
        panel.set_ylim(bottom=0)
        panel.set_xlabel("files")
    panels[0].legend(fontsize=8)


def shares(runs: dict[str, dict[str, float | None]]) -> None:
    """Requests a second as shares of nginx's, by what is asked for."""
    _, panels = pyplot.subplots(1, len(runs["nginx"]), figsize=(13, 5), sharey=True)
    for panel, (asked, nginx) in zip(panels, runs["nginx"].items(), strict=True):
        values = [(rates[asked] or 0) / (nginx or 1) for rates in runs.values()]
        colors = [COLORS[1] if name.startswith("roots") else COLORS[0] for name in runs]
        drawn = panel.barh(range(len(runs)), values, color=colors)
        told = ["cannot" if rates[asked] is None else "" for rates in runs.values()]
        labels = [word or f"{value:.2f}" for word, value in zip(told, values, strict=True)]
        panel.bar_label(drawn, labels, padding=2, fontsize=7)
        panel.set_xlim(right=max(values) * 1.25)
        panel.set_title(asked, fontsize=10)
        panel.set_xticks([])
    panels[0].set_yticks(range(len(runs)), list(runs), fontsize=8)
    panels[0].invert_yaxis()


def uploads(runs: dict[str, Any]) -> None:
    """MiB a second by server, the best round of each contender."""
    _, axes = pyplot.subplots(figsize=(8, 4.5))
    peers = list(dict.fromkeys(peer for rounds in runs["servers"].values() for peer in rounds))
    for offset, (peer, color) in enumerate(zip(peers, UPLOAD_COLORS, strict=True)):
        rates = {
            place: runs["mib"] / min(cost[0] for cost in rounds[peer])
            for place, rounds in enumerate(runs["servers"].values())
            if peer in rounds
        }
        places = [place + (offset - 1) * 0.27 for place in rates]
        drawn = axes.barh(places, list(rates.values()), height=0.25, label=peer, color=color)
        axes.bar_label(drawn, fmt="%.0f", padding=2, fontsize=7)
    axes.set_yticks(range(len(runs["servers"])), list(runs["servers"]))
    axes.invert_yaxis()
    axes.set_xlabel("MiB a second, one upload of 1 GiB")
    axes.legend(fontsize=8)


def draw(source: Path) -> None:
    """Draw the results in `source`."""
    matplotlib.rcParams["svg.hashsalt"] = source.stem  # the same file for the same numbers
    runs = json.loads(source.read_text())
    if "servers" in runs:
        uploads(runs)
    elif "nginx" in runs:
        shares(runs)
    else:
        (lines if all(title.isdigit() for title in runs) else bars)(runs)
    pyplot.tight_layout()
    pyplot.savefig(source.with_suffix(".png"), dpi=120)
    pyplot.savefig(source.with_suffix(".svg"), metadata={"Date": None})
    pyplot.close()


if __name__ == "__main__":
    for path in sys.argv[1:]:
        draw(Path(path))
