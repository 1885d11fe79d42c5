"""The modes of what lies below a root, and modes as settings say them."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass

MOST_ENTRIES = 50_000
"""What lies behind so many entries is not looked at."""
FILE, DIRECTORY = 0o400, 0o700
"""The bits without which an owner cannot use a file, or a directory."""
_STICKY = 0o1000


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or directory below a root, and what `lstat` says of it."""

    path: str
    facts: os.stat_result

    @property
    def mode(self) -> int:
        """Its permission bits."""
        return stat.S_IMODE(self.facts.st_mode)

    @property
    def is_directory(self) -> bool:
        """Whether it holds others."""
        return stat.S_ISDIR(self.facts.st_mode)


def entries(root: str, most: int = MOST_ENTRIES) -> Iterator[Entry]:
    """Files and directories below `root`, which is the first, those near it before others. Left
    out: symbolic links, what is neither, what cannot be listed, hidden directories and what is in
    them."""
    pending = [root]
    left = most
    for directory in pending:  # grows as it goes
        try:
            with os.scandir(directory) as found:
                listed = sorted(found, key=lambda entry: entry.name)
            yield Entry(directory, os.stat(directory))
        except OSError:
            continue
        for entry in listed:
            if entry.is_dir(follow_symlinks=False):
                pending += [] if entry.name.startswith(".") else [entry.path]
            elif entry.is_file(follow_symlinks=False):
                yield Entry(entry.path, entry.stat(follow_symlinks=False))
        left -= len(listed)
        if left <= 0:
            return


def meant(value: object, needed: int) -> int | None:
    """The mode that a setting was meant to be, where it is decimal, a text, or none that an owner
    could use; None where it is right. `needed` is FILE or DIRECTORY.

    >>> oct(meant(644, FILE)), oct(meant("0755", DIRECTORY)), oct(meant(0o644, DIRECTORY))
    ('0o644', '0o755', '0o755')
    >>> meant(0o644, FILE), meant(420, FILE), meant(0o2775, DIRECTORY)
    (None, None, None)
    """
    if value is None:
        return None
    forbidden = _STICKY if needed == FILE else 0  # 777 is 0o1411
    if isinstance(value, int) and value & (needed | forbidden) == needed and value <= 0o7777:
        return None
    digits = str(value).strip().lower().removeprefix("0o")
    if digits and set(digits) <= set("01234567") and int(digits, 8) & needed == needed:
        return int(digits, 8)
    return 0o755 if needed == DIRECTORY else 0o644
