"""Where stored files go that no row names any more: restorable, never served, purged in time.

`<root>/.roots/trash/<day>/<stored name>`; the day is when a file went there, in UTC. It is part of
the path because nothing else survives a backup and its restoration. Where a day has a file of that
name already, the next one goes to `<day>.1`, `<day>.2`, and so on.
"""

import contextlib
import itertools
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from roots import atomic
from roots.media import moving
from roots.media.intake import HIDDEN
from roots.media.moving import Terms

_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.(\d+))?")


@dataclass(frozen=True, slots=True)
class Trashed:
    """A file in the trash: the name it had, the day it went there, its path, its size in bytes."""

    name: str
    day: date
    path: Path
    size: int


def put(name: str, terms: Terms, today: date | None = None) -> Path | None:
    """Move the stored file `name` to the trash; its new path, or None where there is no such file.

    Only inside `locking.exclusive`. What the trash has already, byte for byte, it does not get
    twice. Raises StorageError, with the file where it was.
    """
    source = terms.root / name
    day = (today or datetime.now(UTC).date()).isoformat()
    with atomic.blaming_environment(source):
        if not os.path.lexists(source):
            return None
        for number in itertools.count():
            target = _trash(terms.root) / (f"{day}.{number}" if number else day) / name
            if moving.move(source, target, terms):
                return target
            if moving.is_same(source, target):
                source.unlink()
                return target
    raise AssertionError("numbers do not end")


def take_back(name: str, terms: Terms) -> bool:
    """Move what was trashed last under `name` back; whether there is a file of that name now.

    Never overwrites: what stands at `name` stays, and then the trash keeps its own. Only inside
    `locking.exclusive`. Raises StorageError.
    """
    target = terms.root / name
    with atomic.blaming_environment(target):
        if os.path.lexists(target):
            return True
        for folder in reversed(_days(terms.root)):
            with contextlib.suppress(FileNotFoundError):
                if os.path.lexists(folder / name) and moving.move(folder / name, target, terms):
                    moving.prune(folder / name, _trash(terms.root))
                    return True
    return os.path.lexists(target)


def find(root: Path, name: str) -> Trashed | None:
    """What was trashed last under `name`; None where nothing was."""
    for folder in reversed(_days(root)):
        with contextlib.suppress(OSError, ValueError):
            path = folder / name
            return Trashed(name, _date(folder), path, path.lstat().st_size)
    return None


def discard(name: str, inode: tuple[int, int] | None, terms: Terms) -> None:
    """Delete what was trashed last under `name`, if it is the file of this inode: a test threw it
    away that had stored it, and then rolled both back. Raises OSError."""
    found = find(terms.root, name)
    if found and inode == (found.path.lstat().st_dev, found.path.lstat().st_ino):
        found.path.unlink()
        moving.prune(found.path, _trash(terms.root))


def entries(root: Path) -> Iterator[Trashed]:
    """Everything in the trash of `root`, oldest day first; what vanishes meanwhile is left out."""
    for folder in _days(root):
        for path in sorted(_files(folder)):
            with contextlib.suppress(FileNotFoundError):
                name = path.relative_to(folder).as_posix()
                yield Trashed(name, _date(folder), path, path.lstat().st_size)


def expired(root: Path, days: int, today: date | None = None) -> Iterator[Trashed]:
    """What has been in the trash for more than `days` days (0: everything)."""
    now = today or datetime.now(UTC).date()
    for entry in entries(root):
        if days == 0 or (now - entry.day).days > days:
            yield entry


def purge(root: Path, days: int, today: date | None = None) -> Iterator[Trashed]:
    """Delete what is `expired`, one by one.

    Yields what was deleted. A file that somebody takes back meanwhile is theirs. Raises OSError.
    """
    for entry in expired(root, days, today):
        with contextlib.suppress(FileNotFoundError):
            entry.path.unlink()
            moving.prune(entry.path, _trash(root))
            yield entry


def _trash(root: Path) -> Path:
    return root / HIDDEN / "trash"


def _days(root: Path) -> list[Path]:
    """The trash's folders, oldest first; what is no day of ours is not looked at."""
    try:
        names = os.listdir(_trash(root))
    except (FileNotFoundError, NotADirectoryError):
        return []
    found = sorted(
        (each[1], int(each[2] or 0), each[0]) for each in map(_DAY.fullmatch, names) if each
    )
    return [_trash(root) / name for _day, _number, name in found]


def _date(folder: Path) -> date:
    return date.fromisoformat(folder.name[:10])


def _files(folder: Path) -> Iterator[Path]:
    for parent, _, names in os.walk(folder):
        yield from (Path(parent, name) for name in names)
