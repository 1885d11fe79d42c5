"""Tells what of a planned release stands in STATIC_ROOT already; deciding is apart from doing."""

import os
from dataclasses import dataclass
from pathlib import Path

from roots import digests
from roots.static import variants
from roots.static.content import Content
from roots.static.manifest import Manifest
from roots.static.memory import Memory
from roots.static.planned import PlannedFile
from roots.static.tree import Standing, Tree


@dataclass(slots=True)
class Presence:
    """What `tree` holds of the releases that `previous` and `memory` tell of.

    A file of the right size that nobody touched since the last run is taken to be whole; any other
    is read. `has_read` tells that one was, so that what was found is worth remembering. With
    `is_linking`, logical names are links to the sources.
    """

    tree: Tree
    previous: Manifest
    memory: Memory
    is_linking: bool = False
    has_read: bool = False

    def has_names(self, file: PlannedFile) -> tuple[bool, bool]:
        """Whether the stored file is there, whole, and whether the logical name leads to the
        source's bytes in the way that is asked; a name that is not wanted is as good as there."""
        stored = self.tree.find(file.stored) if file.stored else None
        has_stored = file.stored is None or self._is_stored(file, file.stored, stored)
        if file.has_one_name:
            return has_stored, has_stored
        return has_stored, self._has_logical(file, stored if has_stored else None)

    def _is_stored(self, file: PlannedFile, name: str, standing: Standing | None) -> bool:
        if standing is None or standing.size != file.served.size:
            return False
        record = self.previous.files.get(name)
        if record and record.digest == file.served.digest and self._is_settled(standing):
            return True
        return self._has_content(name, file.served)

    def _has_logical(self, file: PlannedFile, stored: Standing | None) -> bool:
        """`stored` is the stored file, where that is whole."""
        name = file.source.name
        if self.is_linking:
            return self._links_to(name, file.source.local_path)
        standing = self.tree.find(name)
        if standing is None or standing.size != file.original.size:
            return False
        if stored and not file.edits and stored.inode == standing.inode:
            return True
        is_known = self.memory.digest_before(name) == file.original.digest
        return (is_known and self._is_settled(standing)) or self._has_content(name, file.original)

    def variants(self, name: str, digest: str) -> dict[str, int]:
        """Sizes by encoding of the stored file's variants that need not be made; 0 where one is not
        worth its file."""
        record = self.previous.files.get(name)
        if record is None or record.digest != digest:
            return {}
        sizes = dict.fromkeys(self.previous.encodings, 0)
        sizes.update(record.variants)
        return {
            encoding: size
            for encoding, size in sizes.items()
            if not size or self._has_variant(name, encoding, size, digest)
        }

    def _has_variant(self, name: str, encoding: str, size: int, digest: str) -> bool:
        variant = name + variants.SUFFIXES[encoding]
        standing = self.tree.find(variant)
        if standing is None or standing.size != size:
            return False
        if self._is_settled(standing):
            return True
        self.has_read = True
        return variants.is_of(self._path(variant), encoding, digest)

    def _is_settled(self, standing: Standing) -> bool:
        return standing.ctime_ns < self.memory.settled_ns

    def _has_content(self, name: str, content: Content) -> bool:
        self.has_read = True
        return digests.of_file(self._path(name)) == content.digest

    def _links_to(self, name: str, goal: str | None) -> bool:
        path = self._path(name)
        return name in self.tree.others and path.is_symlink() and os.readlink(path) == goal

    def _path(self, name: str) -> Path:
        return self.tree.root / name
