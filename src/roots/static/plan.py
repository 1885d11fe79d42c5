"""Decides what a release holds, without touching STATIC_ROOT: contents, stored names, problems."""

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO

from roots import digests, fingerprint
from roots.conf import Severity
from roots.errors import BuildError, RootsError
from roots.static import content, names, references
from roots.static.content import Content
from roots.static.graph import groups
from roots.static.memory import Memory
from roots.static.references import Edit
from roots.static.scan import Link, Policy, Scan, Scanner, refuse_name, scan_plain
from roots.static.sources import Source
from roots.static.variants import SUFFIXES


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """One file of the release to be.

    `stored` is None where only the logical name is wanted, and the logical name where that carries
    the content's hash already. `edits` make `served` of `original`.
    """

    source: Source
    original: Content
    served: Content
    stored: str | None = None
    edits: tuple[Edit, ...] = ()

    @property
    def has_one_name(self) -> bool:
        """Whether the stored name is the logical one."""
        return self.stored == self.source.name


@dataclass(frozen=True, slots=True)
class Plan:
    """What a release holds, by logical name in sorted order, and what is wrong with its sources.

    A plan with `errors` must not be built. Without `is_fingerprinted` it is no release: files get
    their logical names only, and no manifest. `memory` is what to know at the next run.
    """

    files: Mapping[str, PlannedFile]
    errors: tuple[BuildError, ...] = ()
    warnings: tuple[BuildError, ...] = ()
    is_fingerprinted: bool = True
    memory: Memory = field(default_factory=Memory)

    def raise_errors(self) -> None:
        """Raise RootsError with the text of every error, if there are any."""
        if self.errors:
            raise RootsError("\n".join(map(str, self.errors)))


def plan(
    sources: Mapping[str, Source],
    static_url: str,
    policy: Policy,
    memory: Memory | None = None,
    hashed_names: Sequence[str] = (),
) -> Plan:
    """Plan a release of `sources` with fingerprints; URLs below `static_url` are references too.

    What `memory` knows is not read again. A file whose base name `hashed_names` match, regular
    expressions, carries its fingerprint already: it keeps its name and every byte.
    """
    hashed = re.compile("|".join(hashed_names)) if hashed_names else None
    planner = _Planner(sources, memory or Memory(), hashed)
    planner.scan_all(Scanner(sources.keys(), static_url, policy, planner.memory).scan)
    if not planner.errors:
        planner.name_all()
    return planner.finished()


def plan_plain(sources: Mapping[str, Source], memory: Memory | None = None) -> Plan:
    """Plan to copy `sources` under their logical names, with nothing read into them."""
    planner = _Planner(sources, memory or Memory())
    planner.scan_all(lambda source: scan_plain(source, planner.memory))
    for name, scan in planner.scans.items():
        planner.files[name] = PlannedFile(scan.source, scan.content, scan.content)
    return planner.finished(is_fingerprinted=False)


def edited(source: Source, original: Content, edits: Iterable[Edit]) -> bytes:
    """The bytes of `source` with `edits` made.

    Raises BuildError where they are not the `original` ones any more.
    """
    data = source.read(_whole)
    if digests.of_bytes(data) != original.digest:
        raise source.changed()
    return references.rewrite(data, edits)


