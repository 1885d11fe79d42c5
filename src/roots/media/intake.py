"""Where bytes come in: a private file on the root's own file system, digested while it is written.

`<MEDIA_ROOT>/.roots/staging/<random>`: a dot-name, so never servable; on the same file system, so
that accepting it is a rename and no second copy. The file is its owner's alone; the folders have
the modes of all others, so that users who share a root by its group share this too.
"""

import contextlib
import os
import secrets
import weakref
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import BinaryIO, NamedTuple, Self

from blake3 import blake3

from roots import atomic
from roots.atomic import Modes
from roots.media.abandoned import sweep_claims, sweep_staging
from roots.media.moving import Terms

HIDDEN = ".roots"
CLAIMS = f"{HIDDEN}/claims"
_PRIVATE = 0o600
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC


class Staged(NamedTuple):
    """Bytes that arrived whole: where they are, their digest, and what `stat` said just then."""

    path: str
    digest: str
    size: int
    mtime_ns: int
    is_claim: bool = False
    """Whether it waits where claims are, with its final mode and group, and on the disk if that was
    asked for: it is stored as soon as it has a name."""


class StagingFile:
    """A file that is arriving. It vanishes when closed or forgotten, unless it was accepted.

    Raises StorageError, from its creation on, where the disk is full or may not be written.
    """

    def __init__(self, directory: Path) -> None:
        self.path = directory / secrets.token_hex(16)
        with atomic.blaming_environment(self.path):
            self._stream = open(self.path, "xb", opener=_private)  # noqa: SIM115
        self._digest = blake3()
        self._vanish = weakref.finalize(self, _discard, self._stream, self.path)

    def write(self, data: bytes) -> None:
        """Append `data`."""
        with atomic.blaming_environment(self.path):
            self._stream.write(data)
        self._digest.update(data)

    def finish(self) -> Staged:
        """Everything arrived. The file still vanishes with this object."""
        with atomic.blaming_environment(self.path):
            self._stream.flush()
            facts = os.fstat(self._stream.fileno())
            self._stream.close()
        return Staged(str(self.path), self._digest.hexdigest(), facts.st_size, facts.st_mtime_ns)

    def close(self) -> None:
        """Remove the file, whatever arrived of it; harmless once it was accepted."""
        self._vanish()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def receive(chunks: Iterable[bytes | str], directory: Path) -> StagingFile:
    """A staging file that holds `chunks`."""
    file = StagingFile(directory)
    try:
        for chunk in chunks:
            file.write(chunk.encode() if isinstance(chunk, str) else chunk)
    except BaseException:
        file.close()
        raise
    return file


def receive_at_once(data: bytes, terms: Terms) -> Staged:
    """As `receive`, for bytes that are in memory: with fewer steps, as a claim that only needs a
    name, and the caller's to remove. Raises StorageError, with nothing left."""
    path = f"{terms.top}/{CLAIMS}/{secrets.token_hex(16)}"
    try:
        descriptor = _create(path, terms)
        try:
            _write_all(descriptor, data)
            make_ready(descriptor, terms)
        except BaseException:
            os.unlink(path)
            raise
        finally:
            os.close(descriptor)
    except OSError as error:
        atomic.blame(error, path)
        raise
    return Staged(path, blake3(data).hexdigest(), len(data), 0, is_claim=True)


def make_ready(descriptor: int, terms: Terms) -> None:
    """Final mode, the group of the root and, if asked, a place on the disk.

    The group as in Django 6.1: the web server may be let in by it. Raises OSError.
    """
    group = os.stat(terms.top).st_gid
    if os.fstat(descriptor).st_gid != group:
        with contextlib.suppress(PermissionError):
            os.fchown(descriptor, -1, group)
    os.fchmod(descriptor, terms.modes.file)
    if terms.durable:
        os.fsync(descriptor)


def staging_directory(root: Path, modes: Modes) -> Path:
    """The staging directory of `root`, made (and `root` with it) where it is missing.

    A process that comes here for the first time sweeps out what killed ones left. Raises
    StorageError where `root` is a file, read-only or not this user's.
    """
    directory = staging_of(root)
    with atomic.blaming_environment(root):
        if not directory.is_dir():
            atomic.make_directories(directory, modes)
        _sweep_once(directory)
    return directory


@cache
def staging_of(root: Path) -> Path:
    """Where uploads of `root` arrive."""
    return root / HIDDEN / "staging"


@cache
def claims_of(root: Path) -> Path:
    """Where open transactions hold files of `root`; see `lifecycle.claims`."""
    return root / CLAIMS


@cache
def _sweep_once(directory: Path) -> None:
    sweep_staging(directory)
    with contextlib.suppress(FileNotFoundError):
        sweep_claims(directory.parent.parent / CLAIMS)


def _create(path: str, terms: Terms) -> int:
    try:
        return _private(path, _CREATE)
    except FileNotFoundError:
        staging_directory(terms.root, terms.modes)
        atomic.make_directories(claims_of(terms.root), terms.modes)
        return _private(path, _CREATE)


def _write_all(descriptor: int, data: bytes) -> None:
    written = os.write(descriptor, data)
    while written < len(data):  # two gigabytes at most in one go
        written += os.write(descriptor, memoryview(data)[written:])


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW, _PRIVATE)


def _discard(stream: BinaryIO, path: Path) -> None:
    with contextlib.suppress(OSError):  # what a full disk did not take is not wanted any more
        stream.close()
    path.unlink(missing_ok=True)
