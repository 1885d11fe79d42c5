"""Uploads as Django sees them: every file of a request streams into staging while the body arrives.

One write per byte: what the request brought is what is stored, moved and never copied.
"""

import contextlib
import os
import tempfile
import weakref
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Self, cast

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest
from django.utils.functional import empty

from roots.errors import DiskFull, UploadRejected
from roots.media import quotas
from roots.media.admission import Refused
from roots.media.arrival import RejectedUpload, policy_for
from roots.media.inspection import Verdict
from roots.media.intake import Staged, StagingFile
from roots.media.policy import Choice, Policy
from roots.media.refusals import refusal_of
from roots.media.reserve import require_room
from roots.media.scanning import Scanner
from roots.media.screening import Outcome, outcome

_READ_ON_BYTES = 64 << 20
"""How much of a body is read after a file in it was refused, so that the form can say why."""


class StagedUploadedFile(UploadedFile):  # type: ignore[type-arg]
    """An upload that arrived whole. Read-only, because its digest is known.

    It vanishes when closed (Django closes uploads with their request) unless a storage took it;
    until then it stays readable.
    """

    def __init__(
        self, staging: StagingFile, request: HttpRequest | None = None, **described: Any
    ) -> None:
        self.staged: Staged = staging.finish()
        self._request = weakref.ref(request) if request is not None else None  # which has the file
        self._staging = staging
        self._scanned: tuple[object, Outcome] | None = None
        self._verdicts: list[tuple[Policy | Choice, tuple[object, ...], Verdict]] = []
        stream = open(self.staged.path, "rb")  # noqa: SIM115  # ours until close()
        super().__init__(stream, size=self.staged.size, **described)

    @property
    def temporary_file_path(self) -> Callable[[], str]:
        """Django's `temporary_file_path()`; there only until a storage took the file.

        A storage that finds the method moves the file away: it must not do so with a stored one.
        """
        if not os.path.exists(self.staged.path):
            raise AttributeError(f"{self.name} is stored and has no temporary path any more.")
        return partial(str, self.staged.path)

    @property
    def owner(self) -> str:
        """The primary key of the user whose request brought the file, as text; "" where nobody is
        logged in, or nobody has asked who it is: only for a quota this asks the database."""
        request = self._request() if self._request else None
        user = getattr(request, "user", None)
        is_unknown = getattr(user, "_wrapped", user) is empty
        if user is None or (is_unknown and not quotas.is_on("owner")):
            return ""
        return str(user.pk) if user.is_authenticated else ""

    def judged_by(self, policy: Policy | Choice, name: str) -> Verdict:
        """What `policy` says of the upload if it is called `name`. Forms, models and storages ask
        one after the other, and get what was found first, unless somebody has changed the file by
        its path since. Raises UploadRejected."""
        asked = (name, self._facts())
        for known, before, verdict in self._verdicts:
            if known is policy and before == asked:
                return verdict
        verdict = policy.judge(name, cast(BinaryIO, self))
        self._verdicts.append((policy, asked, verdict))
        return verdict

    def found_by(self, scanner: Scanner) -> Outcome:
        """What `scanner` finds in the upload, remembered in the same way."""
        asked = (scanner, self._facts())
        if self._scanned is None or self._scanned[0] != asked:
            self._scanned = asked, outcome(scanner, cast(BinaryIO, self))
        return self._scanned[1]

    def _facts(self) -> tuple[int, ...]:
        """What changes with the file. Where a program that was given the path has put another file
        in its place, that one is read from now on, because that one is stored."""
        with contextlib.suppress(FileNotFoundError):
            if os.stat(self.staged.path).st_ino != os.fstat(self.fileno()).st_ino:
                super().close()
                self.file = open(self.staged.path, "rb")  # noqa: SIM115  # ours until close()
        facts = os.fstat(self.fileno())
        return facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns

    def is_staged_in(self, directory: Path) -> bool:
        """Whether the file waits in `directory`, so that it can be moved from there."""
        path = self.staged.path
        return os.path.dirname(path) == str(directory) and os.path.exists(path)

    def open(self, mode: str | None = None) -> Self:  # type: ignore[override]  # noqa: ARG002
        """Go back to the beginning. Raises ValueError once closed: Django would look for a file of
        the client's choosing in the working directory."""
        if self.closed:
            raise ValueError(f"{self.name} was closed and is gone; read it before, or store it.")
        self.seek(0)
        return self

    def close(self) -> None:
        """Close the file, and remove it if no storage took it."""
        super().close()
        self._staging.close()


