"""The Django storage for MEDIA_ROOT: `STORAGES["default"]`."""

import contextlib
import io
import itertools
import os
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeGuard

from django.core.exceptions import SuspiciousFileOperation
from django.core.files import File
from django.utils.deconstruct import deconstructible

from roots import conf
from roots.atomic import TEMPORARY_PREFIX, Modes
from roots.errors import ConfigError, DiskFull, UploadRejected
from roots.media import origin, quarantine, screening
from roots.media.accept import accept
from roots.media.access import MAX_AGE_S, Access, Authorize, Kind
from roots.media.addressed import AddressedStorage
from roots.media.admission import Refused, admitted, project_policy
from roots.media.description import describe
from roots.media.intake import HIDDEN, Staged, receive, receive_at_once, staging_directory
from roots.media.lifecycle import events
from roots.media.moving import Terms
from roots.media.names import clean
from roots.media.refusals import refusal_of
from roots.media.reserve import require_room, with_room
from roots.media.uploads import StagedUploadedFile

_MOST = 512
"""Characters of a name that the ledger takes."""


@deconstructible(path="roots.media.storage.MediaStorage")
class MediaStorage(AddressedStorage):
    """Django's `FileSystemStorage`, except that a name carries its content.

    `photo.jpg` is stored as `photo.3f2a91c0d4e7.jpg`, equal uploads are stored once, nothing is
    ever overwritten, and a reader never sees half a file. Takes the arguments of FileSystemStorage;
    modes it is not given are 0644 and 0755, whatever the umask says. `access`, `max_age_s` and
    `authorize` say who may read the files: see `roots.media.access.Access`.
    """

    def __init__(
        self,
        location: str | os.PathLike[str] | None = None,
        base_url: str | None = None,
        file_permissions_mode: int | None = None,
        directory_permissions_mode: int | None = None,
        allow_overwrite: bool = False,
        *,
        access: Kind = "public",
        max_age_s: int = MAX_AGE_S,
        authorize: Authorize | None = None,
    ) -> None:
        super().__init__(
            location,
            base_url,
            file_permissions_mode,
            directory_permissions_mode,
            access=Access(access, max_age_s, authorize),
        )
        if allow_overwrite:
            raise ConfigError(
                "MediaStorage got allow_overwrite=True, but a name carries its content and is "
                "never overwritten; remove the option."
            )

    def save(
        self, name: str | os.PathLike[str] | None, content: Any, max_length: int | None = None
    ) -> str:
        """Store `content` and return its stored name, at most `max_length` characters long.

        `content` is read from its beginning; an upload that was staged for this root is moved, not
        copied. Raises SuspiciousFileOperation (HTTP 400) for a name no file may have, StorageError
        where the environment fails and DatabaseError where the ledger cannot be written, with
        nothing left of the file. In a transaction that rolls back the file goes with it.
        """
        wanted = str((content.name or "") if name is None else name)
        field = origin.field_of(wanted)
        with admitted(wanted, content, project_policy()) as (wanted, content), _ANSWERING_400:
            # Cleaned after every hook a subclass may override, not before (CVE-2024-39330).
            safe = clean(self.get_available_name(wanted, max_length=max_length))

            terms = self.terms

            def store(staged: Staged) -> str:
                path_of = screening.path_of(staged, content, safe.rpartition("/")[2])
                most = min(max_length or _MOST, _MOST)
                accepted = accept(staged, safe, terms, most, path_of)
                events.stored(self, accepted, partial(describe, accepted, wanted, content, field))
                return accepted.name

            return self._staging(content, terms, store)

    def get_valid_name(self, name: str) -> str:
        """`name` made safe; spaces and Unicode stay. Raises SuspiciousFileOperation."""
        with _ANSWERING_400:
            return clean(name)

    def generate_filename(self, filename: str | os.PathLike[str]) -> str:
        """`filename`, folder included, made safe. Raises SuspiciousFileOperation."""
        folder, slash, last = str(filename).rpartition("/")
        with _ANSWERING_400:
            return clean(folder + slash + self.get_valid_name(last))

    def get_available_name(
        self,
        name: str,
        max_length: int | None = None,  # noqa: ARG002  # Django's signature
    ) -> str:
        """`name` made safe. Every name is available: the content makes it unique when saved."""
        with _ANSWERING_400:
            return clean(name)

    def delete(self, name: str) -> None:
        """Move the file to the trash as soon as no row of any model names it; see
        `events.release`."""
        if not name:
            raise ValueError("MediaStorage.delete() needs the name of a file, but got none.")
        # Rows know one spelling only, so `./a.txt` must not pass for a file that no row names.
        events.release(self, os.path.relpath(self.path(name), self.location))

    def open(self, name: str, mode: str = "rb") -> "File[Any]":
        """Open the file for reading. Raises io.UnsupportedOperation for every other mode."""
        if not set(mode).isdisjoint("wax+"):
            raise io.UnsupportedOperation(
                f"Cannot open {name!r} with mode {mode!r}: its name carries its content. "
                "Save the new content instead, and keep the name that save() returns."
            )
        return super().open(name, mode)

    def path(self, name: str) -> str:
        """The absolute path of `name`. Raises SuspiciousFileOperation outside the root and for
        what this package keeps inside it for itself."""
        path = super().path(name)
        if self._is_ours(path):
            raise SuspiciousFileOperation(f"{name!r} is kept by django-roots for itself.")
        return path

    def exists(self, name: str) -> bool:
        """Whether a file, a folder or a symlink has this name."""
        path = super().path(name)
        return not self._is_ours(path) and os.path.lexists(path)

    def is_quarantined(self, name: str) -> bool:
        """Whether the file waits where nobody can read it, because nobody has scanned it yet or a
        scanner found something; see docs/scanning.md."""
        below = os.path.relpath(self.path(name), self.location)
        return quarantine.standing(below, self.terms.root) != below

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Folders and files in `path`, without what this package keeps there for itself."""
        folders, files = super().listdir(path)
        return (
            [name for name in folders if name != HIDDEN],
            [name for name in files if not name.startswith(TEMPORARY_PREFIX)],
        )

    @property
    def terms(self) -> Terms:
        """How this root takes files in."""
        modes = self.file_permissions_mode, self.directory_permissions_mode
        return _terms(str(self.location), *modes, conf.configuration().durable_uploads)

    def staging_directory(self) -> Path:
        """Where uploads for this root arrive. Raises StorageError, or ConfigError where the root
        is not set."""
        self._require_root()
        return staging_directory(Path(self.location), self.terms.modes)

    def _staging(self, content: Any, terms: Terms, store: Callable[[Staged], str]) -> str:
        """What `store` returns for the bytes of `content`; they are gone where it raises."""
        self._require_root()
        if _is_staged_in(self, content):
            return store(content.staged)
        name = (content.name or "").rpartition("/")[2] or "The file"
        chunks = iter(content.chunks())
        first, second = next(chunks, b""), next(chunks, None)
        if second is not None:
            every = with_room(itertools.chain((first, second), chunks), self.location, name)
            with receive(every, self.staging_directory()) as file:
                return store(file.finish())
        require_room(self.location, len(first), name)
        staged = receive_at_once(first, terms)
        try:
            return store(staged)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(staged.path)
            raise

    def _require_root(self) -> None:
        if not self.base_location:
            raise ConfigError(
                "MEDIA_ROOT is not set, so there is no place for uploads. Set it to a directory of "
                "its own, for example MEDIA_ROOT = BASE_DIR / 'media'."
            )

    def _is_ours(self, path: str) -> bool:
        first = os.path.relpath(path, self.location).partition(os.sep)[0]
        return first.casefold() == HIDDEN


def _is_staged_in(storage: MediaStorage, content: object) -> TypeGuard[StagedUploadedFile]:
    if not isinstance(content, StagedUploadedFile):
        return False
    return content.is_staged_in(storage.staging_directory())


@cache
def _terms(location: str, file_mode: int | None, folder_mode: int | None, durable: bool) -> Terms:
    modes = Modes(file_mode or Modes().file, folder_mode or Modes().directory)
    return Terms(Path(location), modes, durable)


class _Answering400:
    """Says it in Django's words: views answer SuspiciousFileOperation with 400."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        if isinstance(error, UploadRejected | DiskFull) and not isinstance(error, Refused):
            raise Refused.because(refusal_of(error, "The file")) from error


_ANSWERING_400 = _Answering400()
