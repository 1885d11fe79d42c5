"""Where files wait that must not be read: infected ones, and ones that nobody has scanned yet.

`<root>/.roots/quarantine/<stored name>`. Below a dot-name nothing is ever served, by any adapter or
proxy, and the storage itself opens nothing there, so nobody has to ask whether a file may be read:
one that may not is somewhere else. Its rows keep its name, and its claims go where it goes.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from roots import atomic
from roots.media import moving
from roots.media.intake import HIDDEN
from roots.media.moving import Terms

_BELOW = f"{HIDDEN}/quarantine/"


def place(name: str) -> str:
    """Where the stored file `name` waits: a path below the root.

    >>> place("docs/a.3f2a91c0d4e7.txt")
    '.roots/quarantine/docs/a.3f2a91c0d4e7.txt'
    """
    return _BELOW + name


def name_of(path: str) -> str:
    """The name of the stored file at `path`, which is below the root and may be a `place`.

    >>> name_of(place("a.txt")), name_of("a.txt")
    ('a.txt', 'a.txt')
    """
    return path.removeprefix(_BELOW)


def twin(path: str) -> str:
    """The other path of the stored file that may be at `path`: its name or its `place`."""
    return name_of(path) if path.startswith(_BELOW) else place(path)


def holds(name: str, root: str | os.PathLike[str]) -> bool:
    """Whether a file of this name waits here."""
    return os.path.lexists(os.path.join(root, place(name)))


def is_used(root: Path) -> bool:
    """Whether anything ever waited here."""
    return (root / _BELOW).is_dir()


def standing(name: str, root: Path | str) -> str:
    """Where the stored file `name` is, as a path below `root`: its name or its place here. Its name
    where it is nowhere."""
    return place(name) if not os.path.lexists(f"{root}/{name}") and holds(name, root) else name


def path_of_scanned(staged: str, name: str, root: Path) -> str | None:
    """Where `accept` may put an upload in which nothing was found; None where the name is that of
    other bytes that wait."""
    waiting = root / place(name)
    is_free = not os.path.lexists(waiting) or moving.is_same(staged, waiting)
    return name if is_free else None


def path_of_unasked(staged: str, name: str, root: Path) -> str | None:
    """Where `accept` may put an upload that nobody has looked into: here, where equal bytes wait,
    or they would be readable under their name. None where that is the name of other bytes that
    wait."""
    waiting = place(name)
    if not os.path.lexists(f"{root}/{waiting}"):
        return name
    return waiting if moving.is_same(staged, root / waiting) else None


def path_of_unscanned(staged: str, name: str, root: Path) -> str | None:
    """Where `accept` may put an upload that has to wait: here, or where equal bytes are that need
    not. None where the name is that of other bytes."""
    if not os.path.lexists(root / name):
        return place(name)
    return name if moving.is_same(staged, root / name) else None


def put(name: str, terms: Terms) -> bool:
    """Move the stored file `name` here; False where there is none. Raises StorageError.

    Only inside `locking.exclusive`.
    """
    moved = _moved(name, place(name), terms)
    if moved:
        moving.prune(terms.root / name, terms.root, terms.modes)
    return moved


def clear(name: str, terms: Terms) -> bool:
    """Move the file back to where it is served from; False, with nothing changed, where nothing of
    that name waits or other bytes have the name by now. Raises StorageError.

    Only inside `locking.exclusive`.
    """
    return _moved(place(name), name, terms)


def names(root: Path, after: str = "") -> Iterator[str]:
    """The names of all files that wait, from behind `after` on, in ascending order."""
    top = root / _BELOW
    found = (Path(folder, each) for folder, _, files in os.walk(top) for each in files)
    yield from sorted(name for path in found if (name := path.relative_to(top).as_posix()) > after)


def _moved(source: str, target: str, terms: Terms) -> bool:
    one, other = terms.root / source, terms.root / target
    with atomic.blaming_environment(other):
        if not os.path.lexists(one):
            return False
        if moving.move(one, other, terms):
            return True
        if not moving.is_same(one, other):
            return False
        one.unlink()
        return True
