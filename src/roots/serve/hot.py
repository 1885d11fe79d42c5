"""Replies that are asked for again and again, ready to send: bounded in bytes, the oldest go first.

Only what never changes is held: fingerprinted static files. Uploads are not, since a deleted one
must be gone at once.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Generic, NamedTuple, TypeVar

from roots.serve.encodings import rank
from roots.serve.messages import Reply, Request

Wire = TypeVar("Wire")

MAX_ENTRY_BYTES = 1 << 20
_OVERHEAD_BYTES = 2048  # of an entry besides its body: headers, key, objects
_UNDERSTOOD = frozenset({"accept-encoding", "if-none-match"})


class Ready(NamedTuple, Generic[Wire]):
    """A whole file and its 304, as the adapter sends them; `etag` decides between the two."""

    whole: Wire
    not_modified: Wire
    etag: str
    size_bytes: int


class HotReplies(Generic[Wire]):
    """Ready replies by path and acceptable codings, `max_bytes` of them at most.

    `prepare` turns a reply into what the adapter sends. Safe for threads.
    """

    def __init__(self, max_bytes: int, prepare: Callable[[Reply], Wire]) -> None:
        self.max_bytes, self.prepare = max_bytes, prepare
        self._held: OrderedDict[Hashable, Ready[Wire]] = OrderedDict()
        self._held_bytes = 0
        self._lock = threading.Lock()

    def has_room_for(self, size_bytes: int) -> bool:
        """Whether a body of `size_bytes` may be held."""
        return size_bytes <= min(MAX_ENTRY_BYTES, self.max_bytes - _OVERHEAD_BYTES)

    def find(self, method: str, path: str, headers: Mapping[str, str]) -> Wire | None:
        """The ready reply to a plain GET, or to one whose If-None-Match is just our ETag.

        None for everything that has to be thought about. `headers` as in Request.
        """
        if method != "GET" or not headers.keys() <= _UNDERSTOOD:
            return None
        key = path, rank(headers.get("accept-encoding"))
        ready = self._held.get(key)
        if ready is None:
            return None
        try:  # noqa: SIM105 - the hottest place there is, and `suppress` costs more than the rest
            self._held.move_to_end(key)
        except KeyError:  # another thread needed the room just now
            pass
        known = headers.get("if-none-match")
        if known is None:
            return ready.whole
        return ready.not_modified if known == ready.etag else None

    def hold(self, request: Request, whole: Reply, not_modified: Reply) -> None:
        """Keep `whole`, the reply with its body to a GET for what never changes, and its 304.

        The caller asked `has_room_for` it.
        """
        size_bytes = len(whole.body) + _OVERHEAD_BYTES
        etag = dict(whole.headers)["ETag"]
        ready = Ready(self.prepare(whole), self.prepare(not_modified), etag, size_bytes)
        # Ranks, not the header: a client that varies its wording does not fill the memory.
        key = request.path, rank(request.headers.get("accept-encoding"))
        with self._lock:
            if key in self._held:
                return
            self._held[key] = ready
            self._held_bytes += size_bytes
            while self._held_bytes > self.max_bytes:
                _, oldest = self._held.popitem(last=False)
                self._held_bytes -= oldest.size_bytes
