"""Uploads as Django sees them: every file of a request streams into staging while the body arrives.

One write per byte: what the request brought is what is stored, moved and never copied.
"""

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from roots.media.intake import Staged, StagingFile


class StagedUploadedFile(UploadedFile):  # type: ignore[type-arg]
    """An upload that arrived whole. Read-only, because its digest is known.

    It vanishes when closed (Django closes uploads with their request) unless a storage took it;
    until then it stays readable.
    """

    def __init__(self, staging: StagingFile, **described: Any) -> None:
        self.staged: Staged = staging.finish()
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
        if request is not None:
            # Django forgets the file that was arriving when a client went away or sent nonsense.
            # The garbage collector would find it, but in a calm process much later.
            request.close = partial(_close, request.close, self)  # type: ignore[method-assign]

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A file starts to arrive. Raises StorageError."""
        super().new_file(*args, **kwargs)
        self.file = StagingFile(_staging_directory())

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002
        """A part of it is here. Raises StorageError."""
        assert self.file is not None  # noqa: S101
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> StagedUploadedFile:  # noqa: ARG002
        """All of it is here."""
        assert self.file is not None  # noqa: S101
        staging, self.file = self.file, None
        return StagedUploadedFile(
            staging,
            name=self.file_name,
            content_type=self.content_type,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )

    def upload_interrupted(self) -> None:
        """The rest of it will not come."""
        if self.file is not None:
            self.file.close()


def _close(close_request: Callable[[], None], handler: StagingUploadHandler) -> None:
    handler.upload_interrupted()
    close_request()


def _staging_directory() -> Path:
    """Of the default storage; a test that swaps it for another kind gets temporary files."""
    from roots.media.storage import MediaStorage

    if isinstance(default_storage, MediaStorage):
        return default_storage.staging_directory()
    return Path(settings.FILE_UPLOAD_TEMP_DIR or tempfile.gettempdir())
