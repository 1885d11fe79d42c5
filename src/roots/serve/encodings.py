"""Accept-Encoding: which representations a client takes, best first (RFC 9110 section 12.5.3)."""

import re
from collections.abc import Sequence

from roots.serve.catalog import IDENTITY, Representation

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
    weights = _weights(accepted or "")
    any_other = weights.get("*", 0.0)
    default = {IDENTITY: weights.get("*", _UNLISTED_IDENTITY)}

    def weight(representation: Representation) -> float:
        coding = representation.encoding
        return weights.get(coding, default.get(coding, any_other))

    wanted = [candidate for candidate in representations if weight(candidate) > 0]
    return sorted(
        wanted, key=lambda candidate: (-weight(candidate), candidate.encoding == IDENTITY)
    )


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
