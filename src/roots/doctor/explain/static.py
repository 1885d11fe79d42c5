"""The life of a static file: from a finder to a release, and from there to a browser."""

import os
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from django.contrib.staticfiles.finders import get_finders

from roots import fingerprint, mediatypes
from roots.doctor.explain.answers import answers, is_served
from roots.doctor.explain.life import Answered, Fact, Life
from roots.doctor.explain.subject import url_path
from roots.doctor.project import Project
from roots.errors import BuildError, StorageError
from roots.static import live, memory, reading, source_catalog, sources
from roots.static.manifest import EMPTY, Manifest, Record
from roots.static.names import quoted, target
from roots.static.source import Source
from roots.static.summary import readable
from roots.static.variants import SUFFIXES

_REFERRING = (".css", ".js", ".mjs")
_SHOWN = 20


class StaticFiles:
    """All static files of `project`, of which one is asked for."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.url = url_path(project.settings.get("STATIC_URL"))

    def explain(self, name: str) -> Life | None:
        """The life of the file with the logical or stored name `name`; None where no finder, no
        release and no file in STATIC_ROOT has it."""
        asked, name = name, self._without_variant(name)
        logical = self._logical(name)
        source = self._discovery.sources.get(logical)
        is_here = source is not None or bool(self._releases_with(logical, name))
        if not is_here and not self._is_in_root(name):
            return None
        facts: dict[str, Fact] = {"asked for": _VARIANT if asked != name else ""}
        if source is not None:
            facts |= self._origin(source) | self._links(source)
        facts |= self._stored(logical, name)
        found = tuple(self._answers(logical, name))
        problem = self._problem(logical, source) or ("" if is_served(found) else _NOT_SERVED)
        return Life("static", logical, facts, found, problem)

    def why_not(self, name: str) -> str:
        """Why there is no static file `name`: who was asked, and which names come near it."""
        return source_catalog.SourceCatalog().explain(name).rstrip()

    def stored_name(self, logical: str) -> str | None:
        """What the current release stores `logical` as; None where it does not have it."""
        return self._current.paths.get(logical)

    def _origin(self, source: Source) -> dict[str, Fact]:
        lost = [each.skipped.origin for each in self._discovery.duplicates if each.kept == source]
        known = self._known(source)
        return {
            "source": source.origin,
            "found by": _finder(source.name),
            "wins over": tuple(lost),
            "size": readable(known.content.size) if known else None,
            "type": mediatypes.guess(source.name),
        }

    def _links(self, source: Source) -> dict[str, Fact]:
        """Both ways: from the file, and to it."""
        there = dict.fromkeys(self._targets(source))
        missing = [name for name in there if name not in self._discovery.sources]
        by = [
            other
            for other, each in self._discovery.sources.items()
            if other.endswith(_REFERRING) and source.name in self._targets(each)
        ]
        return {
            "refers to": tuple(name for name in there if name not in missing),
            "refers to what is missing": tuple(missing),
            "referred to by": (
                *by[:_SHOWN],
                *([f"and {len(by) - _SHOWN} more"] * (len(by) > _SHOWN)),
            ),
        }

    def _stored(self, logical: str, name: str) -> dict[str, Fact]:
        for age, release in enumerate(self._releases):
            stored = release.paths.get(logical)
            if stored is None or (name != logical and name != stored):
                continue
            record = release.files.get(stored, Record())
            return {
                "stored as": stored,
                "digest": record.digest,
                "integrity": record.integrity,
                "variants": {encoding: readable(size) for encoding, size in record.variants},
                "release": "the current one" if age == 0 else f"{age} before the current one",
            }
        return {}

    def _answers(self, logical: str, name: str) -> Iterator[Answered]:
        """By the stored name, which pages say, and by the logical one; in development by that."""
        stored = None if self.project.settings.get("DEBUG") else self.stored_name(logical)
        for each in dict.fromkeys(filter(None, (stored, logical, name if stored else None))):
            yield from answers(self.url + each, self.url + quoted(each))

    def _problem(self, logical: str, source: Source | None) -> str:
        """What keeps the current bytes of the file from browsers in production."""
        if source is None:
            return _NO_SOURCE if self.stored_name(logical) else ""
        if not self._current.paths:
            return "" if self._is_in_root(logical) else _NOT_COLLECTED
        stored = self.stored_name(logical)
        if stored is None:
            return _NOT_IN_RELEASE
        return _STALE if self._is_stale(source, stored) else ""

    def _is_stale(self, source: Source, stored: str) -> bool:
        """Whether the release has other bytes. References are written anew when files are
        collected, so only of a file that has none do the bytes tell."""
        known = self._known(source)
        if known is None or known.references:
            return False
        recorded = self._current.files[stored].digest
        return bool(recorded) and recorded != known.content.digest

    def _targets(self, source: Source) -> Iterator[str]:
        known = self._known(source) if source.name.endswith(_REFERRING) else None
        for reference in known.references if known else ():
            name = target(source.name, reference.url, self.url)
            if name is not None:
                yield name
        module = known.facts.module if known else None
        for specifier in (*module.static, *module.dynamic) if module else ():
            name = target(source.name, specifier, self.url)
            if name is not None and specifier.startswith((".", "/")):
                yield name

    def _known(self, source: Source) -> memory.Known | None:
        if source.name not in self._read:
            found = reading.read_all([source], self._memory)[source.name]
            self._read[source.name] = None if isinstance(found, BuildError) else found.known
        return self._read[source.name]

    def _logical(self, name: str) -> str:
        """The logical name of `name`, which may be a stored one of any release, or a variant."""
        for release in self._releases:
            for logical, stored in release.paths.items():
                if stored == name:
                    return logical
        return name

    def _without_variant(self, name: str) -> str:
        """The file that `name` is a variant of, or `name`."""
        stem, suffix = fingerprint.split_extension(name)
        is_variant = suffix in SUFFIXES.values() and bool(self._releases_with(stem, stem))
        return stem if is_variant and name not in self._discovery.sources else name

    def _releases_with(self, logical: str, name: str) -> list[Manifest]:
        return [each for each in self._releases if logical in each.paths or name in each.files]

    def _is_in_root(self, name: str) -> bool:
        root = self.project.static_root
        return bool(root) and os.path.isfile(os.path.join(root or "", name))

    @cached_property
    def _discovery(self) -> sources.Discovery:
        return sources.discover(sources.ignored())

    @cached_property
    def _releases(self) -> list[Manifest]:
        """The current release first."""
        root = self.project.static_root
        if root is None:
            return []
        found = live.releases(Path(root))
        try:
            return [found.current or EMPTY, *found.earlier()]
        except StorageError:  # damaged, as the doctor tells
            return []

    @property
    def _current(self) -> Manifest:
        return self._releases[0] if self._releases else EMPTY

    @cached_property
    def _memory(self) -> memory.Memory:
        root = self.project.static_root
        return memory.load(Path(root)) if root else memory.Memory()

    @cached_property
    def _read(self) -> dict[str, memory.Known | None]:
        return {}


def _finder(name: str) -> str:
    for finder in get_finders():
        if finder.find(name):
            return type(finder).__name__
    return ""


_VARIANT = "a variant, which browsers get by the file's own URL if they accept its encoding"
_NOT_SERVED = "No browser gets this file: see the answer."
_NO_SOURCE = "No finder has it any more: the next collectstatic leaves it out."
_NOT_COLLECTED = "Nothing was collected yet, so production does not have it: run collectstatic."
_NOT_IN_RELEASE = "The current release does not have it: run collectstatic."
_STALE = "The current release has other bytes, from before a change: run collectstatic."
