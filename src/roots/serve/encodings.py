"""Accept-Encoding: which representations a client takes, best first (RFC 9110 section 12.5.3)."""

import re
from collections.abc import Sequence
from functools import lru_cache

from roots.serve.catalog import IDENTITY, Representation

CODINGS = ("br", "gzip", "zstd", IDENTITY)
"""Every coding a representation may have."""

_ITEM = re.compile(
    r"[ \t]*(?P<coding>[!#$%&'*+.^_`|~0-9A-Za-z-]+)"
    r"(?:[ \t]*;[ \t]*[qQ][ \t]*=[ \t]*(?P<q>0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?[ \t]*\Z"
)
_ALIASES = {"x-gzip": "gzip"}
_UNLISTED_IDENTITY = 0.0001
MAX_HEADER_CHARS = 4096


def negotiate(
    accepted: str | None, representations: Sequence[Representation]
) -> list[Representation]:
    """The `representations` the client takes, best first; empty where it takes none of them.

    `accepted` is the Accept-Encoding header, None where it was not sent: then only identity, since
    a client that says nothing may understand nothing. Equal weights: the order given, identity
    last.
    """
    ranks = dict(zip(CODINGS, rank(accepted), strict=True))
    wanted = [candidate for candidate in representations if ranks[candidate.encoding]]
    return sorted(
        wanted,
        key=lambda candidate: (-ranks[candidate.encoding], candidate.encoding == IDENTITY),
    )


@lru_cache(maxsize=1024)
def rank(accepted: str | None) -> tuple[int, ...]:
    """How much a client likes each of CODINGS, more for better; 0 for what it does not take.

    Headers are without number, but there are few ways to rank four codings.

    >>> rank("gzip;q=0.5, br"), rank("br;q=1.0,gzip;q=0.4"), rank(None)
    ((3, 2, 0, 1), (3, 2, 0, 1), (0, 0, 0, 1))
    """
    weights = _weights(accepted or "")
    other = weights.get("*")
    defaults = dict.fromkeys(CODINGS, other or 0.0)
    defaults[IDENTITY] = _UNLISTED_IDENTITY if other is None else other
    found = [weights.get(coding, defaults[coding]) for coding in CODINGS]
    ladder = sorted({0.0, *found})
    return tuple(map(ladder.index, found))


def _weights(header: str) -> dict[str, float]:
    """Coding to weight; an item that does not parse is as if it were not there.

    >>> _weights("gzip;q=0.5, BR, x-nonsense;q=2, *;q=0")
    {'gzip': 0.5, 'br': 1.0, '*': 0.0}
    """
    weights = {}
    for item in header[:MAX_HEADER_CHARS].split(","):
        if parsed := _ITEM.match(item):
            coding = parsed["coding"].lower()
            weights[_ALIASES.get(coding, coding)] = float(parsed["q"] or 1)
    return weights
