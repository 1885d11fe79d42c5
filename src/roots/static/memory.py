"""What the last run learned of its sources, so that an unchanged one costs one look.

It is a cache and never part of a release: without it everything is read again, and the same
manifest comes out. It lies in STATIC_ROOT because it speaks of that directory's files.

A file of lines: a header, then one for each source, then one for each file that was edited. They
are kept as they are and taken apart when asked for, which a hundred thousand of them need not be.
"""

import contextlib
import json
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from roots import __version__, atomic
from roots.atomic import Modes
from roots.static.content import Content
from roots.static.facts import NONE, Facts
from roots.static.manifest import Module
from roots.static.references import Reference

NAME = ".roots/sources"
RACY_NS = 2_000_000_000
"""A file younger than this when it is read may change again and keep its times: FAT counts two
seconds, and a kernel's clock some milliseconds (git calls such a file "racily clean")."""
_TICK_S = 0.01
_VERSION = [3, __version__]  # the number rises when reading the same bytes gives something else
_DIGEST_LENGTH = 64
_encode = json.JSONEncoder(separators=(",", ":")).encode
_CODEC = {"encoding": "utf-8", "errors": "surrogateescape"}  # paths are bytes that may be neither


class Look(NamedTuple):
    """What the file system says of a file that was not opened. A file that looks the same has the
    same bytes, unless it was `RACY_NS` young.

    The device is not among them: network mounts and containers get another one each time, and a
    file on another file system that has the same inode and the same ctime is too much of a chance.
    """

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int


class Known(NamedTuple):
    """What reading a source gave."""

    content: Content
    references: tuple[Reference, ...] = ()
    facts: Facts = NONE


@dataclass(slots=True)
class Memory:
    """What was known `before` this run, and what to know after it.

    `settled_ns`: files in STATIC_ROOT with an older ctime were whole when this was written, and
    nobody touched them since; 0 where nothing is known. With `rewrites_scripts`, scripts were read
    for their imports too.
    """

    settled_ns: int = 0
    rewrites_scripts: bool = False
    before: Mapping[str, str] = field(default_factory=dict)
    edited_before: Mapping[str, str] = field(default_factory=dict)
    started_ns: int = field(default_factory=time.time_ns)
    has_changed: bool = False
    _rows: dict[str, str] = field(default_factory=dict)
    _edited: dict[str, str] = field(default_factory=dict)

    def settled(self, look: Look | None) -> Look | None:
        """`look`, if a file that looks so after this run started will have the same bytes."""
        is_racy = look and max(look.mtime_ns, look.ctime_ns) > self.started_ns - RACY_NS
        return None if is_racy else look

    def recall(self, name: str, path: str | None, look: Look | None) -> Known | None:
        """What is known of the source `name`, if `path` still has the same `look`; else None."""
        row = self.before.get(name)
        if row is None or look is None:
            return None
        mark = _mark(path, look)
        known = _parsed(row[len(mark) :]) if row.startswith(mark) else None
        if known is not None:
            self._rows[name] = row
        return known

    def is_unchanged(self, name: str, path: str, look: Look | None) -> bool:
        """Whether `path` still has the `look` it had when the source `name` was read."""
        return look is not None and self.before.get(name, "").startswith(_mark(path, look))

    def learn(self, name: str, path: str | None, look: Look | None, known: Known) -> None:
        """Remember what reading the source gave, where `look` was taken before it was read."""
        kept = self.settled(look)
        row = (_mark(path, kept) if kept else "\t") + _written(known)
        if _is_line(name, row):
            self._rows[name] = row
        self.has_changed |= row != self.before.get(name)

    def digest_before(self, name: str) -> str:
        """The digest of the source `name` in the last run; "" where that is not known."""
        known = _parsed(self.before.get(name, "").partition("\t")[2])
        return known.content.digest if known else ""

    def recall_edited(self, key: str) -> tuple[Content, Facts] | None:
        """What some edits made of some content, both told by `key`; None where it is not known."""
        row = self.edited_before.get(key, "")
        known = _parsed(row)
        if known is None:
            return None
        self._edited[key] = row
        return known.content, known.facts

    def learn_edited(self, key: str, content: Content, facts: Facts) -> None:
        """Remember what some edits made of some content."""
        self._edited[key] = _written(Known(content, (), facts))
        self.has_changed = True

    def save(self, root: Path, modes: Modes) -> None:
        """Remember for the next run that all of this is so, and that `root` is as it should be.

        Only for the holder of the lock, when all is written. Raises as `atomic.write` does.
        """
        # a file that was written in the same tick of the kernel's clock would be read once more
        time.sleep(_TICK_S)
        path = root / NAME
        atomic.make_directories(path.parent, modes)
        header = {
            "version": [*_VERSION, self.rewrites_scripts],
            "home": path.parent.stat().st_ino,
            "sources": len(self._rows),
            "edited": len(self._edited),
        }
        with atomic.replacing(path, modes) as stream:
            stream.write(_encode(header).encode() + b"\n")
            for rows in (self._rows, self._edited):
                stream.writelines(f"{key}\t{row}\n".encode(**_CODEC) for key, row in rows.items())


def load(root: Path, *, rewrites_scripts: bool = False) -> Memory:
    """What the last run in `root` knew. Nothing, where it left nothing readable or read its scripts
    otherwise. Of a `root` that was copied from elsewhere, its sources only: what it says of files
    there need not hold here."""
    path = root / NAME
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        settled_ns = path.stat().st_mtime_ns
        with path.open("rb") as stream:
            header = json.loads(stream.readline())
            if header["version"] == [*_VERSION, rewrites_scripts]:
                sources = _rows(stream, header["sources"])
                edited = _rows(stream, header["edited"])
                is_home = header["home"] == os.stat(path.parent).st_ino
                return Memory(settled_ns if is_home else 0, rewrites_scripts, sources, edited)
    return Memory(rewrites_scripts=rewrites_scripts)


def _rows(stream: BinaryIO, count: int) -> dict[str, str]:
    """The next `count` lines by key. Raises ValueError where there are fewer."""
    lines = (line[:-1].decode(**_CODEC).partition("\t") for line in islice(stream, count))
    found = {key: row for key, _, row in lines}
    if len(found) != count:
        raise ValueError(f"{len(found)} lines instead of {count}")
    return found


def _mark(path: str | None, look: Look) -> str:
    return f"{look.size} {look.mtime_ns} {look.ctime_ns} {look.inode} {path}\t"


def _is_line(*parts: str) -> bool:
    """Whether these can be read back. A name may hold anything but a slash; such ones are rare."""
    return not any("\n" in part for part in parts) and "\t" not in parts[0]


def _written(known: Known) -> str:
    (digest, size), references, (integrity, module) = known
    more = [[(r.start, r.end, r.url, r.kind) for r in references], module]
    is_more = references or module is not None
    return f"{digest}\t{size}\t{integrity}\t{_encode(more) if is_more else ''}"


def _parsed(row: str) -> Known | None:
    """What `_written` wrote; None where it is damaged."""
    try:
        digest, size, integrity, more = row.split("\t")
        content = Content(sys.intern(digest), int(size))  # the manifest says them once more
        references, module = json.loads(more) if more else ((), None)
        facts = Facts(sys.intern(integrity), _module(module))
        found = tuple([Reference(*each) for each in references])
    except (ValueError, TypeError):
        return None
    return Known(content, found, facts) if len(digest) == _DIGEST_LENGTH else None


def _module(found: Any) -> Module | None:
    if found is None:
        return None
    static, dynamic = map(tuple, found)
    return Module(static, dynamic)
