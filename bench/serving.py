"""Requests a second, beside nginx and the peers, in one interleaved run.

    python -m bench.serving                         ours on every server, and nginx
    python -m bench.serving --with whitenoise

Needs `wrk` and `nginx` on PATH, and the extra `bench`. One worker each, 32 connections, identity
coding; three files that do not compress to nothing. Every round asks every contender once; the
median is told, and its share of nginx's.
"""

import argparse
import contextlib
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

SIZES = {"a.css": 9_600, "b.js": 107_000, "c.map": 3_800_000}
SERVERS = {
    "serve": "-m django serve --no-access-log --workers 1 --port {port}",
    "serve --interface asgi": (
        "-m django serve --no-access-log --workers 1 --interface asgi --port {port}"
    ),
    "gunicorn": "-m gunicorn --log-level error --threads 4 --bind 127.0.0.1:{port} bench.site",
    "uvicorn": (
        "-m uvicorn --log-level error --lifespan off --port {port} bench.site:asgi_application"
    ),
}
PEERS_SERVERS = {
    "granian": (
        "-m granian --no-log --workers 1 --port {port} --interface wsgi bench.site:application"
    ),
    "gunicorn": SERVERS["gunicorn"],
}
NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 1024; }}
http {{
    include /etc/nginx/mime.types; access_log off; sendfile on; tcp_nopush on;
    server {{ listen 127.0.0.1:{port}; location /static/ {{ alias {folder}/static/; }} }}
}}
"""


def main() -> None:
    """Parse, measure, print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--with", nargs="*", default=[], choices=["whitenoise"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=3)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="roots-bench-") as name,
        contextlib.ExitStack() as stack,
    ):
        folder = Path(name)
        folder.chmod(0o755)  # nginx's worker is another user
        names = prepare(folder)
        ports = {"nginx": stack.enter_context(nginx(folder))}
        for peer in ("roots", *getattr(options, "with")):
            for server, command in (SERVERS if peer == "roots" else PEERS_SERVERS).items():
                ports[f"{peer}: {server}"] = stack.enter_context(python(command, peer, folder))
        found = {(who, file): [] for who in ports for file in names}
        for _ in range(options.rounds):
            for who, port in ports.items():
                for file in names:
                    found[who, file].append(requests_per_s(port, names[file], options.seconds))
    show({key: statistics.median(values) for key, values in found.items()}, list(ports))


def prepare(folder: Path) -> dict[str, str]:
    """Make and collect the files; stored names by logical name."""
    (folder / "source").mkdir()
    for name, size in SIZES.items():
        (folder / "source" / name).write_bytes(secrets.token_hex(size // 2).encode())
    command = [sys.executable, "-m", "django", "collectstatic", "--noinput", "--verbosity=0"]
    subprocess.run(command, check=True, env=environ("roots", folder))
    stored = {path.name for path in (folder / "static").iterdir()}
    return {
        name: next(found for found in stored if found.startswith(f"{name[0]}.") and
                   found.endswith(name[1:]) and found != name)
        for name in SIZES
    }  # fmt: skip


@contextlib.contextmanager
def nginx(folder: Path) -> Iterator[int]:
    """nginx with one worker; its port."""
    port = free_port()
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port))
    with running(["nginx", "-c", str(folder / "nginx.conf")], port, dict(os.environ)):
        yield port


@contextlib.contextmanager
def python(command: str, peer: str, folder: Path) -> Iterator[int]:
    """A Python server with `peer` serving; its port."""
    port = free_port()
    arguments = [sys.executable, *command.format(port=port).split()]
    with running(arguments, port, environ(peer, folder)):
        yield port


@contextlib.contextmanager
def running(command: list[str], port: int, environ: dict[str, str]) -> Iterator[None]:
    """The process of `command` until the block ends, from when it listens on `port`."""
    silent = subprocess.DEVNULL
    process = subprocess.Popen(command, env=environ, stdout=silent, stderr=silent)
    try:
        for _ in range(400):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        else:
            raise SystemExit(f"did not start: {' '.join(command)}")
        yield
    finally:
        process.terminate()
        process.wait(30)


def requests_per_s(port: int, name: str, seconds: int) -> float:
    """What wrk counts; a reply that is not 2xx stops the run."""
    command = ["wrk", "-t1", "-c32", f"-d{seconds}s", f"http://127.0.0.1:{port}/static/{name}"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in printed:
        raise SystemExit(f"{' '.join(command)}: {printed}")
    return float(printed.partition("Requests/sec:")[2].split()[0])


def environ(peer: str, folder: Path) -> dict[str, str]:
    """Of a process that runs bench.site."""
    return os.environ | {
        "BENCH_PEER": peer,
        "BENCH_FOLDER": str(folder),
        "DJANGO_SETTINGS_MODULE": "bench.site",
        "ROOTS_BUILD_CACHE": "",
    }


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def show(medians: dict[tuple[str, str], float], contenders: list[str]) -> None:
    """A row for each contender: requests a second, and the share of nginx's."""
    print("| requests/s | " + " | ".join(f"{size:,} bytes" for size in SIZES.values()) + " |")
    print("| --- |" + " --- |" * len(SIZES))
    for who in contenders:
        cells = (
            f"{medians[who, file]:,.0f} ({medians[who, file] / medians['nginx', file]:.2f})"
            for file in SIZES
        )
        print(f"| {who} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
