"""STATIC_ROOT as one look over it finds it: every file with its facts, in one walk."""

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

    `files` are regular ones, `others` links and what else is no directory, `temporaries` what
    killed runs left behind.
    """

    root: Path
    files: dict[str, Standing] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)
    temporaries: list[str] = field(default_factory=list)

    def find(self, name: str) -> Standing | None:
        """The regular file called `name`; None where there is none.

        What the walk did not meet may still be there, below a link to a directory.
        """
        found = self.files.get(name)
        if found is not None or name in self.others:
            return found
        try:
            facts = os.lstat(f"{self.root}/{name}")
        except (FileNotFoundError, NotADirectoryError):
            return None
        return _standing(facts) if stat.S_ISREG(facts.st_mode) else None

    def names(self) -> list[str]:
        """Everything that is no directory."""
        return [*self.files, *self.others]


def look(root: Path) -> Tree:
    """Walk over `root`; where it is missing, there is nothing in it."""
    tree = Tree(root)
    pending = [("", os.fspath(root))]
    while pending:
        prefix, directory = pending.pop()
        for entry in _entries(directory):
            name = prefix + entry.name
            if entry.is_dir(follow_symlinks=False):
                pending.append((name + "/", entry.path))
            elif entry.name.startswith(atomic.TEMPORARY_PREFIX):
                tree.temporaries.append(name)
            elif entry.is_file(follow_symlinks=False):
                tree.files[name] = _standing(entry.stat(follow_symlinks=False))
            else:
                tree.others.add(name)
    return tree


def _entries(directory: str) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(directory) as entries:
            yield from entries
    except (FileNotFoundError, NotADirectoryError):
        return


def _standing(facts: os.stat_result) -> Standing:
    return Standing(facts.st_size, facts.st_ctime_ns, facts.st_ino)
