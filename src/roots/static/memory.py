"""What the last run learned of its sources, so that an unchanged one costs one look.

It is a cache and never part of a release: without it everything is read again, and the same
manifest comes out. It lies in STATIC_ROOT because it speaks of that directory's files.
"""

import contextlib
import json
import os
import time
from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from roots import __version__, atomic
from roots.atomic import Modes
from roots.static.content import Content
from roots.static.references import Reference

NAME = ".roots/sources.json"
RACY_NS = 2_000_000_000
"""A file younger than this when it is read may change again and keep its times: FAT counts two
seconds, and a kernel's clock some milliseconds (git calls such a file "racily clean")."""
_TICK_S = 0.01
_VERSION = [2, __version__]  # the number rises when reading the same bytes gives something else
_Row = list[Any]


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


@dataclass(slots=True)
class Memory:
    """What was known `before` this run, and what to know after it.

    `settled_ns`: files in STATIC_ROOT with an older ctime were whole when this was written, and
    nobody touched them since; 0 where nothing is known. With `rewrites_scripts`, scripts were read
    for their imports too.
    """

    settled_ns: int = 0
    rewrites_scripts: bool = False
    before: Mapping[str, _Row] = field(default_factory=dict)
    edited_before: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    started_ns: int = field(default_factory=time.time_ns)
    has_changed: bool = False
    _rows: dict[str, _Row] = field(default_factory=dict)
    _edited: dict[str, tuple[str, int]] = field(default_factory=dict)

    def recall(self, name: str, path: str | None, look: Look | None) -> Known | None:
        """What is known of the source `name`, if `path` still has the same `look`; else None."""
        row = self.before.get(name)
        if row is None or look is None or row[0] != path or row[1] != list(look):
            return None
        try:
            known = Known(Content(row[2], row[3]), tuple([Reference(*each) for each in row[4]]))
        except (TypeError, IndexError):
            return None
        self._rows[name] = row
        return known

    def learn(self, name: str, path: str | None, look: Look | None, known: Known) -> None:
        """Remember what reading the source gave, where `look` was taken before it was read."""
        is_racy = look and max(look[1:3]) > self.started_ns - RACY_NS
        kept = None if look is None or is_racy else list(look)
        row = [path, kept, *known.content, [list(astuple(each)) for each in known.references]]
        self._rows[name] = row
        self.has_changed |= row != self.before.get(name)

    def digest_before(self, name: str) -> str:
        """The digest of the source `name` in the last run; "" where that is not known."""
        row = self.before.get(name)
        return row[2] if row else ""

    def recall_edited(self, key: str) -> Content | None:
        """What some edits made of some content, both told by `key`; None where it is not known."""
        found = self.edited_before.get(key)
        if found is None:
            return None
        self._edited[key] = found
        return Content(*found)

    def learn_edited(self, key: str, content: Content) -> None:
        """Remember what some edits made of some content."""
        self._edited[key] = content
        self.has_changed = True

    def save(self, root: Path, modes: Modes) -> None:
        """Remember for the next run that all of this is so, and that `root` is as it should be.

        Only for the holder of the lock, when all is written. Raises as `atomic.write` does.
        """
        # a file that was written in the same tick of the kernel's clock would be read once more
        time.sleep(_TICK_S)
        path = root / NAME
        atomic.make_directories(path.parent, modes)
        content = {
            "version": [*_VERSION, self.rewrites_scripts],
            "home": path.parent.stat().st_ino,
            "sources": self._rows,
            "edited": self._edited,
        }
        atomic.write(path, json.dumps(content, separators=(",", ":")).encode(), modes)


def load(root: Path, *, rewrites_scripts: bool = False) -> Memory:
    """What the last run in `root` knew. Nothing, where it left nothing readable or read its scripts
    otherwise. Of a `root` that was copied from elsewhere, its sources only: what it says of files
    there need not hold here."""
    path = root / NAME
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        settled_ns = path.stat().st_mtime_ns
        content = json.loads(path.read_bytes())
        is_readable = content["version"] == [*_VERSION, rewrites_scripts]
        if is_readable and _are_whole(content["sources"], content["edited"]):
            is_home = content["home"] == os.stat(path.parent).st_ino
            since = settled_ns if is_home else 0
            return Memory(since, rewrites_scripts, content["sources"], content["edited"])
    return Memory(rewrites_scripts=rewrites_scripts)


def _are_whole(sources: Mapping[str, _Row], edited: Mapping[str, Any]) -> bool:
    return all(len(row) == 5 for row in sources.values()) and all(
        len(found) == 2 for found in edited.values()
    )
