"""What keeps directories apart that must not share files: two roots, and the sources of one."""

import contextlib
import os
from collections.abc import Iterable

from roots.errors import ConfigError
from roots.paths import is_inside

Directory = str | os.PathLike[str]


def require_two_roots(static_root: Directory, media_root: Directory) -> None:
    """Raise ConfigError where one root is the other or lies inside it, symlinks followed.

    `collectstatic --clear` would delete uploads, or the layer for developers' files publish them.
    """
    if overlap(static_root, media_root):
        raise ConfigError(
            f"STATIC_ROOT ({static_root}) and MEDIA_ROOT ({media_root}) must be two directories, "
            "neither inside the other: collectstatic would publish or clear what users uploaded. "
            "Move one of them."
        )


def require_outside_sources(static_root: Directory, sources: Iterable[Directory]) -> None:
    """Raise ConfigError where STATIC_ROOT overlaps a directory that static files are taken from.

    Each run would collect what the last one made; `STATICFILES_DIRS = [BASE_DIR]` would publish
    settings.py.
    """
    for source in sources:
        if overlap(static_root, source):
            raise ConfigError(
                f"STATIC_ROOT ({static_root}) and {source}, where static files are taken from, "
                "must be two directories, neither inside the other: collectstatic would collect "
                "its own products. Keep sources in a directory of their own, as BASE_DIR / "
                "'static', and name that in STATICFILES_DIRS."
            )


def require_private(what: str, directory: Directory, other: str, elsewhere: Directory) -> None:
    """Raise ConfigError where the private `directory`, which is `what`'s, overlaps `elsewhere`,
    which is `other`'s: who may read the one could then read files of the other."""
    if overlap(directory, elsewhere):
        raise ConfigError(
            f"{what} keeps private files in {directory}, and {other} is {elsewhere}: they must be "
            "two directories, neither inside the other, or files would be shown to whom they are "
            "not for. Give the private files a directory of their own, as BASE_DIR / 'private'."
        )


def overlap(one: Directory, other: Directory) -> bool:
    """Whether one directory is the other or lies inside it: symlinks are followed, and names that
    differ in case only are one where the disk takes them for one."""
    first, second = os.path.realpath(one), os.path.realpath(other)
    return _is_within(first, second) or _is_within(second, first)


def _is_within(path: str, directory: str) -> bool:
    if is_inside(path, directory):
        return True
    return is_inside(path.casefold(), directory.casefold()) and _ignores_case(directory)


def _ignores_case(path: str) -> bool:
    """Whether the disk finds what is nearest to `path` under its name in the other case, too."""
    parent, name = os.path.split(path)
    if not name:
        return False
    if not os.path.exists(path) or name == name.swapcase():
        return _ignores_case(parent)
    with contextlib.suppress(OSError):
        return os.path.samefile(path, os.path.join(parent, name.swapcase()))
    return False
