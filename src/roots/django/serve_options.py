"""The options of `manage.py serve`: what `--help` says, and what each takes."""

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path

DEFAULT_THREADS = 16


def add_options(parser: ArgumentParser) -> None:
    """Their defaults suit one small machine."""
    _add_address(parser)
    _add_processes(parser)
    _add_log(parser)


def _add_address(parser: ArgumentParser) -> None:
    add = parser.add_argument_group("where to listen").add_argument
    add("--host", default="127.0.0.1", help="Address to listen on; 0.0.0.0 for every one.")
    add("--port", type=_port, default=8000, help="Port to listen on (default: 8000).")
    add(
        "--unix",
        type=Path,
        metavar="PATH",
        help="Listen on a Unix domain socket instead, for a proxy on the same machine.",
    )
    add(
        "--unix-mode",
        type=_mode,
        metavar="MODE",
        help="Permissions of that socket in octal, as 660 (default: what the umask leaves).",
    )
    add(
        "--tls-cert",
        type=Path,
        metavar="FILE",
        help="Speak HTTPS, HTTP/2 included: the certificate with its chain, in PEM format.",
    )
    add("--tls-key", type=Path, metavar="FILE", help="The certificate's private key (PKCS#8).")
    add(
        "--health",
        type=_path,
        metavar="PATH",
        help="Answer 'ok' at this path, as /healthz, for load balancers; Django is not asked.",
    )


def _add_processes(parser: ArgumentParser) -> None:
    add = parser.add_argument_group("how to run the project").add_argument
    add(
        "--interface",
        choices=["wsgi", "asgi"],
        default="wsgi",
        help="How to call the project: wsgi (default), or asgi for async views.",
    )
    add(
        "--workers",
        type=positive,
        help="Processes (default: one per core that this machine or container may use).",
    )
    add(
        "--threads",
        type=positive,
        default=DEFAULT_THREADS,
        help=f"Requests Django answers at a time in each worker (default: {DEFAULT_THREADS}).",
    )
    add(
        "--worker-lifetime",
        type=lambda text: _whole_number(text, 60, None),
        metavar="SECONDS",
        help="Replace each worker at this age, at least 60: for projects that leak memory.",
    )
    add(
        "--worker-memory",
        type=positive,
        metavar="MIB",
        help="Replace a worker that has grown beyond this many MiB (looked at each 30 seconds).",
    )


def _add_log(parser: ArgumentParser) -> None:
    add = parser.add_argument_group("access log: a line for each request").add_argument
    add(
        "--access-log",
        default="-",
        metavar="FILE",
        help="Where lines go; - is standard output (default). The file may be rotated away.",
    )
    add(
        "--log-format",
        choices=["combined", "json"],
        default="combined",
        help="combined (default), as Apache and nginx have it, or json. Query strings are left "
        "out of both: secrets stand there.",
    )
    add("--no-access-log", action="store_true", help="Write no such lines.")


def positive(text: str) -> int:
    """A whole number of at least 1. Raises ArgumentTypeError."""
    return _whole_number(text, 1, None)


def _port(text: str) -> int:
    return _whole_number(text, 1, 65535)


def _whole_number(text: str, least: int, most: int | None) -> int:
    if text.isdecimal() and least <= int(text) <= (most or int(text)):
        return int(text)
    wanted = f"from {least} to {most}" if most else f"of at least {least}"
    raise ArgumentTypeError(f"must be a whole number {wanted}, but is {text!r}.")


def _mode(text: str) -> int:
    try:
        mode = int(text, 8)
    except ValueError:
        mode = -1
    if 0 <= mode <= 0o777:
        return mode
    raise ArgumentTypeError(f"must be permissions in octal, as 660, but is {text!r}.")


def _path(text: str) -> str:
    if text.startswith("/") and not {"?", "#", " "} & set(text):
        return text
    raise ArgumentTypeError(f"must be the path of a URL, as /healthz, but is {text!r}.")
