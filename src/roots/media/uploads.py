"""Uploads as Django sees them: every file of a request streams into staging while the body arrives.

One write per byte: what the request brought is what is stored, moved and never copied.
"""

import contextlib
import tempfile
import weakref
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest
from django.utils.functional import empty

from roots.errors import UploadRejected
from roots.media.admission import Refused
from roots.media.arrival import RejectedUpload, policy_for
from roots.media.intake import Staged, StagingFile

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
        stream = open(self.staged.path, "rb")  # noqa: SIM115  # ours until close()
        super().__init__(stream, size=self.staged.size, **described)

    @property
    def temporary_file_path(self) -> Callable[[], str]:
        """Django's `temporary_file_path()`; there only until a storage took the file.

        A storage that finds the method moves the file away: it must not do so with a stored one.
        """
        if not self.staged.path.exists():
            raise AttributeError(f"{self.name} is stored and has no temporary path any more.")
        return partial(str, self.staged.path)

    @property
    def owner(self) -> str:
        """The primary key of the user whose request brought the file, as text; "" where nobody is
        logged in, or nobody has asked who it is: this does not ask the database."""
        request = self._request() if self._request else None
        user = getattr(request, "user", None)
        if user is None or getattr(user, "_wrapped", user) is empty:
            return ""
        return str(user.pk) if user.is_authenticated else ""

    def is_staged_in(self, directory: Path) -> bool:
        """Whether the file waits in `directory`, so that it can be moved from there."""
        return self.staged.path.parent == directory and self.staged.path.exists()

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
        self._expected_bytes = 0
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
        self._expected_bytes = content_length

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A file starts to arrive. Raises StorageError."""
        super().new_file(*args, **kwargs)
        self._rejected = None
        self.file = StagingFile(_staging_directory())
        with self._refusing(0):
            policy = policy_for(self.request, self.field_name)
            self._inspection = policy.begin(self.file_name or "", self.content_length)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """A part of it is here. Raises StorageError, and Refused where the file is refused and too
        much of the body is left to read it for the sake of an answer."""
        if self.file is None:
            return
        with self._refusing(start + len(raw_data)):
            self._inspection.feed(raw_data)
            self.file.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:  # type: ignore[type-arg]
        """All of it is here."""
        described = {
            "name": self.file_name,
            "content_type": self.content_type,
            "charset": self.charset,
            "content_type_extra": self.content_type_extra,
        }
        if self._rejected is not None:
            return RejectedUpload(self._rejected, size=max(1, file_size), **described)
        assert self.file is not None  # noqa: S101
        staging, self.file = self.file, None
        return StagedUploadedFile(staging, self.request, **described)

    def upload_interrupted(self) -> None:
        """The rest of it will not come."""
        if self.file is not None:
            self.file.close()

    @contextlib.contextmanager
    def _refusing(self, received_bytes: int) -> Iterator[None]:
        """Keep a refusal for whoever asks for the file; what arrived of it goes."""
        try:
            yield
        except UploadRejected as rejected:
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
