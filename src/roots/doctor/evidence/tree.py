"""The files of a repository, found in one walk that leaves out what nobody wrote by hand."""

import os
import re
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from fnmatch import translate
from pathlib import Path

MOST_ENTRIES = 200_000
"""What lies behind so many files and directories is not looked at."""
MOST_BYTES = 1 << 20
"""A file that is bigger was not written by hand."""
_LEFT_OUT = frozenset({
    "__pycache__", "bower_components", "dist-packages", "env", "htmlcov", "node_modules",
    "site-packages", "venv", "virtualenv",
})  # fmt: skip
_OF_THE_SYSTEM = frozenset({
    "/bin", "/boot", "/dev", "/etc", "/home", "/lib", "/lib64", "/mnt", "/opt", "/proc", "/root",
    "/run", "/sbin", "/sys", "/tmp", "/usr", "/var",  # noqa: S108 - looked for, not used
})  # fmt: skip
"""What is no part of a project in /, as some images have it."""
_HIDDEN_BUT_SEEN = frozenset({".ebextensions", ".platform", ".docker", ".envs", ".deploy"})


@dataclass(slots=True)
class Tree:
    """The files below `directory`, those near it first, by absolute path.

    Left out: hidden directories, packages, virtual environments, caches, and `roots`, which are
    directories that belong to others. Symbolic links to directories are not followed.
    """

    directory: Path
    files: tuple[str, ...]
    is_whole: bool
    _texts: dict[str, str] = field(default_factory=dict)

    def named(self, *patterns: str) -> list[str]:
        """Files whose own names match one of `patterns`, as in a shell, in upper or lower case."""
        wanted = re.compile("|".join(map(translate, patterns)), re.IGNORECASE)
        return [path for path in self.files if wanted.match(path[path.rindex("/") + 1 :])]

    def text(self, path: str) -> str:
        """What a file says; "" where it cannot be read or is bigger than `MOST_BYTES`."""
        if path not in self._texts:
            self._texts[path] = _text(path)
        return self._texts[path]

    def relative(self, path: str) -> str:
        """`path` as people name it, from `directory`."""
        return os.path.relpath(path, self.directory)


def walk(directory: Path, roots: Collection[str]) -> Tree:
    """The tree below `directory`. What cannot be listed is left out."""
    files: list[str] = []
    left = MOST_ENTRIES
    pending = [str(directory)]
    for current in pending:  # grows as it goes: what is near comes first
        for entry in _entries(current):
            left -= 1
            if entry.is_dir(follow_symlinks=False):
                if not _is_left_out(entry, roots):
                    pending.append(entry.path)
            else:
                files.append(entry.path)
        if left <= 0:
            break
    return Tree(directory, tuple(files), left > 0)


def _entries(directory: str) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(directory) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return iter(())
    is_environment = any(entry.name == "pyvenv.cfg" for entry in found)
    return iter(() if is_environment else found)


def _is_left_out(entry: os.DirEntry[str], roots: Collection[str]) -> bool:
    if entry.name.startswith("."):
        return entry.name not in _HIDDEN_BUT_SEEN
    return entry.name in _LEFT_OUT or entry.path in roots or entry.path in _OF_THE_SYSTEM


def _text(path: str) -> str:
    try:
        facts = os.stat(path)
        if facts.st_size > MOST_BYTES or not stat.S_ISREG(facts.st_mode):
            return ""
        with open(path, "rb", buffering=0) as file:
            return file.readall().decode("utf-8", "replace").replace("\r\n", "\n")
    except OSError:
        return ""
