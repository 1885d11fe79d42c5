"""`<root>/.roots/claims`: links to the bytes of stored files, and what the ends of their names say.

`claims` and `marks` say what they are for.
"""

import contextlib
import os
import secrets
from collections.abc import Collection
from pathlib import Path

from roots.media import moving
from roots.media.intake import CLAIMS, claims_of
from roots.media.moving import Terms

COMMITTED, MARK, GIVEN_UP = "+", "-", "!"


def is_held(name: str, terms: Terms, own: Collection[str] = ()) -> bool:
    """Whether an open transaction claims the file, other than by one of the claims `own`."""
    return any(
        not path.endswith((MARK, GIVEN_UP)) and path.removesuffix(COMMITTED) not in own
        for path in on(terms.root / name, terms)
    )


def new(terms: Terms) -> str:
    """A path for another one."""
    return f"{terms.top}/{CLAIMS}/{secrets.token_hex(16)}"


def make_directory(terms: Terms) -> None:
    """Where they are to be, with the root's modes."""
    moving.make_folder(claims_of(terms.root), terms)


def count(target: Path | str) -> int:
    """How many links there are to the file, its name among them; 0 where there is no file."""
    try:
        return os.lstat(target).st_nlink
    except FileNotFoundError:
        return 0


def on(target: Path | str, terms: Terms) -> list[str]:
    """All claims and marks on `target`."""
    try:
        facts = os.lstat(target)
    except FileNotFoundError:
        return []
    if facts.st_nlink == 1:
        return []
    with contextlib.suppress(FileNotFoundError), os.scandir(claims_of(terms.root)) as entries:
        return [entry.path for entry in entries if entry.inode() == facts.st_ino]
    return []


def is_uncommitted(path: str) -> bool:
    """Whether it is a claim on a file that no transaction has committed yet."""
    return not path.endswith((COMMITTED, MARK, GIVEN_UP))


def inode(path: str | Path) -> tuple[int, int] | None:
    """What tells a file whatever its name; None where there is none."""
    try:
        facts = os.lstat(path)
    except FileNotFoundError:
        return None
    return facts.st_dev, facts.st_ino


def remove(path: str | Path) -> None:
    """Unlink it, if it is there."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
