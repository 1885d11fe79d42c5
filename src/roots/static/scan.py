"""Reads a source once and keeps what a release needs to know: digest, size, links, faults."""

import difflib
import posixpath
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import IO, NamedTuple

from roots.conf import Severity
from roots.errors import BuildError
from roots.paths import is_servable
from roots.static import content, manifest, names, references
from roots.static.content import Content
from roots.static.memory import Known, Memory
from roots.static.references import Reference
from roots.static.sources import Source

MAX_REWRITABLE_BYTES = 64 << 20  # a script this big is data; it is copied as it is, not held


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


def scan_plain(source: Source, memory: Memory) -> Scan:
    """Read `source` for its content only, unless `memory` has it. Raises as `Source.read` does."""
    known = memory.recall(source.name, source.local_path, source.look())
    return Scan(source, known.content if known else source.read(content.of_stream))


class Scanner:
    """Reads sources that refer to one another by `known` logical names, or below `static_url`.

    What `memory` has is not read again, and what is read, it learns.
    """

    def __init__(
        self, known: Collection[str], static_url: str, policy: Policy, memory: Memory
    ) -> None:
        self.known, self.static_url, self.policy, self.memory = known, static_url, policy, memory

    def scan(self, source: Source) -> Scan:
        """What `source` holds. Raises BuildError as `Source.read` does."""
        look = source.look()
        known = self.memory.recall(source.name, source.local_path, look)
        if known is None:
            known = source.read(self._reader(source.name))
            self.memory.learn(source.name, source.local_path, look, known)
        links: list[Link] = []
        missing: list[Link] = []
        for reference in known.references:
            target = names.target(source.name, reference.url, self.static_url)
            if target is not None:
                (links if target in self.known else missing).append(Link(reference, target))
        faults = tuple(self._faults(source, missing)) if missing else ()
        return Scan(source, known.content, tuple(links), faults)

    def _reader(self, name: str) -> Callable[[IO[bytes]], Known]:
        extension = _extension(name)
        if self.memory.rewrites_scripts and extension in _SCRIPTS:
            return _read_imports
        return _READERS.get(extension, _read_plain)

    def _faults(self, source: Source, missing: Iterable[Link]) -> Iterator[Fault]:
        """What to say about `missing`; the file is read again for the lines they stand on."""
        data: bytes | None = None
        for reference, target in missing:
            is_excused = source.is_packaged or reference.kind == "map"
            severity = self.policy.packaged if is_excused else self.policy.own
            if severity == "ignore":
                continue
            setting = "MISSING_REFERENCES_IN_PACKAGES" if is_excused else "MISSING_REFERENCES"
            data = source.read(_whole) if data is None else data
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


def _reading(find: Callable[[bytes], list[Reference]]) -> Callable[[IO[bytes]], Known]:
    def read(stream: IO[bytes]) -> Known:
        data = stream.read(MAX_REWRITABLE_BYTES + 1)
        if len(data) > MAX_REWRITABLE_BYTES:
            stream.seek(0)
            return _read_plain(stream)
        return Known(content.of_bytes(data), tuple(find(data)))

    return read


def _in_script(data: bytes) -> list[Reference]:
    from roots.static import imports  # most runs read no script; compiling its tokenizer takes long

    return [*imports.references_of(data), *references.in_javascript(data)]


def _read_plain(stream: IO[bytes]) -> Known:
    return Known(content.of_stream(stream))


def _whole(stream: IO[bytes]) -> bytes:
    return stream.read()


def _extension(name: str) -> str:
    return posixpath.splitext(name)[1].lower()


_READERS: Mapping[str, Callable[[IO[bytes]], Known]] = {
    ".css": _reading(references.in_css),
    ".js": _reading(references.in_javascript),
    ".mjs": _reading(references.in_javascript),
}
_SCRIPTS = {".js", ".mjs"}
_read_imports = _reading(_in_script)
