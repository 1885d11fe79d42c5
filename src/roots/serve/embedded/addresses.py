"""Where a server may listen: refused early and in a sentence, before any worker starts."""

import os
import socket
import stat
from dataclasses import dataclass
from pathlib import Path

from roots.errors import ConfigError

_LONGEST_SOCKET_PATH = 107  # bytes, sun_path of Linux without its NUL


@dataclass(frozen=True, slots=True)
class Port:
    """A TCP port; `host` is an address or a name."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class UnixSocket:
    """A Unix domain socket with the permissions `mode`, None for what the umask leaves."""

    path: Path
    mode: int | None = None

    def __str__(self) -> str:
        return f"unix:{self.path}"


Address = Port | UnixSocket


def require_free(address: Port) -> str:
    """The IP address of its host. Raises ConfigError where nothing can listen there.

    A second server on the port must not go unnoticed.
    """
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
            probe.listen()
            return str(place[0])
    except OSError as error:
        raise ConfigError(
            f"Cannot listen on {address.host} port {address.port}: {error.strerror}. Choose "
            "another with --port or --host, or stop what listens there."
        ) from error


def require_room(address: UnixSocket) -> Path:
    """Its absolute path, where nothing is now: a socket that nobody listens on is removed.

    Raises ConfigError where somebody listens, where something else is, or nothing can be made.
    """
    path = address.path.absolute()
    if len(os.fsencode(path)) > _LONGEST_SOCKET_PATH:
        raise _unusable(path, f"it may have {_LONGEST_SOCKET_PATH} bytes at most. Shorten it")
    try:
        if not stat.S_ISSOCK(path.lstat().st_mode):
            raise _unusable(path, "something else is there. Move that, or choose another path")
        _require_nobody(path)
        path.unlink()
    except FileNotFoundError:
        pass
    except OSError as error:
        raise _unusable(path, f"{error.strerror}. Mend that, or choose another path") from error
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise _unusable(path, "its directory is missing or not writable. Make it, or its owner you")
    return path


def _require_nobody(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            return
    raise _unusable(path, "another server listens there. Stop it, or choose another path")


def _unusable(path: Path, problem: str) -> ConfigError:
    return ConfigError(f"Cannot listen on the socket {path}: {problem}.")
