"""One body made from any bytes, as a form with files: received or refused, and nothing is left."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.test import override_settings
from hypothesis import strategies as st

from roots.media.uploads import StagingUploadHandler

BOUNDARY = "b0"
HEAD = b'--b0\r\nContent-Disposition: form-data; name="f"; filename="'
EXAMPLES = (
    HEAD + b'a.txt"\r\n\r\nhello\r\n--b0--\r\n',
    HEAD + b'../../x"\r\nContent-Transfer-Encoding: base64\r\n\r\naGVs\nbG8=\r\n--b0--',
    HEAD + b'"\r\n\r\n\r\n' + HEAD + b'a"\r\n\r\n\r\n--b0',
)


class FormTarget:
    """Django's parser and our upload handler, which stages files in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def check(self, data: bytes) -> None:
        """Receive `data` as a body; raises AssertionError, or whatever is wrong."""
        request = HttpRequest()
        request.upload_handlers = [StagingUploadHandler(request)]
        head = {
            "CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}",
            "CONTENT_LENGTH": str(len(data)),
        }
        parser = MultiPartParser(head, io.BytesIO(data), request.upload_handlers)
        with suppress(MultiPartParserError, SuspiciousOperation):
            _, request._files = parser.parse()
            for _, files in request._files.lists():
                for file in files:
                    require_whole(file, data)
        request.close()
        assert os.listdir(self._folder) == []


def require_whole(file: UploadedFile, data: bytes) -> None:
    """Its bytes are in the body, and its name leads nowhere."""
    content = file.read()
    assert len(content) == file.size
    assert content in data or b"base64" in data
    assert "/" not in file.name
    assert file.name not in ("", ".", "..")


@contextmanager
def target() -> Iterator[FormTarget]:
    """A target with a MEDIA_ROOT of its own."""
    storage = {"default": {"BACKEND": "roots.media.storage.MediaStorage"}}
    with TemporaryDirectory(prefix="roots-fuzz-") as name, override_settings(
        STORAGES=settings.STORAGES | storage, MEDIA_ROOT=name
    ):  # fmt: skip
        yield FormTarget(default_storage.staging_directory())


PIECES = st.sampled_from(
    [
        *(
            b"--b0",
            b"\r\n",
            b"\r\n--b0\r\n",
            b"\r\n--b0--\r\n",
            b"--",
            b"\n",
            b"\r",
            b'"',
            b";",
            b"\0",
        ),
        *(b"Content-Disposition: form-data", b'; name="f"', b'; filename="x.jpg"', HEAD),
        *(b"; filename*=UTF-8''%2e%2e%2fx", b"Content-Type: text/plain; charset=", b"%00"),
        *(b"Content-Transfer-Encoding: base64", b"aGVsbG8=", b"Content-Length: -1", b"<script>"),
        b"\xff\xd8\xff\xe0",
    ]
)
BODIES = st.lists(PIECES | st.binary(max_size=30), max_size=30).map(b"".join)
