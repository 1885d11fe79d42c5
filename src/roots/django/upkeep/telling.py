"""Findings as lines that people read."""

from collections.abc import Callable
from typing import Any

from roots.media.upkeep.findings import Finding
from roots.static.summary import readable


def told(finding: Finding) -> str:
    """One line: the kind, the name, and in parentheses what else is known.

    >>> told(Finding("orphan", "photos/a.jpg", {"bytes": 12345, "is_recorded": False}))
    'orphan        photos/a.jpg  (12.3 kB)'
    """
    details = [text for key, value in finding.facts.items() if (text := _detail(key, value))]
    more = f"  ({', '.join(details)})" if details else ""
    return f"{finding.kind:<13} {printable(finding.name)}{more}"


def printable(name: str) -> str:
    r"""`name` on one line, whatever is in it.

    >>> printable("größe.jpg"), printable("a\nb"), printable("a\udcff")
    ('größe.jpg', 'a\\nb', 'a\\udcff')
    """
    return name if name.isprintable() else ascii(name)[1:-1]


def _detail(key: str, value: Any) -> str:
    return _DETAILS[key](value) if key in _DETAILS else ""


def _rows(rows: list[dict[str, Any]]) -> str:
    return "named by " + ", ".join(f"{row['field']} {row['pk']}" for row in rows)


_DETAILS: dict[str, Callable[[Any], str]] = {
    "bytes": readable,
    "recorded_bytes": lambda size: f"recorded {readable(size)}",
    "changed": lambda when: f"since {when}",
    "threat": str,
    "why": str,
    "state": lambda state: f"recorded as {state}",
    "mode": str,
    "digest": lambda digest: f"is {digest[:12]}",
    "recorded_digest": lambda digest: f"was {digest[:12]}",
    "named_by": _rows,
    "is_in_trash": lambda is_there: "in the trash" if is_there else "",
}
