"""Makes the record of a release whose files stand already, and compresses them."""

from dataclasses import dataclass
from pathlib import Path

from roots.atomic import Modes
from roots.progress import Progress
from roots.static import variants
from roots.static.cache import BuildCache
from roots.static.manifest import Manifest, Record
from roots.static.planned import PlannedFile
from roots.static.presence import Presence


@dataclass(slots=True)
class Recording:
    """Compresses with `encodings` what `presence` does not find compressed in `root`.

    `has_compressed` tells that something was.
    """

    root: Path
    modes: Modes
    encodings: tuple[str, ...]
    presence: Presence
    cache: BuildCache | None
    progress: Progress
    has_compressed: bool = False

    def manifest(self, files: list[PlannedFile]) -> Manifest:
        """The manifest of `files`, with their variants made. Raises StorageError."""
        sizes = self._variants(files)
        records = {
            file.stored: Record(
                *file.served, tuple(sorted(sizes.get(file.stored, {}).items())), *file.facts
            )
            for file in files
            if file.stored
        }
        paths = {file.source.name: file.stored for file in files if file.stored}
        return Manifest(paths, records, self.encodings)

    def _variants(self, files: list[PlannedFile]) -> dict[str, dict[str, int]]:
        if not self.encodings:
            return {}
        contents = {
            file.stored: file.served.digest
            for file in files
            if file.stored and variants.is_wanted(file.stored, file.served.size)
        }
        known = {name: self.presence.variants(name, digest) for name, digest in contents.items()}
        self.has_compressed = any(len(each) < len(self.encodings) for each in known.values())
        compress = self.cache.compress if self.cache else variants.compress
        sizes = variants.complete(
            self.root, contents, self.encodings, known, self.modes, compress, self.progress
        )
        if self.cache:
            self.cache.trim()
        return sizes
