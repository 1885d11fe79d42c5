"""What an earlier release left where this one needs a directory, or where it needs a file."""

import contextlib
import os
from collections.abc import Collection
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property

from roots import atomic
from roots.errors import StorageError
from roots.static import sweep
from roots.static.sweep import Release
from roots.static.tree import Tree


@dataclass
class Obstacles:
    """Makes way in `tree` for files with the logical names `wanted`.

    Logical names of releases may go before a new one is there: they are served from stored files.
    Stored files stay, and so does what no release knows, unless it `is_clearing`.
    """

    tree: Tree
    wanted: Collection[str]
    is_clearing: bool = False
    removed: list[str] = field(default_factory=list)

    def clear(self) -> AbstractSet[str]:
        """Remove what may go. Returns the logical names that cannot be given yet, because a release
        that still serves has stored files in a directory of that name.

        Raises StorageError, with nothing removed, for what must stay.
        """
        files = [name for name in self._missing_directories() if os.path.lexists(self._path(name))]
        below = {name: list(self.tree.names(name)) for name in self._blocked()}
        for name in files:
            self._refuse_file(name)
        for name, found in below.items():
            self._refuse_unknown(name, found)
        for name in [*files, *(each for found in below.values() for each in found)]:
            if name not in self._stored:
                self._remove(name)
        return {name for name in below if not self._is_gone(name)}

    def _missing_directories(self) -> list[str]:
        needed: set[str] = set()
        for name in self.wanted:
            parent = name.rpartition("/")[0]
            while parent and parent not in needed:
                needed.add(parent)
                parent = parent.rpartition("/")[0]
        return sorted(needed - self.tree.directories)

    def _blocked(self) -> list[str]:
        return [name for name in self.wanted if name in self.tree.directories]

    def _refuse_file(self, name: str) -> None:
        if name in self._stored:
            raise StorageError(
                f"{self._path(name)} must be a directory, but a release that still serves has a "
                "file of that name. Rename the source, or collect it when that release is retired."
            )
        if name not in self._logical and not self.is_clearing:
            raise StorageError(
                f"{self._path(name)} must be a directory, but is a link or a file that no release "
                "knows. Files collected there would not be in STATIC_ROOT. Move it away and try "
                "again."
            )

    def _refuse_unknown(self, name: str, found: list[str]) -> None:
        unknown = [each for each in found if each not in self._stored | self._logical]
        if unknown and not self.is_clearing:
            raise StorageError(
                f"{self._path(name)} must be a file, but a directory stands where a file must be, "
                f"and no release knows what is in it ({unknown[0]!r}). Move it away and try again."
            )

    def _remove(self, name: str) -> None:
        with atomic.blaming_environment(self.tree.root / name):
            os.unlink(self._path(name))
        self.removed.append(name)

    def _is_gone(self, name: str) -> bool:
        """Remove the directory `name` as far as it is empty, and tell whether all of it was."""
        inside = [each for each in self.tree.directories if f"{each}/".startswith(f"{name}/")]
        for each in sorted(inside, reverse=True):
            with contextlib.suppress(OSError):
                os.rmdir(self._path(each))
        return not os.path.lexists(self._path(name))

    @cached_property
    def _releases(self) -> list[Release]:
        try:
            return sweep.releases(self.tree.root)
        except StorageError:  # damaged; this run writes a new one
            return []

    @cached_property
    def _stored(self) -> AbstractSet[str]:
        return {name for each in self._releases for name in each.files}

    @cached_property
    def _logical(self) -> AbstractSet[str]:
        return {name for each in self._releases for name in each.manifest.paths} - self._stored

    def _path(self, name: str) -> str:
        return f"{self.tree.root}/{name}"
