"""Gives the files of a release their stored names, each after whatever it refers to."""

import posixpath
import re
from collections.abc import Collection, Iterable, Mapping

from roots import digests, fingerprint
from roots.errors import BuildError
from roots.static import bundled, content, facts, names, references
from roots.static.content import Content
from roots.static.facts import Facts
from roots.static.graph import groups
from roots.static.memory import Memory
from roots.static.planned import PlannedFile, edited
from roots.static.references import Edit
from roots.static.scan import Link, Scan
from roots.static.variants import SUFFIXES


class Naming:
    """Names the files of `scans`, which are those of the logical names `known` that could be read.

    Files that a bundler named, as `hashed` tells, keep theirs. What edits make is taken from
    `memory`.
    """

    def __init__(
        self,
        known: Collection[str],
        scans: Mapping[str, Scan],
        memory: Memory,
        hashed: re.Pattern[str] | None = None,
    ) -> None:
        self.known, self.scans, self.memory = known, scans, memory
        self.fixed = self._are_hashed(hashed) if hashed else frozenset()
        self._planned: dict[str, PlannedFile] = {}

    def files(self) -> dict[str, PlannedFile]:
        """The planned files by logical name.

        Raises BuildError where a source changed since it was scanned, or no name is left for it.
        """
        targets = {
            name: found
            for name in self.scans
            if (found := {link.target for link in self._links(name)})
        }
        for name in self.scans.keys() - targets.keys():  # nearly all, and in any order
            self._name_one(name, ())
        for group in groups({name: found & targets.keys() for name, found in targets.items()}):
            if len(group) == 1 and group[0] not in targets[group[0]]:
                self._name_one(group[0], self._edits(group[0]))
            else:
                self._name_circle(group)
        return self._planned

    def _name_one(self, name: str, edits: tuple[Edit, ...]) -> None:
        served, known = self._served(name, edits)
        stored = name if name in self.fixed else self._free_name(name, served.digest)
        self._add(name, stored, edits, served, known)

    def _name_circle(self, group: tuple[str, ...]) -> None:
        """Name files that refer to each other, so that none can be named by its final bytes.

        Each is named by all of them together, with the references among them left logical.
        """
        together: list[str] = []
        for name in group:
            outside = self._edits(name)  # members have no stored name yet
            together += name, self._served(name, outside)[0].digest
        joint = digests.of_bytes("\0".join(together).encode())
        stored = {
            name: self._free_name(name, digests.of_bytes(f"{joint}\0{name}".encode()))
            for name in group
        }
        for name in group:
            edits = self._edits(name, stored)
            self._add(name, stored[name], edits, *self._served(name, edits))

    def _add(
        self, name: str, stored: str, edits: tuple[Edit, ...], served: Content, known: Facts
    ) -> None:
        scan = self.scans[name]
        original, look = scan.reading.known.content, scan.reading.look
        self._planned[name] = PlannedFile(scan.source, original, served, stored, edits, known, look)

    def _links(self, name: str) -> Iterable[Link]:
        """Links to what could be read; about the rest something was said already."""
        if name in self.fixed:
            return ()
        return [link for link in self.scans[name].links if link.target in self.scans]

    def _edits(self, name: str, circle: Mapping[str, str] | None = None) -> tuple[Edit, ...]:
        """Edits for the links of `name` to files with a stored name, their own or in `circle`."""
        edits = []
        for reference, target in self._links(name):
            planned = self._planned.get(target)
            stored = planned.stored if planned else (circle or {}).get(target)
            if stored is not None:
                url = references.write(reference, names.renamed(reference.url, stored))
                edits.append(Edit(reference.start, reference.end, url))
        return tuple(edits)

    def _served(self, name: str, edits: tuple[Edit, ...]) -> tuple[Content, Facts]:
        source, original = self.scans[name].source, self.scans[name].reading.known
        if not edits:
            return original.content, original.facts
        key = _key(name, original.content, edits)
        found = self.memory.recall_edited(key)
        if found is None:
            data = edited(source, original.content, edits)
            if self.memory.rewrites_scripts:  # so that it imports something else
                found = content.of_bytes(data), facts.of_bytes(name, data)
            else:
                found = content.of_bytes(data), facts.of_edited(original.facts, data)
            self.memory.learn_edited(key, *found)
        return found

    def _are_hashed(self, hashed: re.Pattern[str]) -> frozenset[str]:
        """Files a bundler gave their names. Where it compressed one too, that is in the way of
        our variants, and it gets a stored name like any other."""
        return frozenset(
            name for name in bundled.among(self.scans, hashed) if not self._has_variant(name)
        )

    def _free_name(self, name: str, digest: str) -> str:
        """A stored name that no source has for its logical one."""
        for length in range(fingerprint.LENGTH, len(digest) + 1, 4):
            stored = fingerprint.stamp(name, digest, length)
            if stored not in self.known and not self._has_variant(stored):
                return stored
        raise BuildError(
            f"Sources have every name this file could be stored under, {stored!r} and shorter. Do "
            "not collect an earlier STATIC_ROOT.",
            path=self.scans[name].source.origin,
        )

    def _has_variant(self, name: str) -> bool:
        """Whether a source has the name of a variant of `name`."""
        return any(name + suffix in self.known for suffix in SUFFIXES.values())


def _key(name: str, original: Content, edits: Iterable[Edit]) -> str:
    """What tells `edits` of `original` from all others; the extension tells how it is read."""
    parts = [b"%d %d %b" % edit for edit in edits]
    kind = posixpath.splitext(name)[1].lower()
    return digests.of_bytes(b"\0".join([original.digest.encode(), kind.encode(), *parts]))
