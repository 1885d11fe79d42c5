"""One large multipart POST to a view that stores it: stock Django beside django-roots, on the same
servers, in one interleaved run.

    python -m bench.uploads                          1 GiB, three rounds
    python -m bench.uploads --mib 256 --rounds 1 --only gunicorn
    python -m bench.uploads --rounds 1 --json FILE   adds its rounds to those in FILE

Told are the best round's MiB a second, the least CPU seconds of the server, how many bytes it wrote
for each that came, and how much its memory grew. With django-roots the digest is computed and a
policy looks at everything; nobody waits for the disk. Django as it comes receives in /tmp, so give
a --folder on another file system to see what that costs. Needs the extra `bench`.
"""

import argparse
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bench import machine
from bench.memory import family
from bench.servers import free_port, running

SERVERS = {
    "gunicorn": "-m gunicorn --threads 4 --bind 127.0.0.1:{port} bench.inbox:application",
    "Granian WSGI": "-m granian --interface wsgi --port {port} bench.inbox:application",
    "Granian ASGI": "-m granian --interface asgi --port {port} bench.inbox:asgi_application",
    "uvicorn": "-m uvicorn --lifespan off --port {port} bench.inbox:asgi_application",
    "manage.py serve": "-m django serve --workers 1 --no-access-log --port {port}",
}
PEERS = ("Django", "Django, tuned", "roots")
"""Django as it comes; with FILE_UPLOAD_TEMP_DIR on the file system of MEDIA_ROOT; and ourselves."""
CHUNK = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41" + os.urandom((1 << 20) - 32)
BOUNDARY = "----------------------------boundary"
HEAD = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="film.mp4"\r\n'
    "Content-Type: video/mp4\r\n\r\n"
).encode()
TAIL = f"\r\n--{BOUNDARY}--\r\n".encode()
TICKS = os.sysconf("SC_CLK_TCK")


class Cost(NamedTuple):
    """Seconds on the clock and of the server's CPU, bytes written for each byte uploaded, and
    megabytes that the server's memory grew beyond what a small upload takes."""

    wall_s: float
    cpu_s: float
    written: float
    grown_mb: float


Rounds = dict[str, list[Cost]]


def one_round(server: str, peer: str, mib: int, place: str | None) -> Cost:
    """A fresh server, a small upload, then the large one."""
    with inbox(server, peer, place) as (port, pid):
        post(port, 1)
        post(port, 1)
        before = taken(pid)
        started = time.perf_counter()
        post(port, mib)
        wall_s = time.perf_counter() - started
        cpu_s, written, peak_mb = (
            after - earlier for after, earlier in zip(taken(pid), before, strict=True)
        )
        return Cost(wall_s, cpu_s, written / (mib << 20), peak_mb)


@contextlib.contextmanager
def inbox(server: str, peer: str, place: str | None) -> Iterator[tuple[int, int]]:
    """The project behind `server`: its port, and the process that was started."""
    folder = Path(tempfile.mkdtemp(prefix="roots-bench-", dir=place))
    environ = os.environ | {
        "BENCH_FOLDER": str(folder),
        "BENCH_PEER": peer,
        "DJANGO_SETTINGS_MODULE": "bench.inbox",
    }
    try:
        for name in ("media", "tmp"):
            (folder / name).mkdir()
        migrate = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, env=environ, check=True)
        port = free_port()
        command = [sys.executable, *SERVERS[server].format(port=port).split()]
        with running(command, port, environ) as process:
            yield port, process
    finally:
        shutil.rmtree(folder)


def post(port: int, mib: int) -> None:
    """Upload so many mebibytes. Raises SystemExit where the answer is not 200."""
    size = len(HEAD) + (mib << 20) + len(TAIL)
    head = (
        f"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {size}\r\nConnection: close\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=170) as client:
        client.sendall(head.encode() + HEAD)
        for _ in range(mib):
            client.sendall(CHUNK)
        client.sendall(TAIL)
        answer = b""
        while data := client.recv(1 << 16):
            answer += data
    if b" 200 " not in answer.partition(b"\r\n")[0]:
        raise SystemExit(f"The upload was answered: {answer[:500]!r}")


def taken(pid: int) -> tuple[float, int, float]:
    """CPU seconds, bytes written and peak memories in MB, of `pid` and all that it started."""
    processes = family(pid)
    return (
        sum(map(_cpu_s, processes)),
        sum(map(_written_bytes, processes)),
        sum(map(_peak_mb, processes)),
    )


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _written_bytes(pid: int) -> int:
    """What it handed to the kernel, files and answers alike."""
    lines = Path(f"/proc/{pid}/io").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("wchar:")))


def _peak_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM:"))) / 1024


def table(found: dict[str, Rounds], mib: int) -> Iterator[str]:
    """Markdown: the best of each."""
    yield "| server | | MiB/s | server CPU s | written per byte | memory grew by, MB |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for server, rounds in found.items():
        for peer, costs in rounds.items():
            wall_s, cpu_s, written, grown_mb = (min(each) for each in zip(*costs, strict=True))
            yield (
                f"| {server} | {peer} | {mib / wall_s:.0f} | {cpu_s:.2f} | {written:.2f} "
                f"| {grown_mb:.0f} |"
            )


def main() -> None:
    """Parse, measure, tell."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--mib", type=int, default=1024)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=SERVERS, action="append")
    parser.add_argument("--folder", help="Where everything is stored.")
    parser.add_argument("--json", type=Path, help="Keep the rounds here, beside those of before.")
    options = parser.parse_args()
    found = kept(options.json, options.mib)
    for _ in range(options.rounds):
        for server in options.only or SERVERS:
            for peer in PEERS:
                if peer != "roots" and server == "manage.py serve":
                    continue  # it is part of django-roots
                cost = one_round(server, peer, options.mib, options.folder)
                found.setdefault(server, {}).setdefault(peer, []).append(cost)
    print("\n".join(table(found, options.mib)))
    if options.json:
        told = {"mib": options.mib, "machine": machine.described(), "servers": found}
        options.json.write_text(json.dumps(told, indent=1) + "\n")


def kept(path: Path | None, mib: int) -> dict[str, Rounds]:
    """The rounds in the file at `path`, if there are any. Raises SystemExit for those of uploads of
    another size."""
    if path is None or not path.exists():
        return {}
    told = json.loads(path.read_text())
    if told["mib"] != mib:
        raise SystemExit(f"{path} has uploads of {told['mib']} MiB; name another file.")
    return dict(told["servers"])


if __name__ == "__main__":
    main()
