"""What was collected into STATIC_ROOT, beside what would be collected now."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from django.contrib.staticfiles.storage import ManifestFilesMixin
from django.core.files.storage import FileSystemStorage
from django.core.files.storage import storages as handler

from roots import digests
from roots.doctor.evidence.contents import are_equal
from roots.doctor.evidence.storages import Backend
from roots.errors import StorageError
from roots.static import manifest, memory
from roots.static.manifest import Manifest
from roots.static.memory import Memory
from roots.static.source import Source
from roots.static.storage import StaticStorage

_EDITED = (".css", ".js", ".mjs", ".map")
"""What a storage writes names into: its stored file need not have its source's bytes."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Logical names whose source was not there, or was another, when files were collected; and
    those whose collected file was changed since."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    edited: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.new or self.changed)


class Collected:
    """The directory `root`, filled by the storage `kind`, which keeps its manifest, if it has one,
    in `records`."""

    def __init__(
        self, root: Path, kind: type | None, records: Path, *, rewrites_scripts: bool = False
    ) -> None:
        self.root, self._kind, self._records = root, kind, records
        self._rewrites_scripts = rewrites_scripts

    @property
    def is_ours(self) -> bool:
        """Whether it holds releases of this package."""
        return self._is(StaticStorage)

    @property
    def has_manifests(self) -> bool:
        """Whether that storage keeps a manifest there."""
        return self.is_ours or self._is(ManifestFilesMixin)

    @cached_property
    def is_empty(self) -> bool:
        """Whether there is no file, but for hidden ones, or no directory at all."""
        found = os.walk(self.root)
        return not any(not name.startswith(".") for _, _, files in found for name in files)

    @cached_property
    def manifest_path(self) -> Path:
        """Where its manifest is to be."""
        name = (
            manifest.NAME if self.is_ours else getattr(self._kind, "manifest_name", manifest.NAME)
        )
        return self._records / name

    @cached_property
    def manifest(self) -> Manifest | None:
        """Its manifest; None where there is none, or none that can be read."""
        try:
            return manifest.load(self.manifest_path) if self.has_manifests else None
        except (StorageError, OSError):
            return None

    def missing(self) -> list[str]:
        """Stored names that the manifest tells of and that are not there."""
        start = f"{self.root}/"
        names = self.manifest.files if self.manifest else ()
        return [name for name in names if not os.path.exists(start + name)]

    def difference(self, sources: Mapping[str, Source]) -> Difference:
        """How `sources` differ from what was collected, by content: times tell nothing, since a
        checkout has new ones and an archive old ones."""
        known = self.manifest.paths if self.manifest else {}
        found: dict[str, list[str]] = {"new": [], "changed": [], "edited": []}
        for name, source in sources.items():
            if known and name not in known:
                found["new"].append(name)
            elif source.local_path is not None and (said := self._has_changed(source, known)):
                found[said].append(name)
                if said == "edited" and not known:  # or the source changed, and has an old time
                    found["changed"].append(name)
        return Difference(**{said: tuple(names) for said, names in found.items()})

    @cached_property
    def _memory(self) -> Memory:
        if not self.is_ours:
            return Memory()
        return memory.load(self.root, rewrites_scripts=self._rewrites_scripts)

    def _has_changed(self, source: Source, known: Mapping[str, str]) -> str:
        """ "new", "changed", "edited", or "" for none of them."""
        path = str(source.local_path)
        if self._memory.is_unchanged(source.name, path, source.look()):
            return ""
        if digest := self._memory.digest_before(source.name):
            return "" if digests.of_file(Path(path)) == digest else "changed"
        collected = next(self._copies(source.name, known), None)
        if collected is None:
            return "" if known else "new"
        if _is_same(path, collected):
            return ""
        return "edited" if self._is_edited(path, source.name, known) else "changed"

    def _is_edited(self, path: str, name: str, known: Mapping[str, str]) -> bool:
        """Whether it was not the source at `path` that changed, but what was collected from it:
        its two copies differ, or else, where there is one, it is the younger."""
        first, *others = self._copies(name, known)
        if others:
            return not _is_same(first, others[0])
        return os.stat(first).st_mtime > os.stat(self.manifest_path if known else path).st_mtime

    def _copies(self, name: str, known: Mapping[str, str]) -> Iterator[str]:
        """Files that were collected from the source `name` as it was."""
        candidates = [name]
        if name in known and not name.endswith(_EDITED):
            candidates.append(known[name])
        for each in candidates:
            if os.path.isfile(path := os.path.join(self.root, each)):
                yield path

    def _is(self, base: type) -> bool:
        return self._kind is not None and issubclass(self._kind, base)


def collected(
    backend: Backend, static_root: str | None, *, rewrites_scripts: bool
) -> Collected | None:
    """What `backend` collected on this disk; None where it collects elsewhere, or keeps its
    manifest there. STATIC_ROOT is its place where a damaged manifest keeps it from being made."""
    root = backend.location or (static_root if backend.is_local else None)
    if root is None:
        return None
    made = handler[backend.alias] if backend.location and backend.is_made else None
    records = getattr(made, "manifest_storage", None) or made
    if records is not None and not isinstance(records, FileSystemStorage):
        return None
    place = Path(records.location if records else root)
    return Collected(Path(root), backend.kind, place, rewrites_scripts=rewrites_scripts)


def _is_same(one: str, other: str) -> bool:
    try:
        return are_equal(one, other)
    except OSError:  # that it cannot be read is told when files are collected
        return True
