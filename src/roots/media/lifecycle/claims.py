"""What open transactions hold on stored files, kept by the file system itself.

An upload's row is not there before its transaction commits, so the tables cannot tell who needs a
file. Its claim can: a second link to the file's bytes, `<root>/.roots/claims/<random>`. While a
stored file's inode has a claim, nobody takes the file away.

A claim without a `+` says that no transaction has committed this file yet. The first that does adds
one to the claims of all others. So the last one to roll back knows, without any database, whether
the file is nobody's or may have a row by now.

Whoever is about to ask the tables marks the file first, `<random>-`. An upload that shares the file
or commits it takes the mark away, and then what the tables said no longer counts. Where no row
names the file but an upload claims it, `<random>!` asks that one to ask again when it is done.

Where the file system has no hard links, an upload of bytes that are stored already keeps its own
copy as its claim, and puts that in place if the file has gone when it commits.
"""

import contextlib
import os
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import NamedTuple

from roots.media import moving, trash
from roots.media.intake import CLAIMS, HIDDEN
from roots.media.moving import Terms

_COMMITTED, _MARK, _GIVEN_UP = "+", "-", "!"


@dataclass(frozen=True, slots=True)
class Claim:
    """The hold of one upload on the stored file `name`: a link at `path`, or at `path` and a `+`.

    `is_new` says that this upload brought the file, `is_contested` that another one did whose
    transaction is still open. `inode` tells the file where there is no link to it at `path`.
    """

    name: str
    path: str
    terms: Terms
    is_new: bool
    is_contested: bool = False
    inode: tuple[int, int] | None = None


class Kept(NamedTuple):
    """What came out when a claim was committed: the file had vanished and was put back; somebody
    found no row that names it, and left it to this claim to ask again."""

    was_put_back: bool
    is_given_up: bool


class Fate(Enum):
    """What is to become of a file: it may go; an upload holds it; the tables must be asked again,
    because an upload was committed, or shared the file, since."""

    FREE = "free"
    HELD = "held"
    UNKNOWN = "unknown"


@cache
def directory(root: Path) -> Path:
    """Where the claims of `root` are."""
    return root / HIDDEN / CLAIMS


def take(staged: Path, name: str, terms: Terms) -> Claim | None:
    """Give the staged file the name `name`; None, with the staged file where it was, where the name
    is taken. Raises OSError."""
    path = _new(terms)
    _rename(staged, path, terms)  # claimed before it can be seen, and shared, by others
    try:
        claim = _place(path, name, terms)
    except BaseException:
        os.rename(path, staged)
        raise
    if claim is None:
        os.rename(path, staged)
    return claim


def share(staged: Path, name: str, terms: Terms) -> Claim | None:
    """Let the stored file `name`, whose bytes are the same, stand for the staged one; None, with
    nothing changed, where it is gone. Only inside `locking.exclusive`. Raises OSError."""
    target = terms.root / name
    if not target.is_file():
        return None
    others = _claims_on(target, terms)
    _unmark(others)
    is_committed = not any(_is_uncommitted(other) for other in others)
    path = _new(terms)
    present = path + _COMMITTED if is_committed else path
    _make_directory(terms)
    try:
        os.link(target, present)
        staged.unlink()
    except OSError:  # no hard links here, or too many, or to a file of another user
        os.rename(staged, present)
    return Claim(name, path, terms, is_new=False, is_contested=not is_committed)


def commit(claim: Claim) -> Kept:
    """Let go of the file, which has a row now. Only inside `locking.exclusive`. Raises OSError."""
    target = f"{claim.terms.root}/{claim.name}"
    was_put_back = not os.path.lexists(target) and _put_back(claim, Path(target))
    own_links = 2 if claim.is_new and claim.inode is None else 1
    is_given_up = False
    for other in _claims_on(target, claim.terms, more_than=own_links):
        if other.endswith((_MARK, _GIVEN_UP)):
            is_given_up |= other.endswith(_GIVEN_UP)
            _unlink(other)
        elif _is_uncommitted(other) and other != claim.path:
            os.rename(other, other + _COMMITTED)
    try:
        os.unlink(claim.path)
    except FileNotFoundError:
        _unlink(claim.path + _COMMITTED)
    return Kept(was_put_back, is_given_up)


