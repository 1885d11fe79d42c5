"""Reads a source once and keeps what a release needs to know: digest, size, links, faults."""

import difflib
import posixpath
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import IO, NamedTuple

from roots import digests
from roots.conf import Severity
from roots.errors import BuildError
from roots.static import names, references
from roots.static.references import Reference
from roots.static.sources import Source

MAX_REWRITABLE_BYTES = 64 << 20  # a script this big is data; it is copied as it is, not held
_READERS: Mapping[str, Callable[[bytes], list[Reference]]] = {
    ".css": references.in_css,
    ".js": references.in_javascript,
    ".mjs": references.in_javascript,
}


class Content(NamedTuple):
    """The digest and the size of some bytes."""

    digest: str
    size: int


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
    """A source, its content, its links to other sources and its faults."""

    source: Source
    content: Content
    links: tuple[Link, ...] = ()
    faults: tuple[Fault, ...] = ()


def scan_plain(source: Source) -> Scan:
    """Read `source` for its content only. Raises BuildError as `Source.read` does."""
    return Scan(source, source.read(_measured))


class Scanner:
    """Reads sources that refer to one another by `known` logical names, or below `static_url`."""

    def __init__(self, known: Collection[str], static_url: str, policy: Policy) -> None:
        self.known, self.static_url, self.policy = known, static_url, policy

    def scan(self, source: Source) -> Scan:
        """Read `source` whole. Raises BuildError as `Source.read` does."""
        reader = _READERS.get(posixpath.splitext(source.name)[1].lower())
        if reader is None:
            return scan_plain(source)
        data, content = source.read(_held)
        if len(data) > MAX_REWRITABLE_BYTES:
            return Scan(source, content)
        links: list[Link] = []
        faults: list[Fault] = []
        for reference in reader(data):
            target = names.target(source.name, reference.url, self.static_url)
            if target is None:
                continue
            if target in self.known:
                links.append(Link(reference, target))
            else:
                faults += self._faults(source, data, reference, target)
        return Scan(source, content, tuple(links), tuple(faults))

    def _faults(
        self, source: Source, data: bytes, reference: Reference, target: str
    ) -> Iterator[Fault]:
        is_excused = source.is_packaged or reference.kind == "map"
        severity = self.policy.packaged if is_excused else self.policy.own
        if severity == "ignore":
            return
        setting = "MISSING_REFERENCES_IN_PACKAGES" if is_excused else "MISSING_REFERENCES"
        error = BuildError(
            f"{reference.url!r} names no collected file{self._hint(target)}. Correct it, add the "
            f'file, or change ROOTS["{setting}"].',
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


def _measured(stream: IO[bytes]) -> Content:
    return Content(digests.of_stream(stream), stream.tell())


def _held(stream: IO[bytes]) -> tuple[bytes, Content]:
    """The bytes with their content; of a file too big to be rewritten, one byte too many."""
    data = stream.read(MAX_REWRITABLE_BYTES + 1)
    if len(data) <= MAX_REWRITABLE_BYTES:
        return data, Content(digests.of_bytes(data), len(data))
    stream.seek(0)
    return data, _measured(stream)
