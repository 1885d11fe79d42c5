"""What goes into the core and what comes out: plain values, no sockets, no files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import NamedTuple

Headers = tuple[tuple[str, str], ...]

REQUEST_HEADERS = (
    "accept-encoding",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "range",
)


class Span(NamedTuple):
    """`length` bytes of a file, from byte `start`."""

    start: int
    length: int


class Facts(NamedTuple):
    """What is known of a file once it is open: its size in bytes and its modification time."""

    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Request:
    """A request line and the headers that decide the answer.

    `path` is the decoded URL path, `query` the raw query string; `headers` holds those of
    REQUEST_HEADERS that were sent, by lower-case name, repeated lines joined with a comma (RFC 9110
    section 5.3).
    """

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    query: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: `body` as it stands, or, where `span` is set, that part of the opened file."""

    status: HTTPStatus
    headers: Headers
    body: bytes = b""
    span: Span | None = None
