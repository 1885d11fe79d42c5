"""Asks the scanner about stored files, and about those that wait for it."""

import errno
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from roots.media import quarantine
from roots.media.lifecycle import quarantining
from roots.media.scanning import ScanFailed, Scanner
from roots.media.screening import Outcome, outcome
from roots.media.upkeep.census import Census
from roots.media.upkeep.findings import Finding
from roots.media.upkeep.reread import THREADS, reread

Item = tuple[Any, ...]
CLEARED = "cleared"
_CONFIRMED_AT_ONCE = 200


@dataclass(frozen=True)
class Rescan:
    """Scans files of a root, some at a time; acts on each answer when it comes.

    `confirm` is told the names that were scanned, some hundred at a time.
    """

    census: Census
    scanner: Scanner
    confirm: Callable[[list[str]], None]
    advance: Callable[[str, int], None] = lambda *_: None
    threads: int = THREADS

    def findings(self, recorded: Iterable[Item]) -> Iterator[Finding]:
        """What became of `recorded`, `(name, size, state, threat)` each, in that order.

        A file in which something is found is in quarantine then ("infected"), unless somebody
        cleared it of just that; one that waited there and is harmless is stored ("clean"). Raises
        ScanFailed where the scanner takes no file at all, StorageError and DatabaseError.
        """
        root, scanned = self.census.root, list[str]()
        items = ((quarantine.standing(each[0], root), each[1], each) for each in recorded)
        try:
            for (_, _, item), found in reread(items, root, self._scan, self.threads):
                finding = self._act(item, found)
                if finding is not None:
                    yield finding
                if isinstance(found, str):
                    scanned.append(item[0])
                if len(scanned) >= _CONFIRMED_AT_ONCE:
                    self.confirm(scanned)
                    scanned = []
                self.advance(item[0], 1)
        finally:
            self.confirm(scanned)

    def _scan(self, file: BinaryIO, _: str) -> Outcome:
        return outcome(self.scanner, file)

    def _act(self, item: Item, found: Outcome | OSError) -> Finding | None:
        name, _, _, known = item
        if isinstance(found, OSError):
            is_gone = found.errno in (errno.ENOENT, errno.ENOTDIR)
            return Finding("missing" if is_gone else "unreadable", name)
        if isinstance(found, ScanFailed):
            self.scanner.scan(io.BytesIO())  # raises, if it is not about this file
            return Finding("unscanned", name, {"why": str(found)})
        if found:
            return self._infected(name, found, is_known=found == known)
        is_cleared = self._waits(name) and quarantining.clear(self.census.storage, name)
        return Finding("clean", name) if is_cleared else None

    def _infected(self, name: str, threat: str, *, is_known: bool) -> Finding | None:
        if is_known and not self._waits(name):
            return None
        if is_known or quarantining.isolate(self.census.storage, name, threat):
            return Finding("infected", name, {"threat": threat})
        return None

    def _waits(self, name: str) -> bool:
        return quarantine.holds(name, self.census.root)
