"""`send`: a view says who may read a file, the layer in front sends it."""

import os
import weakref
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import FileSystemStorage, Storage, default_storage
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from roots import mediatypes
from roots.conf import configuration
from roots.errors import ConfigError
from roots.media.catalog import MediaCatalog
from roots.media.storage import MediaStorage
from roots.paths import is_servable
from roots.serve.asgi import DISK
from roots.serve.assembly import rules_for
from roots.serve.catalog import Entry, Representation
from roots.serve.handover import offload
from roots.serve.handover.desk import HEADER, KEY, Desk, Handed
from roots.serve.headers import private_policy
from roots.serve.messages import REQUEST_HEADERS
from roots.serve.responder import Answer
from roots.serve.wsgi import FileSpan


def send(
    request: HttpRequest, file: FieldFile | str, *, download_name: str | None = None
) -> HttpResponseBase:
    """The response with `file`, for a view that has checked who asks; sync or async.

    `file` is what a FileField holds, or a name in the default storage. It is shown if its type is
    inert and a download otherwise; with `download_name` always a download, under that name.

    The response names the file and has no body: the layer in front answers conditions and ranges
    and sends the bytes. With ROOTS["OFFLOAD"] it is the proxy that does; where nothing stands in
    front (Django's test client), the response has the bytes itself. Headers you set on it are kept,
    except those that describe the body.

    Raises Http404 for an empty field and for a name that no file of the storage may have,
    ConfigError for a storage that keeps its files elsewhere than on a disk.
    """
    storage: Storage = default_storage if isinstance(file, str) else file.storage
    name = file if isinstance(file, str) else file.name
    return send_from(storage, name, request, download_name)


def send_from(
    storage: Storage, name: str | None, request: HttpRequest, download_name: str | None = None
) -> HttpResponseBase:
    """As `send`, for the file `name` of `storage`."""
    handed = _identify(storage, name, download_name)
    if offloaded := _offloaded(handed):
        return offloaded
    desk = _desk(request)
    if desk is not None and desk.is_open:
        return HandedOver(handed, desk)
    return _whole(request, handed)


class HandedOver(HttpResponse):
    """Stands for `handed`, laid on `desk`, until the layer in front has sent that."""

    def __init__(self, handed: Handed, desk: Desk) -> None:
        entry = handed.entry
        super().__init__(content_type=entry.content_type, headers=dict(handed.policy.shared(entry)))
        self[HEADER] = desk.lay(handed)

    def __getstate__(self) -> Any:
        raise TypeError(
            "A response of send() cannot be kept in Django's cache: it stands for a file that "
            "one visitor may read. Take cache_page off that view, or leave its Cache-Control alone."
        )


def _identify(storage: Storage, name: str | None, download_name: str | None) -> Handed:
    if not isinstance(storage, FileSystemStorage):
        raise ConfigError(
            f"send() needs a file on a disk, but {type(storage).__name__} keeps {name!r} "
            f"elsewhere. Redirect to {name!r}.url, signed by that storage, instead."
        )
    if not name or not is_servable(relative := _relative(storage, name)):
        raise Http404(f"There is no file {name!r} to send.")
    entry = _entry(storage, relative)
    if download_name is not None:
        entry = replace(entry, filename=download_name, is_download=True)
    return Handed(os.path.abspath(storage.location), entry, private_policy(rules_for("private")))


def _relative(storage: FileSystemStorage, name: str) -> str:
    """`name` as it is below the storage's location; empty where it leads out of it."""
    try:
        return os.path.relpath(storage.path(name), storage.location)
    except SuspiciousFileOperation:
        return ""


def _entry(storage: FileSystemStorage, name: str) -> Entry:
    if isinstance(storage, MediaStorage):
        return MediaCatalog().find(name)
    # Another storage may overwrite: digits in a name promise nothing about its content.
    filename = name.rpartition("/")[2]
    return Entry((Representation(name),), mediatypes.guess_untrusted(name), filename, False, name)


def _desk(request: HttpRequest) -> Desk | None:
    scope = getattr(request, "scope", None)
    desk = (request.META if scope is None else scope).get(KEY)
    return desk if isinstance(desk, Desk) else None


def _offloaded(handed: Handed) -> HttpResponse | None:
    """The response that tells ROOTS["OFFLOAD"]; None where nobody is to be told or can be."""
    entry, policy, proxy = handed.entry, handed.policy, configuration().offload
    told = proxy and offload.header(proxy, handed.directory, entry.representations[0].path)
    if not told:
        return None
    headers = dict((*policy.shared(entry), *policy.disposition(entry), told))
    return HttpResponse(content_type=entry.content_type, headers=headers)


def _whole(request: HttpRequest, handed: Handed) -> HttpResponseBase:
    """What the layer would send, as a response of Django's."""
    sent = {name: value for name in REQUEST_HEADERS if (value := request.headers.get(name))}
    answer = handed.respond(request.method or "GET", sent)
    response = _with_body(request, answer)
    response.headers = type(response.headers)(dict(answer.reply.headers))
    return response


def _with_body(request: HttpRequest, answer: Answer) -> HttpResponseBase:
    reply, file = answer.reply, answer.file
    if file is None or reply.span is None:
        return HttpResponse(reply.body, status=reply.status)
    chunks = FileSpan(file, reply.span)
    is_async = hasattr(request, "scope")
    response = StreamingHttpResponse(
        _AsyncChunks(chunks) if is_async else chunks, status=reply.status
    )
    weakref.finalize(response, chunks.close)  # the view may answer with something else
    return response


class _AsyncChunks(AsyncIterator[bytes]):
    """`chunks`, each read in a thread."""

    def __init__(self, chunks: FileSpan) -> None:
        self._chunks, self.close = chunks, chunks.close

    async def __anext__(self) -> bytes:
        if chunk := await DISK.run(next, self._chunks, b""):
            return chunk
        raise StopAsyncIteration
