"""Files that a view allows: handed over with `roots.serve.send`, beside what else there is.

    python -m bench.private

Django's `FileResponse` in the same process, and nginx in front that is told with X-Accel-Redirect,
by us (`OFFLOAD`) and by a view that does nothing else, as django-sendfile2 would. One worker each,
16 connections; needs `wrk` and `nginx`. Every round asks every contender once; the median is told.
"""

import argparse
import contextlib
import os
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.servers import free_port, python, running
from bench.serving import Ask, requests_per_s
from roots.serve.handover import offload

SIZES = {"small.jpg": 10_000, "large.jpg": 4_000_000}
SITE = "bench.private_site"
SERVE = "-m django serve --workers 1 --no-access-log --port {port}"
GUNICORN = f"-m gunicorn --log-level error --threads 4 --bind 127.0.0.1:{{port}} {SITE}"
SERVERS = {
    "serve": (SERVE, ""),
    "serve --interface asgi": (f"{SERVE} --interface asgi", "/async"),
    "gunicorn": (GUNICORN, ""),
    "uvicorn": (
        f"-m uvicorn --log-level error --lifespan off --port {{port}} {SITE}:asgi_application",
        "/async",
    ),
}
WAYS = {"send": "/send/", "FileResponse": "/file/"}
OFFLOADED = {"send, OFFLOAD": "/send/", "X-Accel-Redirect": "/accel/"}
NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 1024; }}
http {{
    access_log off; sendfile on; proxy_temp_path {folder}/proxy;
    upstream django {{ server 127.0.0.1:{upstream}; keepalive 16; }}
    server {{
        listen 127.0.0.1:{port};
        location / {{ proxy_pass http://django; proxy_http_version 1.1;
                      proxy_set_header Connection ""; }}
        location {location} {{ internal; alias {folder}/private/; }}
    }}
}}
"""


def main() -> None:
    """Parse, measure, print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=2)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="roots-bench-") as name,
        contextlib.ExitStack() as stack,
    ):
        contenders = {}
        folder = prepare(Path(name))
        for server, (command, prefix) in SERVERS.items():
            port = stack.enter_context(python(command, "roots", folder, SITE))
            contenders |= {f"{server}: {way}": (port, prefix + at) for way, at in WAYS.items()}
        port = stack.enter_context(nginx(folder))
        contenders |= {f"nginx, gunicorn: {w}": (port, at) for w, at in OFFLOADED.items()}
        found = {(who, size): [] for who in contenders for size in SIZES}
        for _ in range(options.rounds):
            for who, (port, at) in contenders.items():
                for size in SIZES:
                    ask = Ask(size, at + size)
                    found[who, size].append(requests_per_s(port, ask, options.seconds, 16))
    show({key: statistics.median(values) for key, values in found.items()}, list(contenders))


def prepare(folder: Path) -> Path:
    """`folder`, with the files in it, for nginx's worker to see, which is another user."""
    folder.chmod(0o755)
    (folder / "private").mkdir()
    for name, size in SIZES.items():
        (folder / "private" / name).write_bytes(os.urandom(size))
    return folder


@contextlib.contextmanager
def nginx(folder: Path) -> Iterator[int]:
    """nginx with one worker in front of gunicorn; its port."""
    with python(GUNICORN, "offload", folder, SITE) as upstream:
        port, location = free_port(), offload.location(str(folder / "private"))
        text = NGINX.format(folder=folder, port=port, upstream=upstream, location=location)
        (folder / "nginx.conf").write_text(text)
        with running(["nginx", "-c", str(folder / "nginx.conf")], port, dict(os.environ)):
            yield port


def show(medians: dict[tuple[str, str], float], contenders: list[str]) -> None:
    """A row for each contender: requests a second."""
    print("| requests/s | " + " | ".join(f"{size:,} bytes" for size in SIZES.values()) + " |")
    print("| --- |" + " --- |" * len(SIZES))
    for who in contenders:
        print(f"| {who} | " + " | ".join(f"{medians[who, size]:,.0f}" for size in SIZES) + " |")


if __name__ == "__main__":
    main()
