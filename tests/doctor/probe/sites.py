"""Real servers that a probe asks: healthy ones, and ones with a fault."""

import contextlib
import os
import shutil
import socket
import socketserver
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.doctor.projects import TinyProject
from tests.servers import REPOSITORY, Server, ending, free_port, wait_for

NGINX = """
daemon off; worker_processes 1; pid {own}/pid; error_log {own}/error.log; {user}
events {{ worker_connections 64; }}
http {{
    access_log off; client_body_temp_path {own}/b; proxy_temp_path {own}/p;
    fastcgi_temp_path {own}/f; uwsgi_temp_path {own}/u; scgi_temp_path {own}/s;
    {site}
}}
"""
SITE = """
    types {{ text/css css; text/html html; application/json json; text/plain txt; }}
    server {{ listen 127.0.0.1:{port}; {lines} }}
"""


@contextlib.contextmanager
def served(project: TinyProject) -> Iterator[Server]:
    """`manage.py serve` of `project`."""
    port = free_port()
    command = f"manage.py serve --no-access-log --workers 1 --port {port}"
    with _running(project.directory, [sys.executable, *command.split()], port) as server:
        yield server


@contextlib.contextmanager
def nginx(project: TinyProject, lines: str, name: str) -> Iterator[Server]:
    """nginx, with `lines` for its server; skips where it is not installed."""
    port = free_port()
    with _nginx(
        project.directory.parent / name, SITE.format(port=port, lines=lines), port
    ) as server:
        yield server


@contextlib.contextmanager
def configured(project: TinyProject, upstream: int) -> Iterator[Server]:
    """nginx, with what `manage.py proxyconf` prints."""
    port = free_port()
    asked = ("--listen", f"127.0.0.1:{port}", "--upstream", f"127.0.0.1:{upstream}")
    printed = project.manage("proxyconf", "nginx", "--server-name", "127.0.0.1", *asked)
    assert printed.code == 0, printed.err
    with _nginx(project.directory.parent / "proxyconf", printed.out, port) as server:
        yield server


@contextlib.contextmanager
def _nginx(own: Path, site: str, port: int) -> Iterator[Server]:
    if shutil.which("nginx") is None:
        pytest.skip("nginx is not installed; on Debian: apt install nginx-light.")
    own.mkdir()
    user = "user root;" if os.geteuid() == 0 else ""
    (own / "nginx.conf").write_text(NGINX.format(own=own, user=user, site=site))
    with _running(own, ["nginx", "-c", str(own / "nginx.conf")], port) as server:
        yield server


@contextlib.contextmanager
def _running(own: Path, command: list[str], port: int) -> Iterator[Server]:
    log = own.parent / f"{port}.log"
    paths = os.pathsep.join([str(REPOSITORY / "src"), os.environ.get("PYTHONPATH", "")])
    with open(log, "wb") as output:
        process = subprocess.Popen(
            command,
            cwd=own,
            env={**os.environ, "PYTHONPATH": paths, "DJANGO_SETTINGS_MODULE": "config.settings"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    server = Server(port, process, log)
    with ending(process):
        wait_for(server)
        yield server


@contextlib.contextmanager
def answering(*replies: tuple[int, dict[str, str], bytes]) -> Iterator[str]:
    """The address of a server that gives one of `replies` after the other, the last for ever."""
    left = list(replies)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = left.pop(0) if len(left) > 1 else left[0]
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with _threaded(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def saying(data: bytes) -> Iterator[str]:
    """The address of a server that says `data` to everybody, whatever they say, and hangs up."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(1 << 16)
            self.request.sendall(data)

    with _threaded(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)) as port:
        yield f"127.0.0.1:{port}"


@contextlib.contextmanager
def silent() -> Iterator[str]:
    """The address of a socket that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@contextlib.contextmanager
def self_signed(folder: Path) -> Iterator[tuple[str, Path]]:
    """The address of a server with TLS, and its certificate, which it has signed itself."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    names = ("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1")
    files = ("-keyout", str(key), "-out", str(certificate), "-days", "2")
    try:
        subprocess.run(
            ["openssl", "req", "-x509", *curve, *files, *names],
            check=True,
            capture_output=True,
            timeout=30,
        )
    except FileNotFoundError:
        pytest.skip("Needs the openssl command, to make keys.")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Clients that do not trust it hang up."""

    server = Quiet(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with _threaded(server) as port:
        yield f"https://127.0.0.1:{port}", certificate


@contextlib.contextmanager
def _threaded(server: socketserver.TCPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(30)
