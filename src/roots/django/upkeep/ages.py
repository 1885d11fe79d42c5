"""Ages as people write them: `90s`, `15m`, `6h`, `2d`."""

import re
from argparse import ArgumentTypeError

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
