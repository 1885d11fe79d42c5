"""What the log is told: once, not for every request that meets the same trouble."""

import logging
from collections import OrderedDict
from collections.abc import Callable, Hashable
from time import monotonic

REPEAT_S = 600
MOST_REMEMBERED = 1024

_logger = logging.getLogger("roots.serve")


class Reports:
    """Log lines, each subject's at most once in REPEAT_S seconds.

    Of the latest MOST_REMEMBERED subjects: visitors choose what they ask for, and must not fill the
    memory. Safe for threads, but for a line that two of them write at once.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._told: OrderedDict[Hashable, float] = OrderedDict()

    def warn(self, subject: Hashable, message: str, *arguments: object) -> None:
        """Log `message` as a warning, unless `subject` was heard of just now."""
        self._tell(logging.WARNING, subject, message, *arguments)

    def error(self, subject: Hashable, message: str, *arguments: object) -> None:
        """Log `message` as an error, unless `subject` was heard of just now."""
        self._tell(logging.ERROR, subject, message, *arguments)

    def forget(self) -> None:
        """Tell everything again."""
        self._told.clear()

    def _tell(self, level: int, subject: Hashable, message: str, *arguments: object) -> None:
        now = self._clock()
        if now - self._told.get(subject, float("-inf")) < REPEAT_S:
            return
        self._told[subject] = now
        while len(self._told) > MOST_REMEMBERED:
            self._told.popitem(last=False)
        _logger.log(level, message, *arguments)


REPORTS = Reports()
"""Those of this process."""
