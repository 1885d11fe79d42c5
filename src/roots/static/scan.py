"""Tells what a source that was read means among the others: its links and its faults."""

import difflib
import posixpath
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from roots.conf import Severity
from roots.errors import BuildError
from roots.paths import is_servable
from roots.static import manifest, names, references
from roots.static.reading import Reading
from roots.static.references import Reference
from roots.static.source import Source


class Link(NamedTuple):
    """A reference and the logical name it means."""

    reference: Reference
    target: str


class Fault(NamedTuple):
    """Something wrong with a source, and how bad that is."""

    severity: Severity
    error: BuildError


class Policy(NamedTuple):
    """How bad a reference to a missing file is, by whose file holds it."""

    own: Severity = "error"
    packaged: Severity = "warn"


@dataclass(frozen=True, slots=True)
class Scan:
    """A source, what was read, its links to other sources and its faults."""

    source: Source
    reading: Reading
    links: tuple[Link, ...] = ()
    faults: tuple[Fault, ...] = ()


def refuse_name(source: Source) -> None:
    """Raise BuildError where no URL can lead to a file of this name, or it is taken."""
    if source.name == manifest.NAME or source.name.startswith(".roots"):
        raise BuildError(
            f"The name {source.name!r} is taken by the record of the release. Rename the file, or "
            "leave it out with --ignore.",
            path=source.origin,
        )
    try:
        source.name.encode()
    except UnicodeEncodeError:
        raise BuildError(
            "This name is not UTF-8, so no URL can name it. Rename the file, or leave it out with "
            "--ignore.",
            path=repr(source.origin),
        ) from None
    if not is_servable(source.name):
        raise BuildError(
            f"The name {source.name!r} is never served: no part may begin with a dot, hold a colon "
            "or a backslash, or be longer than 255 bytes. Rename the file, or leave it out with "
            "--ignore.",
            path=source.origin,
        )


class Scanner:
    """Links sources to one another by `known` logical names, or below `static_url`."""

    def __init__(self, known: Collection[str], static_url: str, policy: Policy) -> None:
        self.known, self.static_url, self.policy = known, static_url, policy

    def scan(self, source: Source, reading: Reading) -> Scan:
        """What `source` means, of which `reading` is known.

        Raises BuildError as `Source.read` does, when what is wrong with it has to be quoted.
        """
        links: list[Link] = []
        missing: list[Link] = []
        for reference in reading.known.references:
            target = names.target(source.name, reference.url, self.static_url)
            if target is not None:
                (links if target in self.known else missing).append(Link(reference, target))
        faults = tuple(self._faults(source, missing)) if missing else ()
        return Scan(source, reading, tuple(links), faults)

    def _faults(self, source: Source, missing: Iterable[Link]) -> Iterator[Fault]:
        """What to say about `missing`; the file is read again for the lines they stand on."""
        data: bytes | None = None
        for reference, target in missing:
            is_excused = source.is_packaged or reference.kind == "map"
            severity = self.policy.packaged if is_excused else self.policy.own
            if severity == "ignore":
                continue
            setting = "MISSING_REFERENCES_IN_PACKAGES" if is_excused else "MISSING_REFERENCES"
            data = source.whole() if data is None else data
            error = BuildError(
                f"{reference.url!r} names no collected file{self._hint(target)}. Correct it, add "
                f'the file, or change ROOTS["{setting}"].',
                path=source.origin,
                line=references.line_at(data, reference.start),
                text=references.excerpt(data, reference.start),
            )
            yield Fault(severity, error)

    def _hint(self, target: str) -> str:
        if target.startswith("../"):
            return f": {target!r} lies outside the static root"
        namesakes = self._by_base_name.get(posixpath.basename(target).lower())
        neighbours = self._by_directory.get(posixpath.dirname(target), [])
        nearest = difflib.get_close_matches(target, namesakes or neighbours, n=1, cutoff=0.5)
        return f" ({target!r}; did you mean {nearest[0]!r}?)" if nearest else f" ({target!r})"

    @cached_property
    def _by_base_name(self) -> Mapping[str, list[str]]:
        found = defaultdict(list)
        for name in sorted(self.known):
            found[posixpath.basename(name).lower()].append(name)
        return found

    @cached_property
    def _by_directory(self) -> Mapping[str, list[str]]:
        found = defaultdict(list)
        for name in sorted(self.known):
            found[posixpath.dirname(name)].append(name)
        return found
