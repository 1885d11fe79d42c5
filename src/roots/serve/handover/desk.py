"""How a view hands a file to the layer in front: a desk for each request, and what is laid on it.

The desk travels in the WSGI environ or the ASGI scope, where no client can put or see anything. The
response names what it stands for with a token that only this desk knows, so a response that
middleware put in its place is sent as it is.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPMethod, HTTPStatus

from roots.serve.catalog import Entry
from roots.serve.core import Lookup, Root, unavailable
from roots.serve.headers import HeaderPolicy
from roots.serve.messages import Headers, Reply, Request
from roots.serve.opener import OpenFile, UnavailableError, look_at_root
from roots.serve.reports import REPORTS
from roots.serve.responder import Answer

KEY = "roots.handover"
"""Where environ and scope hold the desk."""

HEADER = "X-Roots-Handover"
"""The response header that holds the token. It never leaves the process."""

_MARKER = HEADER.lower()
_OF_THE_BODY = frozenset(
    {
        "accept-ranges",
        "content-disposition",
        "content-encoding",
        "content-length",
        "content-range",
        "content-type",
        "etag",
        "last-modified",
        _MARKER,
    }
)


@dataclass(frozen=True, slots=True)
class Handed:
    """A file that a view wants sent: `entry` below `directory`, under `policy`."""

    directory: str
    entry: Entry
    policy: HeaderPolicy

    def respond(self, method: str, headers: Mapping[str, str]) -> Answer:
        """The answer to a request with `method` and the REQUEST_HEADERS among `headers`.

        Blocks on the disk. Conditions and ranges are for GET and HEAD; the answer to any other
        method is the whole file (RFC 9110 sections 13.2.1 and 14.2).
        """
        is_safe = method in (HTTPMethod.GET, HTTPMethod.HEAD)
        request = Request(method, "", headers) if is_safe else Request(HTTPMethod.GET, "")
        try:
            return self._open(request)
        except UnavailableError:
            return Answer(unavailable(request))

    def _open(self, request: Request) -> Answer:
        chosen = self.entry.representations[0]
        lookup = Lookup(request, self._root(), self.entry, self.entry.representations)
        file = OpenFile.open(self.directory, chosen.path)
        if file is None:
            look_at_root(self.directory)
            self._report_missing(chosen.path)
            return Answer(lookup.missing())
        reply = lookup.answer(chosen, file.facts)
        return Answer.of(reply, file, self.entry.is_immutable)

    def _report_missing(self, name: str) -> None:
        subject = ("handed", self.directory, name)
        REPORTS.warn(subject, "A view sent %r, but %s has no such file.", name, self.directory)

    def _root(self) -> Root:
        return Root("", self.directory, _Named(self.entry), self.policy)


@dataclass(frozen=True, slots=True)
class _Named:
    """The catalog of a root that has one file."""

    entry: Entry

    def find(self, _: str) -> Entry:
        return self.entry


class Desk:
    """Where the views of one request lay the files they hand over.

    `is_open` turns false when nobody will look any more.
    """

    __slots__ = ("_handed", "is_open")

    def __init__(self) -> None:
        self.is_open = True
        self._handed: dict[str, Handed] | None = None

    @property
    def is_empty(self) -> bool:
        """Whether no view handed over anything, which is how nearly every request goes."""
        return self._handed is None

    def lay(self, handed: Handed) -> str:
        """Lay down `handed`; the token that HEADER must say in the response that stands for it."""
        token = secrets.token_hex(8)
        self._handed = {**(self._handed or {}), token: handed}
        return token

    def taken(self, status: int, headers: Headers) -> Handed | None:
        """What the response with `status` and `headers` stands for; None where it is for itself:
        one that was put in its place, or one that middleware made an error of."""
        if status != HTTPStatus.OK:
            return None
        tokens = (value for name, value in headers if name.lower() == _MARKER)
        return (self._handed or {}).get(next(tokens, ""))


def unmarked(headers: Headers) -> Headers:
    """`headers` without what is nobody's business outside."""
    return tuple(pair for pair in headers if pair[0].lower() != _MARKER)


def merged(answer: Answer, headers: Headers) -> Answer:
    """`answer` with those of Django's `headers` that say nothing about the body.

    Cookies, languages and policies survive. Where both say something, ours holds, except for the
    Cache-Control of a file: the view had the last word on that.
    """
    kept = tuple(pair for pair in headers if pair[0].lower() not in _OF_THE_BODY)
    ours = _without(answer.reply, kept)
    names = {name.lower() for name, _ in ours}
    theirs = tuple(pair for pair in kept if pair[0].lower() not in names)
    return answer._replace(reply=replace(answer.reply, headers=(*ours, *theirs)))


def _without(reply: Reply, kept: Headers) -> Headers:
    if reply.status >= 400 or not any(name.lower() == "cache-control" for name, _ in kept):
        return reply.headers
    return tuple(pair for pair in reply.headers if pair[0] != "Cache-Control")
