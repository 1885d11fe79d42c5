"""A root as it is on the disk, in the order of its names."""

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from roots.media import quarantine
from roots.media.intake import HIDDEN
from roots.media.upkeep.spool import in_order

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_GONE = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG}


class Seen(NamedTuple):
    """What `stat` says of a file, or of a directory, whose name ends with a slash.

    `mode` is 0 where it may not be looked at. Times are in seconds; `changed_s` is the later one of
    its last write and its last renaming.
    """

    name: str
    size: int
    mode: int
    changed_s: float
    is_quarantined: bool = False


def walk(root: Path, after: str = "") -> Iterator[Seen]:
    """Every file and directory below `root` whose name comes after `after`, in ascending order.

    What this package keeps for itself in `.roots` is left out. Symbolic links are followed, except
    back up to where they are. Memory stays flat however many files a directory has. What vanishes
    meanwhile is not told; a root that is not there is empty.
    """
    try:
        descriptor = os.open(root, _DIRECTORY)
    except FileNotFoundError:
        return
    yield from _Walk(after).directory(descriptor, "", ())


def isolated(root: Path, after: str = "") -> Iterator[Seen]:
    """The same, of files that wait in quarantine, by the names they have outside of it."""
    for seen in walk(root / quarantine.place(""), after):
        if not seen.name.endswith("/"):
            yield seen._replace(is_quarantined=True)


def folds_case(root: Path) -> bool:
    """Whether this file system takes `A.jpg` for `a.jpg`, seen at `.roots`, which must be there."""
    upper = root / HIDDEN.upper()
    return upper.exists() and upper.samefile(root / HIDDEN)


class _Walk:
    def __init__(self, after: str) -> None:
        self.after = after

    def directory(
        self, descriptor: int, prefix: str, above: tuple[tuple[int, int], ...]
    ) -> Iterator[Seen]:
        try:
            facts = os.fstat(descriptor)
            here = (facts.st_dev, facts.st_ino)
            if here in above:  # a link that leads in a circle
                return
            for entry in in_order(self._entries(descriptor, prefix)):
                if entry.endswith("/"):
                    yield from self._below(descriptor, prefix, entry, (*above, here))
                elif seen := _look(descriptor, prefix, entry):
                    yield seen
        finally:
            os.close(descriptor)

    def _entries(self, descriptor: int, prefix: str) -> Iterator[str]:
        """The names still to come. A directory's ends with a slash: that is how it sorts among its
        siblings, `a-b` before all of `a/` and that before `a.b`."""
        with os.scandir(descriptor) as entries:
            for entry in entries:
                name = f"{entry.name}/" if entry.is_dir() else entry.name
                is_ours = not prefix and name == f"{HIDDEN}/"
                if not is_ours and not self._is_done(prefix + name):
                    yield name

    def _is_done(self, name: str) -> bool:
        is_half_done = name.endswith("/") and self.after.startswith(name)
        return name <= self.after and not is_half_done

    def _below(
        self, parent: int, prefix: str, entry: str, above: tuple[tuple[int, int], ...]
    ) -> Iterator[Seen]:
        if prefix + entry > self.after and (seen := _look(parent, prefix, entry)):
            yield seen
        try:
            descriptor = os.open(entry, _DIRECTORY, dir_fd=parent)
        except FileNotFoundError:
            return
        except OSError:
            yield Seen(prefix + entry, 0, 0, 0.0)
            return
        yield from self.directory(descriptor, prefix + entry, above)


def look(root: Path, name: str) -> Seen | None:
    """One name, as `walk` would tell it; None where nothing has it."""
    try:
        facts = (root / name).stat()
    except ValueError:  # NUL, or what is no Unicode
        return None
    except OSError as error:
        return None if error.errno in _GONE else Seen(name, 0, 0, 0.0)
    return _seen(name, facts)


def look_for(root: Path, name: str) -> Seen | None:
    """One name, as `walk` or else `isolated` would tell it."""
    if seen := look(root, name):
        return seen
    waiting = look(root, quarantine.place(name))
    return waiting and waiting._replace(name=name, is_quarantined=True)


def _look(descriptor: int, prefix: str, entry: str) -> Seen | None:
    """A link that leads nowhere is there; a file that vanished is not."""
    name = prefix + entry
    with contextlib.suppress(FileNotFoundError):
        try:
            return _seen(name, os.stat(entry, dir_fd=descriptor))
        except FileNotFoundError:
            return _seen(name, os.stat(entry, dir_fd=descriptor, follow_symlinks=False))
        except OSError:
            return Seen(name, 0, 0, 0.0)
    return None


def _seen(name: str, facts: os.stat_result) -> Seen:
    return Seen(name, facts.st_size, facts.st_mode, max(facts.st_mtime, facts.st_ctime))
