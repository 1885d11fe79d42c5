"""Ages and days as people write them: `90s`, `15m`, `6h`, `2d`; `2026-03-31`."""

import re
from argparse import ArgumentTypeError
from datetime import date

_UNITS_S = {"s": 1, "m": 60, "h": 60 * 60, "d": 24 * 60 * 60}
_AGE = re.compile(r"(\d+)([smhd])")


def seconds(text: str) -> int:
    """`text` in seconds. Raises ArgumentTypeError (the operator's fault).

    >>> seconds("90s"), seconds("2d")
    (90, 172800)
    """
    found = _AGE.fullmatch(text)
    if found is None:
        raise ArgumentTypeError(
            f"must be a whole number and one of s, m, h, d, as in 15m or 2d, but is {text!r}."
        )
    return int(found[1]) * _UNITS_S[found[2]]


def day(text: str) -> date:
    """`text` as a date. Raises ArgumentTypeError (the operator's fault).

    >>> day("2026-03-31")
    datetime.date(2026, 3, 31)
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"must be a date as in 2026-03-31, but is {text!r}.") from error
