"""Writing so that a reader never sees half a file.

Bytes go to a hidden temporary file in the target's own directory (or, for uploads, in the staging
directory of the same file system) and get their final name in one step. Modes are set on the
descriptor, so neither they nor anything else here depends on the umask or changes it.
"""

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from roots.errors import DiskFull, StorageError

TEMPORARY_PREFIX = ".roots-"


class Modes(NamedTuple):
    """Permission bits for what is written: exact, whatever the umask says."""

    file: int = 0o644
    directory: int = 0o755


@contextlib.contextmanager
def replacing(target: Path, modes: Modes, *, durable: bool = False) -> Iterator[BinaryIO]:
    """Open a file that becomes `target` when the block ends well and vanishes when it does not.

    `durable` also waits until the bytes are on the disk. Raises StorageError when the disk is full,
    read-only or not writable by this user.
    """
    with (
        blaming_environment(target),
        filling(os.fspath(target), modes, durable=durable) as descriptor,
        open(descriptor, "wb", closefd=False) as stream,
    ):
        yield stream


@contextlib.contextmanager
def filling(target: str, modes: Modes, *, durable: bool = False) -> Iterator[int]:
    """As `replacing`, with a descriptor to write to, and OSError when the system refuses."""
    temporary = beside(target)
    descriptor = _create(temporary, modes)
    try:
        try:
            yield descriptor
            os.fchmod(descriptor, modes.file)
            if durable:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise


def beside(target: str) -> str:
    """A new hidden name in the directory of `target`; nobody else makes the same one."""
    return os.path.join(os.path.dirname(target), TEMPORARY_PREFIX + secrets.token_hex(8))


def write(target: Path, data: bytes, modes: Modes, *, durable: bool = False) -> None:
    """Make `data` the content of `target` in one step. Raises as `replacing` does."""
    with replacing(target, modes, durable=durable) as stream:
        stream.write(data)


def move_without_overwriting(source: Path, target: Path) -> bool:
    """Give `source` the name `target`; False, with nothing changed, where that name is taken.

    Both must be on one file system. Where it has no hard links (FAT, some network mounts), an empty
    placeholder reserves the name first.
    """
    try:
        os.link(source, target, follow_symlinks=False)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        return _reserve_and_replace(source, target)
    source.unlink()
    return True


def make_directories(directory: Path, modes: Modes) -> None:
    """Create `directory` and its missing parents, each with exactly `modes.directory`.

    Existing ones keep their modes. Safe against others creating the same ones at the same time
    (CVE-2020-24583, CVE-2026-25674: never through the umask).
    """
    if directory.is_dir():
        return
    make_directories(directory.parent, modes)
    with contextlib.suppress(FileExistsError):
        directory.mkdir(modes.directory)
        directory.chmod(modes.directory)


def sync_directory(directory: Path) -> None:
    """Wait until names given in `directory` are on the disk (after a link or rename)."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class blaming_environment:  # noqa: N801  # a context manager, quicker than one of contextlib's
    """Turn what the operating system refuses at `path` into a StorageError with advice."""

    __slots__ = ("path",)

    def __init__(self, path: Path | str) -> None:
        self.path = path

    def __enter__(self) -> None:
        """Nothing is refused yet."""

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        if isinstance(error, OSError):
            blame(error, self.path)


def blame(error: OSError, path: Path | str) -> None:
    """Raise a StorageError for what the operating system refused at `path`, if there is advice."""
    if advice := _ADVICE.get(error.errno or 0):
        reason = os.strerror(error.errno or 0)
        kind = DiskFull if error.errno in _FULL else StorageError
        raise kind(f"Cannot write {path}: {reason}. {advice}") from error


def _create(path: str, modes: Modes) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    try:
        return os.open(path, flags, 0o600)
    except FileNotFoundError:  # nearly always the directory is there, so it is not asked for first
        make_directories(Path(path).parent, modes)
        return os.open(path, flags, 0o600)


def _reserve_and_replace(source: Path, target: Path) -> bool:
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return False
    try:
        source.replace(target)
    except BaseException:
        target.unlink()
        raise
    return True


_NO_HARD_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}

_FULL = {errno.ENOSPC, errno.EDQUOT}
_ADVICE = {
    errno.ENOSPC: "Free space (or inodes) on that disk and try again; what was in place still is.",
    errno.EDQUOT: "The user's quota is used up; raise it or free space; what was in place is.",
    errno.EROFS: "The file system is mounted read-only; mount it writable or move the root.",
    errno.EACCES: "Give the user that runs this process write permission there.",
    errno.EPERM: "Give the user that runs this process write permission there.",
    errno.ENOTDIR: "A part of that path is a file where a directory must be; move the file away.",
    errno.ENOENT: "A folder on that path is missing, or a symlink leads nowhere; put it right.",
    errno.ELOOP: "A symlink on that path leads in a circle; put it right.",
    errno.EEXIST: "A file stands where a directory must be; move the file away.",
    errno.EISDIR: "A directory stands where a file must be; move the directory away.",
    errno.ENAMETOOLONG: "The name is longer than this file system allows; shorten it.",
}
