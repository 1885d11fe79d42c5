"""From staged bytes to a stored file: named by its content, never over another, all or nothing."""

import contextlib
import errno
import itertools
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from roots import atomic, digests
from roots.atomic import Modes
from roots.errors import StorageError
from roots.media import sharing
from roots.media.intake import Staged
from roots.media.names import compose

_LENGTHS = (12, 16, 24, 32, 48, 64)


@dataclass(frozen=True, slots=True)
class Terms:
    """How a root takes files in: with which modes, and whether it waits for the disk."""

    root: Path
    modes: Modes
    durable: bool


def accept(staged: Staged, name: str, terms: Terms, max_chars: int | None = None) -> str:
    """Give `staged` its stored name and return it; `name` is clean, `max_chars` as in `compose`.

    Where that name already holds the same bytes (compared, not believed) they are shared and the
    staged file goes; where it holds others, the digest in the name gets longer. Any number of
    threads and processes may do this at once. Raises StorageError (the environment's fault) with
    nothing changed below `root` but empty folders.
    """
    with atomic.blaming_environment(terms.root / name):
        digest = _settle(staged, terms)
        for length in _LENGTHS:
            stored = compose(name, digest, length, max_chars)
            if _place(staged.path, terms.root / stored, terms):
                return stored
    raise StorageError(
        f"Cannot store {name}: files with other content hold every name its digest gives; "
        f"find out who writes to {terms.root} and verify its files."
    )


def _settle(staged: Staged, terms: Terms) -> str:
    """Final mode, group and, if asked, a place on the disk. Returns the digest, taken anew if the
    file was changed in place since it arrived (a project that strips EXIF data by path)."""
    descriptor = os.open(staged.path, os.O_RDONLY | os.O_NOFOLLOW)
    with open(descriptor, "rb", buffering=0) as stream:
        facts = os.fstat(descriptor)
        _take_over_group(descriptor, facts, terms.root)
        os.fchmod(descriptor, terms.modes.file)
        if terms.durable:
            os.fsync(descriptor)
        if (facts.st_size, facts.st_mtime_ns) == (staged.size, staged.mtime_ns):
            return staged.digest
        return digests.of_stream(stream)


def _take_over_group(descriptor: int, facts: os.stat_result, root: Path) -> None:
    """Files belong to the root's group, as in Django 6.1: the web server may be let in by it."""
    group = root.stat().st_gid
    if facts.st_gid != group:
        with contextlib.suppress(PermissionError):
            os.fchown(descriptor, -1, group)


def _place(source: Path, target: Path, terms: Terms) -> bool:
    """Whether `target` now holds the bytes of `source`, which is gone then."""
    if not _move(source, target, terms) and not _share(source, target, terms):
        return False
    if terms.durable:
        atomic.sync_directory(target.parent)
    return True


def _share(source: Path, target: Path, terms: Terms) -> bool:
    """Let `target`, where it holds the same bytes, stand for `source`; False where it does not."""
    if not _is_same(source, target):
        return False
    with sharing.exclusive(terms.root, terms.modes):
        if target.is_file():
            sharing.mark(terms.root, target.relative_to(terms.root).as_posix())
            source.unlink()
            return True
    return _move(source, target, terms)  # somebody removed it while it was compared


def _move(source: Path, target: Path, terms: Terms) -> bool:
    try:
        return _move_into_folder(source, target, terms)
    except FileNotFoundError:  # someone removed the folder, empty as it was, in between
        return _move_into_folder(source, target, terms)


def _move_into_folder(source: Path, target: Path, terms: Terms) -> bool:
    _make_folder(target.parent, terms)
    try:
        return atomic.move_without_overwriting(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        return _copy_across(source, target, terms)


def _copy_across(source: Path, target: Path, terms: Terms) -> bool:
    """As `_move`, where a folder of the root is another disk (a mount, a symlink)."""
    near = target.with_name(f"{atomic.TEMPORARY_PREFIX}{source.name}")
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


def _make_folder(folder: Path, terms: Terms) -> None:
    if folder.is_dir():
        return
    atomic.make_directories(folder, terms.modes)
    if terms.durable:
        for parent in itertools.takewhile(lambda p: p != terms.root.parent, folder.parents):
            atomic.sync_directory(parent)


def _is_same(one: Path, other: Path) -> bool:
    try:
        if not other.is_file() or one.stat().st_size != other.stat().st_size:
            return False
        with open(one, "rb", buffering=0) as first, open(other, "rb", buffering=0) as second:
            return all(
                chunk == second.read(digests.CHUNK_BYTES)
                for chunk in iter(lambda: first.read(digests.CHUNK_BYTES), b"")
            )
    except FileNotFoundError:  # deleted while it was compared
        return False
