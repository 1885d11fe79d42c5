"""What belongs to the project, and what was installed."""

import os

import roots
from roots.paths import is_inside

_DIRECTORIES = {"site-packages", "dist-packages", "node_modules"}
_PLACES = tuple(map(os.path.realpath, (os.path.dirname(os.__file__), *roots.__path__)))
"""Python's own library, and this package."""


def is_installed(path: str | os.PathLike[str]) -> bool:
    """Whether the file or folder at `path` is of a package, and not this project's to change."""
    real = os.path.realpath(path)
    if not _DIRECTORIES.isdisjoint(real.split(os.sep)):
        return True
    return any(is_inside(real, place) for place in _PLACES)
