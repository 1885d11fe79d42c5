"""The processes that serve: Granian's, on listening sockets that outlive each of them.

With Granian alone, what is queued at a worker's socket is reset when that worker is replaced
(granian#921), and workers are replaced whether or not the new code starts. So these steps are ours;
what they touch is not public, hence the narrow version in pyproject.toml.
"""

import multiprocessing
import os
import socket
import sys
from time import monotonic
from typing import Any, NamedTuple

from granian.constants import SSLProtocols
from granian.log import logger
from granian.net import SocketSpec, UnixSocketSpec  # type: ignore[attr-defined]
from granian.server.mp import MPServer, WorkerProcess

from roots.errors import ConfigError
from roots.serve.embedded.tls import TLS, require_usable

REHEARSAL_TIMEOUT_S = 120
LEAST_OVERLAP_S = 1.0
"""In which the worker that goes and the one that comes both serve."""


class Listener(NamedTuple):
    """A listening socket, as Granian holds it and as Python does; both have one descriptor."""

    holder: Any
    socket: socket.socket


class Workers(MPServer):
    """Starts, replaces and stops workers; SIGHUP replaces them by ones with today's code and
    today's certificate."""

    def __init__(self, *arguments: Any, tls: TLS | None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._tls = tls
        self._read_tls()

    def serve(self, *arguments: Any, **options: Any) -> None:
        """Serve until SIGINT or SIGTERM."""
        # A fork would keep the code that this process has read; a new interpreter reads it again.
        multiprocessing.set_start_method("spawn", force=True)
        super().serve(*arguments, **options)

    def _init_shared_socket(self) -> None:
        # One each: waiting on one together, the first to wake takes all connections there are.
        is_shared = self.bind_uds is not None or sys.platform != "linux"
        count = 1 if is_shared else self.workers
        self._listeners = [self._listener() for _ in range(count)]

    def _listener(self) -> "Listener":
        spec = (
            UnixSocketSpec(str(self.bind_uds), self.backlog, self.uds_permissions)
            if self.bind_uds
            else SocketSpec(self.bind_addr, self.bind_port, self.backlog)
        )
        holder = spec.build()
        listening = socket.socket(fileno=holder.get_fd())
        listening.set_inheritable(True)
        listening.listen(self.backlog)  # here, so that who comes before a worker is there waits
        return Listener(holder, listening)

    def _spawn_worker(self, idx: int, *arguments: Any, **options: Any) -> WorkerProcess:
        listener = self._listeners[idx % len(self._listeners)]
        self._ssp, self._shd, self._sso = None, listener.holder, listener.socket
        return super()._spawn_worker(idx, *arguments, **options)

    def _drop_shared_socket(self) -> None:
        for listener in self._listeners:
            listener.socket.close()

    def _reload(self, spawn_target: Any, target_loader: Any) -> None:
        began = monotonic()
        problem = self.problem(target_loader)
        if problem is None:
            # The old worker serves until the new one is up, which takes as long as the rehearsal.
            self.respawn_interval = max(LEAST_OVERLAP_S, 2 * (monotonic() - began))
            super()._reload(spawn_target, target_loader)  # type: ignore[no-untyped-call]
            return
        self.reload_signal = False
        self.main_loop_interrupt.clear()
        logger.error("%s Everything is kept as it was.", problem)

    def problem(self, load: Any) -> str | None:
        """Why workers cannot be replaced, in a sentence; None where they can."""
        try:
            self._read_tls()
        except ConfigError as error:
            return str(error)
        return None if _starts(load) else "The new code does not start (see above)."

    def _read_tls(self) -> None:
        """Again at each reload: a renewed certificate often lies behind a link to a new file."""
        if self._tls is None:
            return
        require_usable(self._tls)
        pair = self._tls.certificate, self._tls.key
        self.build_ssl_context(*pair, None, SSLProtocols.tls12, None, [], False)


def _starts(load: Any) -> bool:
    """Whether the project can be loaded as its files are now, tried in a process of its own."""
    rehearsal = multiprocessing.Process(target=load, daemon=True)
    rehearsal.start()
    rehearsal.join(REHEARSAL_TIMEOUT_S)
    if rehearsal.is_alive():
        rehearsal.kill()
        rehearsal.join()
    return rehearsal.exitcode == os.EX_OK
