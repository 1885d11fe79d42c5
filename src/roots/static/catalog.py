"""Finds static files by the manifest: nothing is listed, and no file is looked at."""

from pathlib import Path

from roots import fingerprint, mediatypes
from roots.serve.catalog import IDENTITY, Entry, Representation
from roots.static import live, manifest
from roots.static.manifest import Manifest, Record
from roots.static.variants import SUFFIXES

TAG_LENGTH = 32
_MOST_REMEMBERED = 4096


class StaticCatalog:
    """The catalog of the STATIC_ROOT `root`, whatever `collectstatic` does to it meanwhile."""

    def __init__(self, root: Path) -> None:
        self._releases = live.releases(root)
        self._remembered: tuple[Manifest | None, dict[str, Entry]] = (None, {})

    def find(self, name: str) -> Entry | None:
        """The entry for `name`.

        A stored name is immutable, be it of this release or of a kept one. A logical name gives the
        bytes of its stored file, so that both agree even while files are being collected. Any other
        may be a plain file that somebody put there. None for what is never served: the manifest,
        dot-files, and variants by their own names.
        """
        current = self._releases.current
        remembered_of, remembered = self._remembered
        if remembered_of is not current:
            self._remembered = _, remembered = current, {}
        entry = remembered.get(name)
        if entry is None and current is not None and (entry := _known(name, current)):
            if len(remembered) >= _MOST_REMEMBERED:
                remembered.clear()
            remembered[name] = entry
        return entry or self._unknown(name, current)

    def _unknown(self, name: str, current: Manifest | None) -> Entry | None:
        if name == manifest.NAME or name.startswith(".") or "/." in name:
            return None
        for release in self._releases.earlier():
            if record := release.files.get(name):
                return _stored(name, record)
        if _is_variant(name, (*([current] if current else []), *self._releases.earlier())):
            return None
        return Entry(
            (Representation(name),), mediatypes.guess(name), name.rpartition("/")[2], False, name
        )


def _known(name: str, release: Manifest) -> Entry | None:
    if record := release.files.get(name):
        return _stored(name, record)
    if stored := release.paths.get(name):
        return _entry(stored, release.files[stored], name, is_immutable=False)
    return None


def _stored(name: str, record: Record) -> Entry:
    parts = fingerprint.parse(name)
    return _entry(name, record, parts.logical if parts else name, is_immutable=True)


def _entry(stored: str, record: Record, logical: str, *, is_immutable: bool) -> Entry:
    tag = record.digest[:TAG_LENGTH] or None
    smallest_first = sorted(record.variants, key=lambda variant: variant[1])
    representations = (
        Representation(stored, IDENTITY, tag),
        *(
            Representation(stored + SUFFIXES[encoding], encoding, f"{tag}-{encoding}")
            for encoding, _ in smallest_first
        ),
    )
    filename = logical.rpartition("/")[2]
    return Entry(representations, mediatypes.guess(logical), filename, is_immutable, logical)


def _is_variant(name: str, releases: tuple[Manifest, ...]) -> bool:
    stem, suffix = fingerprint.split_extension(name)
    return suffix in _SUFFIXES and any(stem in release.files for release in releases)


_SUFFIXES = frozenset(SUFFIXES.values())
