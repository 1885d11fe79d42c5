"""Range: which bytes of a representation are wanted (RFC 9110 section 14)."""

import re

from roots.serve.messages import Span

_BYTES = re.compile(r"bytes[ \t]*=[ \t]*(?P<first>[0-9]*)-(?P<last>[0-9]*)[ \t]*\Z", re.IGNORECASE)
_MAX_DIGITS = 19


class Unsatisfiable(Exception):
    """The range is well-formed but names no byte: 416."""


def parse(header: str, size: int) -> Span | None:
    """The bytes `header` asks for, of a representation of `size` bytes; None to send it whole.

    Whole is the answer to what the RFC lets a server ignore: other units, malformed ranges and more
    than one range (an amplification attack more often than a wish). Raises Unsatisfiable.

    >>> parse("bytes=0-0", 10), parse("bytes=-3", 10)
    (Span(start=0, length=1), Span(start=7, length=3))
    >>> parse("bytes=5-", 10), parse("bytes=7-99", 10), parse("bytes=0-1,5-6", 10)
    (Span(start=5, length=5), Span(start=7, length=3), None)
    """
    parsed = _BYTES.match(header)
    if parsed is None or parsed["first"] == parsed["last"] == "":
        return None
    if parsed["first"] == "":
        return _suffix(_number(parsed["last"]), size)
    first = _number(parsed["first"])
    last = _number(parsed["last"]) if parsed["last"] else size - 1
    if parsed["last"] and last < first:
        return None
    if first >= size:
        raise Unsatisfiable
    return Span(first, min(last, size - 1) - first + 1)


def _suffix(length: int, size: int) -> Span:
    if length == 0 or size == 0:
        raise Unsatisfiable
    length = min(length, size)
    return Span(size - length, length)


def _number(digits: str) -> int:
    """`digits` as an int; absurdly long ones (an attack on `int`) count as beyond every file."""
    digits = digits.lstrip("0") or "0"
    return int(digits) if len(digits) <= _MAX_DIGITS else 10**_MAX_DIGITS
