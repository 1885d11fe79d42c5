"""Reads sources, each once, for all that a release must know of them."""

import os
import posixpath
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import IO, NamedTuple

from roots.errors import BuildError
from roots.static import content, facts, names, processes, references
from roots.static.memory import Known, Look, Memory
from roots.static.references import Reference
from roots.static.source import Source

MAX_TEXT_BYTES = 64 << 20  # a script this big is data; it is copied as it is, not held


class Reading(NamedTuple):
    """What is known of a source, and how it looked when it was read just now; None where it may
    change and look the same, or was not read."""

    known: Known
    look: Look | None


def read_all(sources: Iterable[Source], memory: Memory) -> dict[str, Reading | BuildError]:
    """By logical name, what there is to know of `sources`, or why that cannot be known.

    What `memory` has is not read again, and what is read, it learns.
    """
    found: dict[str, Reading | BuildError] = {}
    unknown: list[tuple[Source, Look | None]] = []
    for source in sources:
        look = source.look()
        known = memory.recall(source.name, source.local_path, look)
        if known is None:
            unknown.append((source, look))
        else:
            found[source.name] = Reading(known, None)
    for source, look, result in _results(unknown, is_rewriting=memory.rewrites_scripts):
        if isinstance(result, Known):
            memory.learn(source.name, source.local_path, look, result)
            found[source.name] = Reading(result, memory.settled(look))
        else:
            found[source.name] = result
    return found


def read_one(source: Source, *, is_rewriting: bool = False) -> Known:
    """What `source` holds; with `is_rewriting`, the imports of a script are references too.

    Raises BuildError as `Source.read` does.
    """
    return source.read(partial(_known, source.name, is_rewriting=is_rewriting))


def _results(
    unknown: list[tuple[Source, Look | None]], *, is_rewriting: bool
) -> Iterable[tuple[Source, Look | None, Known | BuildError]]:
    read = partial(_attempt, is_rewriting=is_rewriting)
    unknown.sort(key=lambda each: -each[1].size if each[1] else 0)  # those elsewhere come last
    near = [source for source, look in unknown if look]
    results = processes.shared(read, near)
    for number, (source, look) in enumerate(unknown):
        known = results[number] if number < len(near) else None
        yield source, look, known or _insist(source, is_rewriting=is_rewriting)


def _attempt(source: Source, *, is_rewriting: bool) -> Known | None:
    """None where reading fails: why is found out by who can tell it."""
    try:
        return read_one(source, is_rewriting=is_rewriting)
    except BuildError:
        return None


def _insist(source: Source, *, is_rewriting: bool) -> Known | BuildError:
    try:
        return read_one(source, is_rewriting=is_rewriting)
    except BuildError as error:
        return error


def _known(name: str, stream: IO[bytes], *, is_rewriting: bool) -> Known:
    extension = posixpath.splitext(name)[1].lower()
    is_imported = is_rewriting and extension in facts.SCRIPTS
    find = _in_script if is_imported else _FINDERS.get(extension)
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    if find is None or size > MAX_TEXT_BYTES:
        return Known(content.of_stream(stream, size), (), facts.of_stream(name, stream))
    data = stream.read()
    found = tuple(each for each in find(data) if not names.is_inline(each.url))
    return Known(content.of_bytes(data), found, facts.of_bytes(name, data))


def _in_script(data: bytes) -> list[Reference]:
    from roots.static import imports  # most runs read no script; compiling its tokenizer takes long

    return [*imports.references_of(data), *references.in_javascript(data)]


_FINDERS: Mapping[str, Callable[[bytes], list[Reference]]] = {
    ".css": references.in_css,
    ".js": references.in_javascript,
    ".mjs": references.in_javascript,
}
