"""What keeps directories apart that must not share files: two roots, and the sources of one."""

import os
from collections.abc import Iterable

from roots.errors import ConfigError
from roots.paths import is_inside

Directory = str | os.PathLike[str]


def require_two_roots(static_root: Directory, media_root: Directory) -> None:
    """Raise ConfigError where one root is the other or lies inside it, symlinks followed.

    `collectstatic --clear` would delete uploads, or the layer for developers' files publish them.
    """
    if _overlap(static_root, media_root):
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
        if _overlap(static_root, source):
            raise ConfigError(
                f"STATIC_ROOT ({static_root}) and {source}, where static files are taken from, "
                "must be two directories, neither inside the other: collectstatic would collect "
                "its own products. Keep sources in a directory of their own, as BASE_DIR / "
                "'static', and name that in STATICFILES_DIRS."
            )


def _overlap(one: Directory, other: Directory) -> bool:
    first, second = os.path.realpath(one), os.path.realpath(other)
    return is_inside(first, second) or is_inside(second, first)
