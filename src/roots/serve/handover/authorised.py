"""access="view": a function of the project's says who may read a file, for each request."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, URLPattern, re_path, resolve
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe

from roots.errors import ConfigError
from roots.media import ledger, storages
from roots.paths import is_servable
from roots.serve.assembly import spellings
from roots.serve.handover.sending import send_from
from roots.serve.headers import PRIVATE
from roots.serve.private import prefix_of

if TYPE_CHECKING:
    from roots.media.storage import MediaStorage

View = Callable[..., Any]


def patterns() -> Iterator[URLPattern]:
    """Where the files of every storage with access="view" are asked for. Raises ConfigError."""
    for storage in storages.private():
        if storage.access.kind == "view":
            view, prefix = view_of(storage), prefix_of(storage)
            for each in spellings(prefix):
                pattern = rf"^{re.escape(each[1:])}(?P<name>(?s:.+))\Z"
                yield re_path(pattern, view, name=_url_name(prefix))


def require_urls() -> None:
    """Raise ConfigError where the URLs of such a storage lead to something else, or nowhere."""
    for storage in storages.private():
        if storage.access.kind == "view":
            _require_url(storage, prefix_of(storage))


def _require_url(storage: "MediaStorage", prefix: str) -> None:
    try:
        found = resolve(f"{prefix}a.txt").url_name
    except Resolver404:
        found = None
    if found != _url_name(prefix):
        raise ConfigError(
            f"{storages.label(storage)} has access='view', but no URL below {prefix} leads to its "
            'files. Add path("", include("roots.urls")) to the urlpatterns of the project, before '
            "what takes every URL."
        )


def _url_name(prefix: str) -> str:
    return f"files below {prefix}"


def view_of(storage: "MediaStorage") -> View:
    """The view that sends files of `storage` to those who may read them; async if its `authorize`
    is. Raises ConfigError where that cannot be imported."""
    authorize = _authorize(storage)
    view = _async_view if iscoroutinefunction(authorize) else _view
    return require_safe(partial(view, storage, authorize))


def _view(storage: "MediaStorage", authorize: View, request: HttpRequest, name: str) -> Any:
    verdict = authorize(request, _record(storage, name))
    return _answer(request, storage, name, verdict)


async def _async_view(
    storage: "MediaStorage", authorize: View, request: HttpRequest, name: str
) -> Any:
    verdict = await authorize(request, await sync_to_async(_record)(storage, name))
    return _answer(request, storage, name, verdict)


def _record(storage: "MediaStorage", name: str) -> Any:
    """What is known of the file. Raises Http404 for a name that no file may have, which neither a
    database nor the project's function need to see."""
    if not is_servable(name):
        raise Http404(f"There is no file {name!r} to send.")
    return ledger.find(storage, name)


def _answer(
    request: HttpRequest, storage: "MediaStorage", name: str, verdict: object
) -> HttpResponseBase:
    if verdict is True:
        return send_from(storage, name, request)
    if verdict is False:
        raise PermissionDenied("This file is not for everybody.")
    if isinstance(verdict, HttpResponseBase):
        verdict.headers.setdefault("Cache-Control", PRIVATE)  # another visitor may be let in
        return verdict
    # Not by its truth: a coroutine nobody awaited is true.
    raise TypeError(
        f"authorize={storage.access.authorize!r} must return True, False or a response, but "
        f"returned {verdict!r}. Is it async, behind something that is not?"
    )


def _authorize(storage: "MediaStorage") -> View:
    found = storage.access.authorize
    try:
        found = import_string(found) if isinstance(found, str) else found
    except ImportError as error:
        raise ConfigError(
            f"authorize={found!r} of {storages.label(storage)} cannot be imported: {error}. Give "
            "the dotted path of a function, as 'shop.access.may_read'."
        ) from error
    if callable(found):
        return found
    raise ConfigError(
        f"authorize={found!r} of {storages.label(storage)} must be a function that is called with "
        "the request and the file's record."
    )
