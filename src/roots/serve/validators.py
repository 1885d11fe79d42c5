"""Conditional requests: entity tags, dates and their order of precedence (RFC 9110 section 13)."""

import re
from calendar import timegm
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import formatdate
from enum import Enum

_TAG = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_MONTH = r"(?P<month>[A-Z][a-z]{2})"
_CLOCK = r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)"
_DATES = tuple(
    re.compile(pattern + r"\Z", re.ASCII)
    for pattern in (
        rf"[A-Z][a-z]{{2}}, (?P<day>\d\d) {_MONTH} (?P<year>\d{{4}}) {_CLOCK} GMT",
        rf"[A-Z][a-z]{{5,8}}, (?P<day>\d\d)-{_MONTH}-(?P<year>\d\d) {_CLOCK} GMT",
        rf"[A-Z][a-z]{{2}} {_MONTH} (?P<day>[ \d]\d) {_CLOCK} (?P<year>\d{{4}})",
    )
)


class Outcome(Enum):
    """What the conditions of a request come to."""

    PROCEED = 200
    NOT_MODIFIED = 304
    FAILED = 412


@dataclass(frozen=True, slots=True)
class Validators:
    """What identifies the selected representation.

    `tag` is the opaque part of a strong ETag; `modified_s` is Last-Modified in whole Unix seconds.
    `is_fixed` says that the name never changes its bytes, so that even its date is a strong
    validator (section 8.8.2.2).
    """

    tag: str
    modified_s: int
    is_fixed: bool

    @property
    def etag(self) -> str:
        """As the ETag header says it."""
        return f'"{self.tag}"'

    @property
    def last_modified(self) -> str:
        """As the Last-Modified header says it."""
        return formatdate(self.modified_s, usegmt=True)


def evaluate(headers: Mapping[str, str], current: Validators) -> Outcome:
    """Section 13.2.2: a tag condition makes its date twin void; malformed dates are ignored."""
    if (wanted := headers.get("if-match")) is not None:
        if not _matches(wanted, current.tag, strong=True):
            return Outcome.FAILED
    elif (date := _date(headers, "if-unmodified-since")) is not None and current.modified_s > date:
        return Outcome.FAILED
    if (known := headers.get("if-none-match")) is not None:
        if _matches(known, current.tag, strong=False):
            return Outcome.NOT_MODIFIED
    elif (date := _date(headers, "if-modified-since")) is not None and current.modified_s <= date:
        return Outcome.NOT_MODIFIED
    return Outcome.PROCEED


def is_range_current(if_range: str | None, current: Validators) -> bool:
    """Whether a Range still applies (section 13.1.5); if not, the whole new file must be sent."""
    if if_range is None:
        return True
    if if_range.startswith(('"', "W/")):
        return if_range == current.etag
    return current.is_fixed and parse_date(if_range) == current.modified_s


def parse_date(text: str) -> int | None:
    """Unix seconds of an HTTP-date in any of its three forms (section 5.6.7); None if it is none.

    >>> [parse_date(d) for d in ("Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
    ...                          "Sun Nov  6 08:49:37 1994", "yesterday")]
    [784111777, 784111777, 784111777, None]
    """
    found = next((match for date in _DATES if (match := date.match(text.strip()))), None)
    if found is None or found["month"] not in _MONTHS:
        return None
    year = int(found["year"]) if len(found["year"]) == 4 else _century(int(found["year"]))
    second = min(int(found["second"]), 59)  # 60 is a leap second, which Unix time does not count
    month = _MONTHS.index(found["month"]) + 1
    try:
        date = datetime(
            year,
            month,
            int(found["day"]),
            int(found["hour"]),
            int(found["minute"]),
            second,
            tzinfo=UTC,
        )
    except ValueError:
        return None
    return timegm(date.timetuple())


def _century(year: int) -> int:
    """A two-digit year more than 50 years ahead is one of the past (section 5.6.7)."""
    now = datetime.now(UTC).year
    year += now - now % 100
    return year - 100 if year > now + 50 else year


def _date(headers: Mapping[str, str], name: str) -> int | None:
    text = headers.get(name)
    return None if text is None else parse_date(text)


def _matches(header: str, tag: str, *, strong: bool) -> bool:
    if header.strip() == "*":
        return True
    return any(found == tag and not (strong and weak) for weak, found in _TAG.findall(header))
