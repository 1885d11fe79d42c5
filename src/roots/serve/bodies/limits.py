"""How large a request's body may be, by the path it is sent to."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """Bytes a body may have, by path prefix, the longest prefix first; None is no limit."""

    by_prefix: tuple[tuple[str, int | None], ...]

    def of(self, path: str) -> int | None:
        """Bytes that a body sent to `path` may have; None where any number.

        >>> limits = read({"/": 1000, "/upload/": 5000, "/upload/raw/": None})
        >>> limits.of("/page/"), limits.of("/upload/x"), limits.of("/upload/raw/x")
        (1000, 5000, None)
        """
        path = path if path.startswith("/") else f"/{path}"  # "" is the mount point itself
        return next((most for prefix, most in self.by_prefix if path.startswith(prefix)), None)

    def __bool__(self) -> bool:
        return any(most is not None for _, most in self.by_prefix)


def read(setting: int | Mapping[str, int | None] | None) -> BodyLimits:
    """The limits in `ROOTS["MAX_BODY_BYTES"]`: one for every path, or some by prefix."""
    limits = setting if isinstance(setting, Mapping) else {"/": setting}
    return BodyLimits(tuple(sorted(limits.items(), key=lambda each: len(each[0]), reverse=True)))


def exceeds(declared: str, most: int) -> bool:
    """Whether a Content-Length says more than `most` bytes; what is no number says nothing.

    >>> exceeds("1001", 1000), exceeds("1000", 1000), exceeds("-5", 1000), exceeds("9" * 5000, 9)
    (True, False, False, True)
    """
    digits = declared.strip().lstrip("0")
    if not (digits.isascii() and digits.isdecimal()):
        return False
    # Python refuses to convert very long numbers, and they are too large anyway.
    return len(digits) > len(str(most)) or int(digits) > most
