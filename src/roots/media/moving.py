"""From one name to another below a root: never over anything, across disks where it must be."""

import contextlib
import errno
import itertools
import os
import shutil
import stat
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from roots import atomic, digests
from roots.atomic import Modes


@dataclass(frozen=True)
class Terms:
    """How a root takes files in: with which modes, and whether it waits for the disk."""

    root: Path
    modes: Modes
    durable: bool

    @cached_property
    def top(self) -> str:
        """The root as text: joining Paths takes longer than linking files."""
        return str(self.root)


def move(source: Path, target: Path, terms: Terms) -> bool:
    """Give `source` the name `target`; False, with nothing changed, where that name is taken.

    Folders are made as needed. Where a folder of the root is another disk (a mount, a symlink), the
    bytes are copied, and seen there only when they are whole.
    """
    try:
        return _move(source, target, terms)
    except FileNotFoundError:
        make_folder(target.parent, terms)
    try:
        return _move(source, target, terms)
    except FileNotFoundError:  # someone removed the folder, empty as it was, in between
        make_folder(target.parent, terms)
        return _move(source, target, terms)


def make_folder(folder: Path, terms: Terms) -> None:
    """Make `folder` and its parents with the root's modes, on the disk if that is asked for."""
    if folder.is_dir():
        return
    atomic.make_directories(folder, terms.modes)
    if terms.durable:
        for parent in itertools.takewhile(lambda p: p != terms.root.parent, folder.parents):
            atomic.sync_directory(parent)


def prune(path: Path, top: Path, modes: Modes | None = None) -> None:
    """Remove the folders above `path` that are empty now, up to `top`, which stays.

    With `modes`, only what would be made again just the same: one with others was somebody's
    choice.
    """
    with contextlib.suppress(OSError):
        for folder in itertools.takewhile(lambda each: each != top, path.parents):
            if modes and stat.S_IMODE(folder.lstat().st_mode) != modes.directory:
                return
            folder.rmdir()


def is_same(one: Path | str, other: Path) -> bool:
    """Whether both are files and hold the same bytes; False where one vanished."""
    try:
        if not other.is_file() or os.stat(one).st_size != other.stat().st_size:
            return False
        with open(one, "rb", buffering=0) as first, open(other, "rb", buffering=0) as second:
            return all(
                chunk == second.read(digests.CHUNK_BYTES)
                for chunk in iter(lambda: first.read(digests.CHUNK_BYTES), b"")
            )
    except FileNotFoundError:
        return False


def _move(source: Path, target: Path, terms: Terms) -> bool:
    try:
        return atomic.move_without_overwriting(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        return _copy_across(source, target, terms)


def _copy_across(source: Path, target: Path, terms: Terms) -> bool:
    near = Path(atomic.beside(str(target)))
    with (
        open(source, "rb") as stream,
        atomic.replacing(near, terms.modes, durable=terms.durable) as copy,
    ):
        shutil.copyfileobj(stream, copy, digests.CHUNK_BYTES)
    try:
        moved = atomic.move_without_overwriting(near, target)
    finally:
        near.unlink(missing_ok=True)
    if moved:
        source.unlink()
    return moved
