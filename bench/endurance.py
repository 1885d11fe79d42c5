"""What the server holds on to: memory and descriptors, under slow clients and many requests.

    python -m bench.endurance slow --clients 9900       clients that ask for 1 GiB and do not read
    python -m bench.endurance requests --millions 5     static files, 304s, ranges, pages, 404s

A slow client needs two descriptors, and the system must allow them (`ulimit -Hn`). One
worker of `manage.py serve`; `--interface asgi` as well. Needs `wrk` for `requests`.
"""

import argparse
import contextlib
import http.client
import os
import resource
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.servers import python, running_pid
from bench.serving import DJANGO, PART, UPLOAD, prepare

SCRIPT = """
local paths, turn = {%s}, 0
function request()
    turn = turn %% #paths + 1
    return wrk.format("GET", paths[turn][1], paths[turn][2])
end
"""


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=["slow", "requests"])
    parser.add_argument("--clients", type=int, default=9_900)
    parser.add_argument("--millions", type=float, default=5)
    parser.add_argument("--interface", choices=["wsgi", "asgi"], default="wsgi")
    options = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory(prefix="roots-bench-") as name:
        folder = Path(name)
        paths = {ask.name: ask.path for ask in prepare(folder)}
        command = f"{DJANGO} --interface {options.interface}"
        with python(command, "roots", folder) as port:
            server = Watched(running_pid(port), port, paths["9,600 bytes"])
            server.ask()
            if options.kind == "slow":
                slow(server, options.clients)
            else:
                requests(server, paths, folder, int(options.millions * 1e6))


class Watched:
    """A worker: what it holds, and how fast it answers a small request."""

    def __init__(self, pid: int, port: int, path: str) -> None:
        self.pid, self.port, self.path = pid, port, path

    def ask(self) -> float:
        """Milliseconds until a small static file has come, over a new connection."""
        begun = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        with contextlib.closing(connection):
            connection.request("GET", self.path)
            assert connection.getresponse().read()
        return (time.perf_counter() - begun) * 1000

    def tell(self, when: str) -> None:
        """Print memory, descriptors and the time of 50 small requests."""
        took = [self.ask() for _ in range(50)]
        status = Path(f"/proc/{self.pid}/status").read_text()
        rss_mb = int(status.partition("VmRSS:")[2].split()[0]) / 1024
        descriptors = len(os.listdir(f"/proc/{self.pid}/fd"))
        print(
            f"{when:28} {rss_mb:7,.0f} MB {descriptors:7,} descriptors; a small file takes "
            f"{statistics.median(took):.1f} ms, at most {max(took):.1f}",
            flush=True,
        )


def slow(server: Watched, clients: int) -> None:
    """`clients` ask for a large upload, half of them for a part of it, and take nothing."""
    server.tell("before")
    with contextlib.ExitStack() as stack:
        for number in range(clients):
            stack.enter_context(stalled(server.port, "" if number % 2 else f"Range: {PART[:-9]}"))
            if number + 1 in (clients // 10, clients // 2):
                server.tell(f"{number + 1:,} slow clients")
        server.tell(f"{clients:,} slow clients")
        time.sleep(20)
        server.tell("20 s later")
    time.sleep(5)
    server.tell("5 s after they left")


@contextlib.contextmanager
def stalled(port: int, header: str) -> Iterator[None]:
    """A client that has asked for the large upload and does not read."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.settimeout(60)
    client.connect(("127.0.0.1", port))
    lines = (f"GET /media/{UPLOAD} HTTP/1.1", "Host: localhost", *([header] if header else []))
    client.sendall("\r\n".join((*lines, "", "")).encode())
    with client:
        yield


def requests(server: Watched, paths: dict[str, str], folder: Path, wanted: int) -> None:
    """At least `wanted` requests of every kind, told in ten steps."""
    etag = asked_etag(server)
    mixture = [
        (paths["9,600 bytes"], {}),
        (paths["9,600 bytes"], {"If-None-Match": etag}),
        (paths["107,000 bytes"], {}),
        (f"/media/{UPLOAD}", {"Range": "bytes=0-9999"}),
        ("/static/nothing.css", {}),
        ("/page/", {}),
    ]
    script = folder / "mixture.lua"
    listed = ", ".join(f'{{"{path}", {_lua(headers)}}}' for path, headers in mixture)
    script.write_text(SCRIPT % listed)
    server.tell("before")
    done = 0
    while done < wanted:
        done += wrk(server.port, script, seconds=20)
        server.tell(f"{done:,} requests")


def wrk(port: int, script: Path, seconds: int) -> int:
    """How many requests wrk had answered in `seconds`."""
    command = ["wrk", "-t1", "-c64", f"-d{seconds}s", "-s", str(script), f"http://127.0.0.1:{port}"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return int(printed.partition(" requests in")[0].split()[-1])


def asked_etag(server: Watched) -> str:
    """The ETag of the small file."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("HEAD", server.path)
    with contextlib.closing(connection):
        return connection.getresponse().getheader("ETag") or ""


def _lua(headers: dict[str, str]) -> str:
    return "{" + ", ".join(f"['{name}'] = '{value}'" for name, value in headers.items()) + "}"


if __name__ == "__main__":
    main()
