"""A real clamd for tests: Debian's package, a throw-away folder, and one signature of our own."""

import contextlib
import io
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from roots.media.scanning import ClamAV

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The harmless file that every scanner takes for malware; in halves, so that none finds it here."""

FOUND = "Roots.Test.UNOFFICIAL"
"""What this clamd calls it."""

LONGEST_BYTES = 1 << 20
"""The longest file that it takes."""

TIMEOUT_S = 60
_UNTIL_THE_PIPE_ENDS = 'clamd -c "$0/clamd.conf" & cat; kill -9 $!; rm -rf "$0"'
_SETTINGS = """
Foreground yes
DatabaseDirectory {folder}/signatures
LocalSocket {folder}/socket
StreamMaxLength {longest}
MaxFileSize 512K
AlertExceedsMax yes
"""


@dataclass(frozen=True)
class Clamd:
    """A running clamd and the folder that it keeps everything in."""

    folder: Path

    @property
    def address(self) -> Path:
        """Its Unix socket."""
        return self.folder / "socket"

    def learn(self, signature: bytes) -> None:
        """Take whatever has these bytes in it for malware, too, from now on."""
        with open(self.folder / "signatures/own.ndb", "a") as signatures:
            signatures.write(f"Roots.Test:0:*:{signature.hex()}\n")
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(TIMEOUT_S)
            connection.connect(str(self.address))
            connection.sendall(b"zRELOAD\0")
            assert connection.recv(100).startswith(b"RELOADING")
        deadline_s = time.monotonic() + TIMEOUT_S
        while ClamAV(self.address).scan(io.BytesIO(signature)) != FOUND:
            assert time.monotonic() < deadline_s, "clamd does not learn"
            time.sleep(0.02)


@pytest.fixture(scope="session")
def clamd() -> "Iterator[Clamd]":
    """A clamd of this process's own; skips where there is none to start."""
    if reason := missing():
        pytest.skip(reason)
    with running() as started:
        yield started


def missing() -> str | None:
    """Why there is no clamd here, as a sentence; None where there is one."""
    return None if shutil.which("clamd") else "needs clamd: apt-get install clamav-daemon"


@contextlib.contextmanager
def running() -> Iterator[Clamd]:
    """A clamd that knows EICAR and nothing else; gone with its folder when this process is, killed
    or not, because then nobody has the other end of its pipe any more."""
    folder = Path(tempfile.mkdtemp(prefix="roots-clamd-"))
    (folder / "signatures").mkdir()
    (folder / "signatures/own.ndb").write_text(f"Roots.Test:0:*:{EICAR.hex()}\n")
    settings = _SETTINGS.format(folder=folder, longest=LONGEST_BYTES)
    (folder / "clamd.conf").write_text(settings)
    command = ["/bin/sh", "-c", _UNTIL_THE_PIPE_ENDS, folder]
    with open(folder / "log", "wb") as log:
        shell = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True
        )
    assert shell.stdin
    try:
        _wait_for(Clamd(folder))
        yield Clamd(folder)
    finally:
        shell.stdin.close()
        shell.wait(TIMEOUT_S)


def _wait_for(clamd: Clamd) -> None:
    deadline_s = time.monotonic() + TIMEOUT_S
    while not clamd.address.exists():
        assert time.monotonic() < deadline_s, (clamd.folder / "log").read_text()
        time.sleep(0.02)