@dataclass(slots=True)
class _Planner:
    sources: Mapping[str, Source]
    memory: Memory
    hashed: re.Pattern[str] | None = None
    fixed: frozenset[str] = frozenset()  # names that stay
    scans: dict[str, Scan] = field(default_factory=dict)
    files: dict[str, PlannedFile] = field(default_factory=dict)
    errors: list[BuildError] = field(default_factory=list)
    warnings: list[BuildError] = field(default_factory=list)

    def finished(self, *, is_fingerprinted: bool = True) -> Plan:
        files = dict(sorted(self.files.items()))
        errors, warnings = tuple(self.errors), tuple(self.warnings)
        return Plan(files, errors, warnings, is_fingerprinted, self.memory)

    def scan_all(self, scan: Callable[[Source], Scan]) -> None:
        for name, source in sorted(self.sources.items()):
            try:
                refuse_name(source)
                self.scans[name] = found = scan(source)
            except BuildError as error:
                self._report("warn" if source.is_packaged else "error", error)
            else:
                for fault in found.faults:
                    self._report(*fault)

    def name_all(self) -> None:
        self.fixed = self._are_hashed()
        targets = {name: {link.target for link in self._links(name)} for name in self.scans}
        try:
            for group in groups(targets):
                if len(group) == 1 and group[0] not in targets[group[0]]:
                    self._name_one(group[0])
                else:
                    self._name_circle(group)
        except BuildError as error:
            self.errors.append(error)

    def _name_one(self, name: str) -> None:
        edits = self._edits(name)
        served = self._served(name, edits)
        stored = name if name in self.fixed else self._free_name(name, served.digest)
        self._add(name, stored, served, edits)

    def _name_circle(self, group: tuple[str, ...]) -> None:
        """Name files that refer to each other, so that none can be named by its final bytes.

        Each is named by all of them together, with the references among them left logical.
        """
        together: list[str] = []
        for name in group:
            outside = self._edits(name)  # members have no stored name yet
            together += name, self._served(name, outside).digest
        joint = digests.of_bytes("\0".join(together).encode())
        stored = {
            name: self._free_name(name, digests.of_bytes(f"{joint}\0{name}".encode()))
            for name in group
        }
        for name in group:
            edits = self._edits(name, stored)
            self._add(name, stored[name], self._served(name, edits), edits)

    def _add(self, name: str, stored: str, served: Content, edits: tuple[Edit, ...]) -> None:
        scan = self.scans[name]
        self.files[name] = PlannedFile(scan.source, scan.content, served, stored, edits)

    def _links(self, name: str) -> Iterable[Link]:
        """Links to what could be read; about the rest something was said already."""
        if name in self.fixed:
            return ()
        return (link for link in self.scans[name].links if link.target in self.scans)

    def _edits(self, name: str, circle: Mapping[str, str] | None = None) -> tuple[Edit, ...]:
        """Edits for the links of `name` to files with a stored name, their own or in `circle`."""
        edits = []
        for reference, target in self._links(name):
            planned = self.files.get(target)
            stored = planned.stored if planned else (circle or {}).get(target)
            if stored is not None:
                url = references.write(reference, names.renamed(reference.url, stored))
                edits.append(Edit(reference.start, reference.end, url))
        return tuple(edits)

    def _served(self, name: str, edits: tuple[Edit, ...]) -> Content:
        scan = self.scans[name]
        if not edits:
            return scan.content
        key = _key(scan.content, edits)
        served = self.memory.recall_edited(key)
        if served is None:
            served = content.of_bytes(edited(scan.source, scan.content, edits))
            self.memory.learn_edited(key, served)
        return served

    def _are_hashed(self) -> frozenset[str]:
        """Files a bundler gave their names. Where it compressed one too, that is in the way of
        our variants, and it gets a stored name like any other."""
        if self.hashed is None:
            return frozenset()
        return frozenset(
            name
            for name in self.scans
            if self.hashed.search(posixpath.basename(name))
            and self.sources.keys().isdisjoint(name + suffix for suffix in SUFFIXES.values())
        )

    def _free_name(self, name: str, digest: str) -> str:
        """A stored name that no source has for its logical one."""
        for length in range(fingerprint.LENGTH, len(digest) + 1, 4):
            stored = fingerprint.stamp(name, digest, length)
            taken = (stored + suffix for suffix in ("", *SUFFIXES.values()))
            if self.sources.keys().isdisjoint(taken):
                return stored
        raise BuildError(
            f"Sources have every name this file could be stored under, {stored!r} and shorter. Do "
            "not collect an earlier STATIC_ROOT.",
            path=self.sources[name].origin,
        )

    def _report(self, severity: Severity, error: BuildError) -> None:
        (self.errors if severity == "error" else self.warnings).append(error)


def _key(original: Content, edits: Iterable[Edit]) -> str:
    """What tells `edits` of `original` from all others."""
    parts = [b"%d %d %b" % edit for edit in edits]
    return digests.of_bytes(b"\0".join([original.digest.encode(), *parts]))


def _whole(stream: IO[bytes]) -> bytes:
    return stream.read()
