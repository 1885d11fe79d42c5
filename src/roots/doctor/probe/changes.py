"""What happens to our own layer's reply between it and a visitor."""

import re
from collections.abc import Iterator

from roots.doctor.finding import Finding, Severity
from roots.doctor.probe.exchange import Exchange
from roots.doctor.probe.mistakes import finding
from roots.doctor.probe.wanted import Wanted

_OF_THE_WAY = frozenset({
    "accept-ranges", "age", "alt-svc", "cf-cache-status", "cf-ray", "connection",
    "content-encoding", "content-length", "date", "keep-alive", "last-modified", "nel", "report-to",
    "server", "transfer-encoding", "vary", "via", "x-cache", "x-cache-hits", "x-served-by",
    "x-timer",
})  # fmt: skip
"""Headers that say how a file came, not what it is."""
_GRAVE = frozenset({"cache-control", "content-security-policy", "content-disposition"})


def changes(wanted: Wanted, reply: Exchange) -> Iterator[Finding]:
    """What was added to, dropped from or changed in our own layer's reply on its way."""
    ours = {name.lower(): value for name, value in wanted.ours if name.lower() not in _OF_THE_WAY}
    if not ours:
        return
    theirs = {name: value for name, value in reply.headers.items() if name not in _OF_THE_WAY}
    told = [f"    - {name}: {ours[name]}" for name in ours if name not in theirs]
    told += [f"    + {name}: {theirs[name]}" for name in theirs if name not in ours]
    for name in ours.keys() & theirs.keys():
        if _plain(ours[name]) != _plain(theirs[name]):
            told.append(f"    - {name}: {ours[name]}\n    + {name}: {theirs[name]}")
    grave = [n for n in _GRAVE & ours.keys() if _plain(theirs.get(n, "")) != _plain(ours[n])]
    is_grave = bool(grave) or "set-cookie" in theirs
    if told:
        yield finding(
            "probe-headers-changed",
            f"{reply.url}: what our layer says (-), and what arrived (+):\n" + "\n".join(told),
            "Take out what the proxy sets or hides for this path, or have it serve both roots with "
            "what `manage.py proxyconf` prints.",
            reply.url,
            None if is_grave else Severity.INFO,
        )


def _plain(value: str) -> str:
    """A header's value without what may differ: spaces, and the mark of a weak tag."""
    return re.sub(r"\s+|^W/", "", value).lower()
