"""What open transactions hold on stored files, kept by the file system itself.

An upload's row is not there before its transaction commits, so the tables cannot tell who needs a
file. Its claim can: a second link to the file's bytes, `<root>/.roots/claims/<random>`. While a
stored file's inode has a claim, nobody takes the file away.

A claim without a `+` says that no transaction has committed this file yet. The first that does adds
one to the claims of all others. So the last one to roll back knows, without any database, whether
the file is nobody's or may have a row by now.

Where the file system has no hard links, an upload of bytes that are stored already keeps its own
copy as its claim, and puts that in place if the file has gone when it commits.
"""

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from roots.media import moving, quarantine, trash
from roots.media.intake import Staged
from roots.media.lifecycle import links
from roots.media.moving import Terms

_ATTEMPTS = 20


class Claim(NamedTuple):
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


_KEPT = Kept(was_put_back=False, is_given_up=False)


def take(staged: Staged, name: str, terms: Terms) -> Claim | None:
    """Give the staged file the name `name`; None, with the staged file where it was, where the name
    is taken. Raises OSError."""
    if staged.is_claim:
        return _place(staged.path, name, terms)
    path = links.new(terms)
    _rename(staged.path, path, terms)  # claimed before it can be seen, and shared, by others
    claim = None
    try:
        claim = _place(path, name, terms)
    finally:
        if claim is None:
            os.rename(path, staged.path)
    return claim


def share(staged: Staged, name: str, terms: Terms) -> Claim | None:
    """Let the stored file `name`, whose bytes are the same, stand for the staged one; None, with
    nothing changed, where it is gone. Only inside `locking.exclusive`. Raises OSError."""
    target = terms.root / name
    if not target.is_file():
        return None
    others = links.on(target, terms)
    _unmark(others)
    is_committed = not any(links.is_uncommitted(other) for other in others)
    path = links.new(terms)
    present = path + links.COMMITTED if is_committed else path
    links.make_directory(terms)
    try:
        os.link(target, present)
        os.unlink(staged.path)
    except OSError:  # no hard links here, or too many, or to a file of another user
        os.rename(staged.path, present)
    return Claim(name, path, terms, is_new=False, is_contested=not is_committed)


def commit(claim: Claim) -> Kept:
    """Let go of the file, which has a row now. Only inside `locking.exclusive`. Raises OSError."""
    target = f"{claim.terms.top}/{claim.name}"
    own = 2 if claim.is_new and claim.inode is None else 1
    count = links.count(target)
    if not count:
        target = _moved(claim, target)
        count = links.count(target)
    was_put_back = not count and _put_back(claim, Path(target))
    is_given_up = False
    for other in links.on(target, claim.terms) if was_put_back or count > own else ():
        if other.endswith((links.MARK, links.GIVEN_UP)):
            is_given_up |= other.endswith(links.GIVEN_UP)
            links.remove(other)
        elif links.is_uncommitted(other) and other != claim.path:
            os.rename(other, other + links.COMMITTED)
    try:
        os.unlink(claim.path)
    except FileNotFoundError:
        links.remove(claim.path + links.COMMITTED)
    return Kept(was_put_back, is_given_up) if was_put_back or is_given_up else _KEPT


def roll_back(claim: Claim) -> bool:
    """Let go of the file, and remove it if it is nobody's; False where only the tables can tell.

    Only inside `locking.exclusive`. Raises OSError.
    """
    target = claim.terms.root / claim.name
    path = _present(claim)
    inode = claim.inode or (links.inode(path) if path else None)
    if path is not None:
        links.remove(path)
    if inode is not None and links.inode(target) != inode:
        target = Path(_moved(claim, str(target)))
    if inode is None or links.inode(target) != inode:
        trash.discard(claim.name, inode, claim.terms)
        return True
    if links.is_held(str(target), claim.terms):
        return True  # it is theirs, and the last of them decides
    if path is None or path.endswith(links.COMMITTED):
        return False
    links.remove(target)
    moving.prune(target, claim.terms.root, claim.terms.modes)
    return True


def _place(path: str, name: str, terms: Terms) -> Claim | None:
    target = f"{terms.top}/{name}"
    try:
        _link(path, target, terms)
    except FileExistsError:
        return None
    except FileNotFoundError:
        raise
    except OSError:  # another disk, or no hard links
        if not moving.move(Path(path), Path(target), terms):
            return None
        return Claim(name, path, terms, is_new=True, inode=links.inode(target))
    return Claim(name, path, terms, is_new=True)


def _link(path: str, target: str, terms: Terms) -> None:
    """Link, into a folder that is missing, or that others remove while it is made, empty as it
    is."""
    for _ in range(_ATTEMPTS):
        with contextlib.suppress(FileNotFoundError):
            os.link(path, target)
            return
        with contextlib.suppress(FileNotFoundError):
            moving.make_folder(Path(target).parent, terms)
    os.link(path, target)


def _rename(source: str, path: str, terms: Terms) -> None:
    try:
        os.rename(source, path)
    except FileNotFoundError:
        links.make_directory(terms)
        os.rename(source, path)


def _moved(claim: Claim, target: str) -> str:
    """Where the file is if it went to the quarantine or came from it since; else `target`."""
    twin = f"{claim.terms.root}/{quarantine.twin(claim.name)}"
    return twin if os.path.lexists(twin) else target


def _put_back(claim: Claim, target: Path) -> bool:
    path = _present(claim)
    return path is not None and moving.move(Path(path), target, claim.terms)


def _present(claim: Claim) -> str | None:
    """Where the claim is now, if nobody cleared it away."""
    for path in (claim.path, claim.path + links.COMMITTED):
        if os.path.lexists(path):
            return path
    return None


def _unmark(others: Iterable[str]) -> None:
    for other in others:
        if other.endswith(links.MARK):
            links.remove(other)
