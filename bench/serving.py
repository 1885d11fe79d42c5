"""Requests a second, beside nginx and the peers, in one interleaved run.

    python -m bench.serving                                     ours on every server, and nginx
    python -m bench.serving --with whitenoise servestatic       the peers, too
    python -m bench.serving --json docs/plots/serving.json      kept for bench.plots

Needs `wrk` and `nginx` on PATH, and the extra `bench`. One worker each, 32 connections, identity
coding; three static files that do not compress to nothing, what a browser that has the first
asks, and a part of a large upload. Every round asks every contender once; the median is told, and
its share of nginx's.
"""

import argparse
import contextlib
import http.client
import json
import secrets
import statistics
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.servers import collect, nginx, python

SIZES = {"a.css": 9_600, "b.js": 107_000, "c.map": 3_800_000}
UPLOAD = "film.0123456789ab.mp4"
UPLOAD_BYTES = 1 << 30
PART = "bytes=500000000-500999999"
DJANGO = "-m django serve --workers 1 --no-access-log --port {port}"
SERVERS = {
    "roots": {
        "serve": DJANGO,
        "serve --interface asgi": f"{DJANGO} --interface asgi",
        "gunicorn": (
            "-m gunicorn --log-level error --threads 4 --bind 127.0.0.1:{port} bench.site"
        ),
        "granian wsgi": (
            "-m granian --no-log --workers 1 --port {port} --interface wsgi bench.site:application"
        ),
        "granian asgi": (
            "-m granian --no-log --workers 1 --port {port} --interface asginl "
            "bench.site:asgi_application"
        ),
        "uvicorn": (
            "-m uvicorn --log-level error --lifespan off --port {port} bench.site:asgi_application"
        ),
    }
}
SERVERS["whitenoise"] = {name: SERVERS["roots"][name] for name in ("granian wsgi", "gunicorn")}
SERVERS["servestatic"] = {name: SERVERS["roots"][name] for name in ("granian asgi", "uvicorn")}


@dataclass(frozen=True)
class Ask:
    """What is asked for: a path, one header or none, and the status that must come."""

    name: str
    path: str
    header: tuple[str, str] | None = None
    status: int = 200


def main() -> None:
    """Parse, measure, print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--with", nargs="*", default=[], choices=["whitenoise", "servestatic"])
    parser.add_argument("--only", nargs="*", help="of our servers, only these")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="roots-bench-") as name,
        contextlib.ExitStack() as stack,
    ):
        folder = Path(name)
        folder.chmod(0o755)  # nginx's worker is another user
        asked = prepare(folder)
        ports = {"nginx": stack.enter_context(nginx(folder))}
        for peer in ("roots", *getattr(options, "with")):
            for server, command in SERVERS[peer].items():
                if peer != "roots" or not options.only or server in options.only:
                    ports[f"{peer}: {server}"] = stack.enter_context(python(command, peer, folder))
        found = {(who, ask.name): [] for who in ports for ask in asked}
        for _ in range(options.rounds):
            for who, port in ports.items():
                for ask in asked:
                    if is_served(port, ask):
                        found[who, ask.name].append(requests_per_s(port, ask, options.seconds))
    medians = {key: statistics.median(values) for key, values in found.items() if values}
    show(medians, list(ports), [ask.name for ask in asked])
    if options.json:
        kept = {who: {ask.name: medians.get((who, ask.name)) for ask in asked} for who in ports}
        options.json.write_text(json.dumps(kept, indent=1) + "\n")


def prepare(folder: Path) -> list[Ask]:
    """Make and collect the files, and say what to ask for."""
    (folder / "source").mkdir()
    (folder / "media").mkdir()
    for name, size in SIZES.items():
        (folder / "source" / name).write_bytes(secrets.token_hex(size // 2).encode())
    with open(folder / "media" / UPLOAD, "wb") as upload:
        upload.truncate(UPLOAD_BYTES)
    names = collect(folder)
    return [
        *(Ask(f"{size:,} bytes", f"/static/{names[name]}") for name, size in SIZES.items()),
        Ask("304", f"/static/{names['a.css']}", ("If-None-Match", "ETAG"), 304),
        Ask("1 MB of 1 GiB", f"/media/{UPLOAD}", ("Range", PART), 206),
    ]


def is_served(port: int, ask: Ask) -> bool:
    """Whether who listens on `port` gives the answer that is asked for: not all serve media."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", ask.path, headers=dict(filled(port, ask)))
    with contextlib.closing(connection):
        return connection.getresponse().status == ask.status


def requests_per_s(port: int, ask: Ask, seconds: int, connections: int = 32) -> float:
    """What wrk counts; a reply that is neither 2xx nor 3xx stops the run."""
    headers = [word for name, value in filled(port, ask) for word in ("-H", f"{name}: {value}")]
    url = f"http://127.0.0.1:{port}{ask.path}"
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", *headers, url]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in printed:
        raise SystemExit(f"{' '.join(command)}: {printed}")
    return float(printed.partition("Requests/sec:")[2].split()[0])


def filled(port: int, ask: Ask) -> list[tuple[str, str]]:
    """The header to send, with the ETag that who listens on `port` has for the file."""
    if ask.header is None or ask.header[1] != "ETAG":
        return [ask.header] if ask.header else []
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("HEAD", ask.path)
    with contextlib.closing(connection):
        # WhiteNoise has no ETag for stored names
        return [(ask.header[0], connection.getresponse().getheader("ETag") or "-")]


def show(medians: dict[tuple[str, str], float], contenders: list[str], asked: list[str]) -> None:
    """A row for each contender: requests a second, and the share of nginx's."""
    print("| requests/s | " + " | ".join(asked) + " |")
    print("| --- |" + " --- |" * len(asked))
    for who in contenders:
        cells = (
            f"{medians[who, name]:,.0f} ({medians[who, name] / medians['nginx', name]:.2f})"
            if (who, name) in medians
            else "-"
            for name in asked
        )
        print(f"| {who} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
