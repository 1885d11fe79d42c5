"""What an audit may find, and how it is told: from facts alone, without I/O."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of finding: what is wrong, and what to do about it."""

    what: str
    remedy: str


KINDS = {
    "missing": Kind(
        "a row or the ledger names it, but the file is gone",
        "`manage.py media restore NAME` where it is in the trash; else from a backup",
    ),
    "orphan": Kind("no row names the file", "`manage.py media sweep`"),
    "unrecorded": Kind("a row names the file, but the ledger does not", "`manage.py media adopt`"),
    "misrecorded": Kind(
        "the file is there and a row names it, but not where the ledger says",
        "`manage.py media rescan` where it is in quarantine; else `manage.py media adopt`",
    ),
    "stale": Kind(
        "the ledger says it is stored, but there is neither a file nor a row",
        "`manage.py media sweep`",
    ),
    "wrong-size": Kind("the file is longer or shorter than what was stored", "a backup"),
    "wrong-digest": Kind("the content is not what was stored", "a backup"),
    "unsafe-mode": Kind("everybody may write it, or not everybody may read it", "chmod"),
    "unreadable": Kind("this user may not look at it", "chown, chmod, or another user"),
    "not-a-file": Kind("a directory, pipe, socket or device", "find out who put it there"),
    "abandoned": Kind("an upload that a killed process left half-way", "`manage.py media sweep`"),
    "infected": Kind(
        "a scanner found something in it, and nobody can read it any more",
        "delete its row, or `manage.py media clear NAME` if you know better",
    ),
    "unscanned": Kind(
        "the scanner gave no answer about it", "see why, and `manage.py media rescan NAME`"
    ),
    "quarantined": Kind(
        "it waits in quarantine, where nobody can read it", "`manage.py media rescan`"
    ),
    "expired": Kind("it was in the trash for longer than it has to", "`manage.py media sweep`"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with one name; `facts` depend on the kind and are fit for JSON."""

    kind: str
    name: str
    facts: dict[str, Any] = field(default_factory=dict)