class StagingUploadHandler(FileUploadHandler):
    """Receives every file of a request; the app installs it, see `roots.apps`."""

    chunk_size = 1 << 18

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.file: StagingFile | None = None
        self._rejected: UploadRejected | None = None
        self._expected_bytes = self._unchecked_bytes = 0
        if request is not None:
            # Django forgets the file that was arriving when a client went away or sent nonsense.
            # The garbage collector would find it, but in a calm process much later.
            request.close = partial(_close, request.close, self)  # type: ignore[method-assign]

    def handle_raw_input(
        self,
        input_data: Any,  # noqa: ARG002  # Django's signature
        META: Any,  # noqa: ARG002, N803
        content_length: int,
        *_: Any,
        **__: Any,
    ) -> None:
        """A body of so many bytes begins, as the client says."""
        self._expected_bytes = self._unchecked_bytes = content_length

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A file starts to arrive. Raises StorageError."""
        super().new_file(*args, **kwargs)
        self._rejected = None
        with self._refusing(0):
            self._begin()
            policy = policy_for(self.request, self.field_name)
            self._inspection = policy.begin(self.file_name or "", self.content_length)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """A part of it is here. Raises StorageError, and Refused where the file is refused and too
        much of the body is left to read it for the sake of an answer."""
        if self.file is None:
            return
        with self._refusing(start + len(raw_data)):
            self._inspection.feed(raw_data)
            require_room(self.file.path.parent, len(raw_data), self.file_name or "")
            self.file.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:  # type: ignore[type-arg]
        """All of it is here."""
        described = {
            "name": self.file_name,
            "content_type": self.content_type,
            "charset": self.charset,
            "content_type_extra": self.content_type_extra,
        }
        if self.file is not None:
            with self._refusing(file_size):  # the last bytes may find the disk full
                upload = StagedUploadedFile(self.file, self.request, **described)
                self.file = None
                return upload
        assert self._rejected is not None  # noqa: S101
        return RejectedUpload(self._rejected, size=max(1, file_size), **described)

    def upload_interrupted(self) -> None:
        """The rest of it will not come."""
        if self.file is not None:
            self.file.close()

    def _begin(self) -> None:
        """A file to write to, if there is room for a body as long as the client says."""
        directory = _staging_directory()
        expected, self._unchecked_bytes = self._unchecked_bytes, 0
        require_room(directory, expected, self.file_name or "", is_written=False)
        self.file = StagingFile(directory)

    @contextlib.contextmanager
    def _refusing(self, received_bytes: int) -> Iterator[None]:
        """Keep a refusal for whoever asks for the file; what arrived of it goes."""
        try:
            yield
        except (UploadRejected, DiskFull) as error:
            rejected = refusal_of(error, self.file_name or "")
            self.upload_interrupted()
            self.file, self._rejected = None, rejected
            if self._expected_bytes - received_bytes > _READ_ON_BYTES:
                raise Refused.because(rejected) from rejected


def _close(close_request: Callable[[], None], handler: StagingUploadHandler) -> None:
    handler.upload_interrupted()
    close_request()


def _staging_directory() -> Path:
    """Of the default storage; a test that swaps it for another kind gets temporary files."""
    from roots.media.storage import MediaStorage

    if isinstance(default_storage, MediaStorage):
        return default_storage.staging_directory()
    return Path(settings.FILE_UPLOAD_TEMP_DIR or tempfile.gettempdir())
