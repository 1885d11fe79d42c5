"""Decides what a release holds, without touching STATIC_ROOT: contents, stored names, problems."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from roots.conf import Severity
from roots.errors import BuildError, RootsError
from roots.static.memory import Memory
from roots.static.naming import Naming
from roots.static.planned import PlannedFile
from roots.static.reading import Reading, read_all
from roots.static.scan import Policy, Scan, Scanner, refuse_name
from roots.static.source import Source


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

    What `memory` knows is not read again. A file that a bundler named, as the regular expressions
    `hashed_names` tell, carries its fingerprint already: it keeps its name and every byte.
    """
    memory = memory or Memory()
    planner = _Planner(sources, memory)
    scanner = Scanner(sources.keys(), static_url, policy)
    scans = {
        source.name: scan
        for source, reading in planner.readings()
        if (scan := planner.scanned(scanner, source, reading))
    }
    files: dict[str, PlannedFile] = {}
    if not planner.errors:
        hashed = re.compile("|".join(hashed_names)) if hashed_names else None
        try:
            files = Naming(sources.keys(), scans, memory, hashed).files()
        except BuildError as error:
            planner.errors.append(error)
    return planner.finished(files)


def plan_plain(sources: Mapping[str, Source], memory: Memory | None = None) -> Plan:
    """Plan to copy `sources` under their logical names, with nothing read into them."""
    planner = _Planner(sources, memory or Memory())
    files = {}
    for source, (known, look) in planner.readings():
        files[source.name] = PlannedFile(source, known.content, known.content, look=look)
    return planner.finished(files, is_fingerprinted=False)


@dataclass(slots=True)
class _Planner:
    """Reads `sources` and collects what is wrong with them."""

    sources: Mapping[str, Source]
    memory: Memory
    errors: list[BuildError] = field(default_factory=list)
    warnings: list[BuildError] = field(default_factory=list)

    def readings(self) -> list[tuple[Source, Reading]]:
        """What could be read, in the order of logical names; the rest is reported."""
        wanted = [source for _, source in sorted(self.sources.items()) if self._has_name(source)]
        self._refuse_directories()
        found = read_all(wanted, self.memory)
        readable = []
        for source in wanted:
            reading = found[source.name]
            if isinstance(reading, BuildError):
                self._blame(source, reading)
            else:
                readable.append((source, reading))
        return readable

    def scanned(self, scanner: Scanner, source: Source, reading: Reading) -> Scan | None:
        """What `source` means; None where that is reported to be wrong."""
        try:
            scan = scanner.scan(source, reading)
        except BuildError as error:
            self._blame(source, error)
            return None
        for fault in scan.faults:
            self._report(*fault)
        return scan

    def finished(self, files: Mapping[str, PlannedFile], *, is_fingerprinted: bool = True) -> Plan:
        """The plan of `files`, with all that was reported."""
        in_order = dict(sorted(files.items()))
        errors, warnings = tuple(self.errors), tuple(self.warnings)
        return Plan(in_order, errors, warnings, is_fingerprinted, self.memory)

    def _has_name(self, source: Source) -> bool:
        try:
            refuse_name(source)
        except BuildError as error:
            self._blame(source, error)
            return False
        return True

    def _refuse_directories(self) -> None:
        """Report files whose name is a directory of others: one finder had this, one had that."""
        directories: dict[str, str] = {}
        for name in self.sources:
            while (parent := name.rpartition("/")[0]) and parent not in directories:
                directories[parent] = name
                name = parent
        for name in sorted(directories.keys() & self.sources.keys()):
            error = BuildError(
                f"There is also a directory of this name, for {directories[name]!r}. Rename one of "
                "them, or leave one out with --ignore.",
                path=self.sources[name].origin,
            )
            self.errors.append(error)

    def _blame(self, source: Source, error: BuildError) -> None:
        self._report("warn" if source.is_packaged else "error", error)

    def _report(self, severity: Severity, error: BuildError) -> None:
        (self.errors if severity == "error" else self.warnings).append(error)