def roll_back(claim: Claim) -> bool:
    """Let go of the file, and remove it if it is nobody's; False where only the tables can tell.

    Only inside `locking.exclusive`. Raises OSError.
    """
    target = claim.terms.root / claim.name
    path = _present(claim)
    inode = claim.inode or (_inode(path) if path else None)
    if path is not None:
        _unlink(path)
    if inode is None or _inode(target) != inode:
        trash.discard(claim.name, inode, claim.terms)
        return True
    if is_held(claim.name, claim.terms):
        return True  # it is theirs, and the last of them decides
    if path is None or path.endswith(_COMMITTED):
        return False
    _unlink(target)
    moving.prune(target, claim.terms.root, claim.terms.modes)
    return True


def mark(name: str, terms: Terms) -> str | None:
    """Mark the file before the tables are asked about it; None where there is no such file, and an
    empty string where it cannot be marked. Only inside `locking.exclusive`."""
    path = _new(terms) + _MARK
    try:
        os.link(terms.root / name, path, follow_symlinks=False)
    except FileNotFoundError:
        _make_directory(terms)
        return mark(name, terms) if os.path.lexists(terms.root / name) else None
    except OSError:
        return ""
    return path


def unmark(path: str) -> None:
    """Take a mark away."""
    if path:
        _unlink(path)


def fate(name: str, marked: str, terms: Terms, own: Collection[str] = ()) -> Fate:
    """What is to become of a file that the tables do not name, asked since it was `marked`.

    Claims that are `own` hold nothing back. Whoever else claims the file is asked to look after it.
    Takes the mark away. Only inside `locking.exclusive`. Raises OSError.
    """
    if marked and not os.path.lexists(marked):
        return Fate.UNKNOWN
    if not is_held(name, terms, own):
        unmark(marked)
        return Fate.FREE
    if marked:
        os.rename(marked, marked.removesuffix(_MARK) + _GIVEN_UP)
    return Fate.HELD


def is_held(name: str, terms: Terms, own: Collection[str] = ()) -> bool:
    """Whether an open transaction claims the file, other than by one of the claims `own`."""
    return any(
        not path.endswith((_MARK, _GIVEN_UP)) and path.removesuffix(_COMMITTED) not in own
        for path in _claims_on(terms.root / name, terms)
    )


def _new(terms: Terms) -> str:
    return f"{directory(terms.root)}/{secrets.token_hex(16)}"


def _place(path: str, name: str, terms: Terms) -> Claim | None:
    target = f"{terms.root}/{name}"
    try:
        try:
            os.link(path, target)
        except FileNotFoundError:  # the folder is missing, or was removed just now, empty as it was
            moving.make_folder(Path(target).parent, terms)
            os.link(path, target)
    except FileExistsError:
        return None
    except FileNotFoundError:
        raise
    except OSError:  # another disk, or no hard links
        if not moving.move(Path(path), Path(target), terms):
            return None
        return Claim(name, path, terms, is_new=True, inode=_inode(target))
    return Claim(name, path, terms, is_new=True)


def _rename(source: Path, path: str, terms: Terms) -> None:
    try:
        os.rename(source, path)
    except FileNotFoundError:
        _make_directory(terms)
        os.rename(source, path)


def _make_directory(terms: Terms) -> None:
    moving.make_folder(directory(terms.root), terms)


def _put_back(claim: Claim, target: Path) -> bool:
    path = _present(claim)
    return path is not None and moving.move(Path(path), target, claim.terms)


def _present(claim: Claim) -> str | None:
    """Where the claim is now, if nobody cleared it away."""
    for path in (claim.path, claim.path + _COMMITTED):
        if os.path.lexists(path):
            return path
    return None


def _claims_on(target: Path | str, terms: Terms, more_than: int = 1) -> list[str]:
    """All claims and marks on `target`, if it has more links than these."""
    try:
        facts = os.lstat(target)
    except FileNotFoundError:
        return []
    if facts.st_nlink <= more_than:
        return []
    with contextlib.suppress(FileNotFoundError), os.scandir(directory(terms.root)) as entries:
        return [entry.path for entry in entries if entry.inode() == facts.st_ino]
    return []


def _unmark(others: Iterable[str]) -> None:
    for other in others:
        if other.endswith(_MARK):
            _unlink(other)


def _is_uncommitted(path: str) -> bool:
    return not path.endswith((_COMMITTED, _MARK, _GIVEN_UP))


def _inode(path: str | Path) -> tuple[int, int] | None:
    try:
        facts = os.lstat(path)
    except FileNotFoundError:
        return None
    return facts.st_dev, facts.st_ino


def _unlink(path: str | Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
