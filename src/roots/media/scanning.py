"""Searching uploads for malware: what a scanner is, and ClamAV as one.

from roots.media.scanning import ClamAV

ROOTS = {"SCANNER": ClamAV()}
"""

import contextlib
import os
import socket
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from roots.errors import StorageError

_CHUNK_BYTES = 1 << 17
_LONGEST_ANSWER_BYTES = 4096
_LIMITS = "Heuristics.Limits.Exceeded"
"""With AlertExceedsMax, clamd "finds" this in what it did not look into: no threat, no answer."""


class ScanFailed(StorageError):
    """A scanner gave no answer: it is down, too slow, or took no file as large as this one.

    What becomes of the upload is for `ROOTS["UNSCANNED"]` to say.
    """


class Scanner(Protocol):
    """Anything with this method; called by many threads at once."""

    def scan(self, stream: BinaryIO) -> str:
        """The name of what is wrong with `stream`, read from where it stands to its end; "" for
        nothing. Raises ScanFailed."""


@dataclass(frozen=True, slots=True)
class ClamAV:
    """A `clamd` that listens at `address`: the path of its Unix socket, or `host:port`.

    A scan is given up after `timeout_s` seconds. Bytes travel by INSTREAM (clamd(8)), so clamd may
    be another user, or on another machine; its StreamMaxLength is the longest file that it takes.
    """

    address: str | os.PathLike[str] = "/run/clamav/clamd.ctl"
    timeout_s: float = 60.0

    def scan(self, stream: BinaryIO) -> str:
        """As `Scanner.scan`."""
        deadline_s = time.monotonic() + self.timeout_s
        with self._blaming_clamd(), self._connected(deadline_s) as connection:
            # clamd closes in the middle of what is too long for it, after saying so.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                _send(stream, connection, deadline_s)
            return self._threat(_answer(connection, deadline_s))

    def _connected(self, deadline_s: float) -> socket.socket:
        host, colon, port = os.fspath(self.address).rpartition(":")
        if colon and "/" not in port:
            place = (host.strip("[]"), int(port))
            connection = socket.create_connection(place, _left_s(deadline_s))
            # Small packets go at once: otherwise the last one waits until the one before has come.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return connection
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.settimeout(_left_s(deadline_s))
            connection.connect(os.fspath(self.address))
        except BaseException:
            connection.close()
            raise
        return connection

    def _threat(self, answer: str) -> str:
        said = answer.removeprefix("stream: ")
        if said == "OK":
            return ""
        if said.endswith(" FOUND") and not said.startswith(_LIMITS):
            return said.removesuffix(" FOUND")
        hint = "raise StreamMaxLength in clamd.conf" if "size limit" in said else "see its log"
        raise ScanFailed(f"clamd at {self.address} did not scan: it said {said!r}; {hint}.")

    @contextlib.contextmanager
    def _blaming_clamd(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:  # a TimeoutError is one, too
            raise ScanFailed(
                f"clamd at {self.address} did not scan: {error}. Is it running, may this user "
                f"connect, and do {self.timeout_s:g} s suffice?"
            ) from error


def _send(stream: BinaryIO, connection: socket.socket, deadline_s: float) -> None:
    connection.sendall(b"zINSTREAM\0")
    while chunk := stream.read(_CHUNK_BYTES):
        connection.settimeout(_left_s(deadline_s))
        connection.sendall(struct.pack("!I", len(chunk)))
        connection.sendall(chunk)
    connection.sendall(struct.pack("!I", 0))


def _answer(connection: socket.socket, deadline_s: float) -> str:
    """What clamd says, up to the NUL; what it had said when it hung up."""
    said = b""
    while b"\0" not in said and len(said) < _LONGEST_ANSWER_BYTES:
        connection.settimeout(_left_s(deadline_s))
        more = connection.recv(_LONGEST_ANSWER_BYTES)
        if not more:
            break
        said += more
    return said.partition(b"\0")[0].decode(errors="replace").strip()


def _left_s(deadline_s: float) -> float:
    """Seconds until then. Raises TimeoutError where it has passed."""
    left_s = deadline_s - time.monotonic()
    if left_s <= 0:
        raise TimeoutError("it took too long")
    return left_s
