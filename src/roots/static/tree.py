"""STATIC_ROOT as it was found: one walk over its names, and one look at each file asked for."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from roots import atomic


class Standing(NamedTuple):
    """A regular file as it stands. `ctime_ns` moves with every change to it, and nobody can set it
    back."""

    size: int
    ctime_ns: int
    inode: int


@dataclass(slots=True)
class Tree:
    """What is below `root`, by name relative to it; links are not followed.

    `others` are links and what else is neither file nor directory, `temporaries` what killed runs
    left behind. Names of regular files are not kept: of those there may be many.
    """

    root: Path
    directories: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)
    temporaries: list[str] = field(default_factory=list)
    _start: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._start = f"{self.root}/"  # thousands of names are put behind it

    def find(self, name: str) -> Standing | None:
        """The regular file called `name`, as it is now; None where there is none."""
        try:
            facts = os.lstat(self._start + name)
        except (FileNotFoundError, NotADirectoryError):
            return None
        is_regular = stat.S_ISREG(facts.st_mode)
        return Standing(facts.st_size, facts.st_ctime_ns, facts.st_ino) if is_regular else None

    def names(self, below: str = "") -> Iterator[str]:
        """Everything that is no directory, as it is now; `below` is "" or a directory."""
        start = f"{below}/" if below else ""
        for prefix, entry in _walk(self.root, start, set()):
            yield prefix + entry.name


def look(root: Path) -> Tree:
    """Walk over `root`; where it is missing, there is nothing in it."""
    tree = Tree(root)
    for prefix, entry in _walk(root, "", tree.directories):
        if entry.name.startswith(atomic.TEMPORARY_PREFIX):
            tree.temporaries.append(prefix + entry.name)
        elif not entry.is_file(follow_symlinks=False):
            tree.others.add(prefix + entry.name)
    return tree


def _walk(root: Path, start: str, directories: set[str]) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Everything below `root` that is no directory, behind the prefix of its name; `directories`
    learns of those."""
    pending = [start]
    while pending:
        prefix = pending.pop()
        for entry in _entries(f"{root}/{prefix}"):
            if entry.is_dir(follow_symlinks=False):
                directories.add(prefix + entry.name)
                pending.append(f"{prefix}{entry.name}/")
            else:
                yield prefix, entry


def _entries(directory: str) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(directory) as entries:
            yield from entries
    except (FileNotFoundError, NotADirectoryError):
        return
