"""Asking the tables about a file, and deciding when they have answered.

Whoever is about to ask the tables marks the file first, `<random>-`. An upload that shares the file
or commits it takes the mark away, and then what the tables said no longer counts. Where no row
names the file but an upload claims it, `<random>!` asks that one to ask again when it is done.
"""

import os
from collections.abc import Collection
from enum import Enum

from roots.media.lifecycle import links
from roots.media.moving import Terms


class Fate(Enum):
    """What is to become of a file: it may go; an upload holds it; the tables must be asked again,
    because an upload was committed, or shared the file, since."""

    FREE = "free"
    HELD = "held"
    UNKNOWN = "unknown"


def mark(name: str, terms: Terms) -> str | None:
    """Mark the file before the tables are asked about it; None where there is no such file, and an
    empty string where it cannot be marked. Only inside `locking.exclusive`."""
    path = links.new(terms) + links.MARK
    try:
        os.link(terms.root / name, path, follow_symlinks=False)
    except FileNotFoundError:
        links.make_directory(terms)
        return mark(name, terms) if os.path.lexists(terms.root / name) else None
    except OSError:
        return ""
    return path


def unmark(path: str) -> None:
    """Take a mark away."""
    if path:
        links.remove(path)


def fate(name: str, marked: str, terms: Terms, own: Collection[str] = ()) -> Fate:
    """What is to become of a file that the tables do not name, asked since it was `marked`.

    Claims that are `own` hold nothing back. Whoever else claims the file is asked to look after it.
    Takes the mark away. Only inside `locking.exclusive`. Raises OSError.
    """
    if marked and not os.path.lexists(marked):
        return Fate.UNKNOWN
    # The file's name and our mark: then nobody has to look through the marks of all others.
    has_others = links.count(f"{terms.top}/{name}") > (2 if marked else 1)
    if not has_others or not links.is_held(name, terms, own):
        unmark(marked)
        return Fate.FREE
    if marked:
        os.rename(marked, marked.removesuffix(links.MARK) + links.GIVEN_UP)
    return Fate.HELD
