"""Puts away what an audit found to be nobody's. Whatever it does, it looks again right before."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from roots.media import ledger, trash
from roots.media.abandoned import ABANDONED_AFTER_S
from roots.media.lifecycle import settling
from roots.media.quarantine import name_of
from roots.media.signals import file_purged, tell
from roots.media.upkeep.census import MOST_IN_A_QUERY, Census
from roots.media.upkeep.findings import Finding
from roots.media.upkeep.spool import batches
from roots.media.upkeep.walk import look

Outcome = tuple[str, Finding]
KEPT = "kept"
_VERBS = {"abandoned": "removed", "expired": "purged", "orphan": "trashed", "stale": "forgotten"}


@dataclass(frozen=True)
class Sweeper:
    """Sweeps one root. Files go to the trash, or for good where `trash_days` is 0."""

    census: Census
    trash_days: int

    def will(self, finding: Finding) -> str:
        """What would become of it; empty where a sweep leaves it alone."""
        if finding.kind == "orphan" and not self.trash_days:
            return "deleted"
        return _VERBS.get(finding.kind, "")

    def purge(self) -> Iterator[Outcome]:
        """Delete what was in the trash for too long. Raises OSError and DatabaseError."""
        purged = trash.purge(self.census.root, self.trash_days)
        for batch in batches(((entry.name, entry.size) for entry in purged), MOST_IN_A_QUERY):
            self._forget_trashed([name for name, _ in batch])
            for name, size in batch:
                tell(file_purged, self.census.storage, name_of(name))
                yield "purged", Finding("expired", name, {"bytes": size})

    def sweep(self, findings: Iterable[Finding]) -> Iterator[Outcome]:
        """What became of each of `findings` that is for a sweep, a few hundred at a time.

        It is `KEPT` where a row or an open transaction needs it by now. Raises StorageError and
        DatabaseError, with what comes behind untouched.
        """
        for batch in batches((each for each in findings if each.kind in _ACTS), MOST_IN_A_QUERY):
            for kind, found in groupby(sorted(batch, key=_turn), lambda each: each.kind):
                yield from _ACTS[kind](self, list(found))

    def _remove(self, found: list[Finding]) -> Iterator[Outcome]:
        deadline_s = time.time() - ABANDONED_AFTER_S
        for finding in found:
            seen = look(self.census.root, finding.name)
            is_due = bool(seen and seen.changed_s < deadline_s)
            if is_due:
                (self.census.root / finding.name).unlink(missing_ok=True)
            yield ("removed" if is_due else KEPT), finding

    def _throw_away(self, found: list[Finding]) -> Iterator[Outcome]:
        gone, _ = settling.settle(self.census.storage, [finding.name for finding in found])
        for finding in found:
            yield (self.will(finding) if finding.name in gone else KEPT), finding

    def _forget(self, found: list[Finding]) -> Iterator[Outcome]:
        ledger.purged(self.census.storage, [finding.name for finding in found])
        for finding in found:
            yield "forgotten", finding

    def _forget_trashed(self, names: list[str]) -> None:
        """Unless a later copy is in the trash, or the name is in use again."""
        gone = [name_of(name) for name in names if trash.find(self.census.root, name) is None]
        for rows in self.census.ledgers():
            rows.filter(name__in=gone, state="trashed").delete()


def _turn(finding: Finding) -> int:
    """What was abandoned first: a claim among it holds a file back."""
    return list(_ACTS).index(finding.kind)


_ACTS = {
    "abandoned": Sweeper._remove,
    "orphan": Sweeper._throw_away,
    "stale": Sweeper._forget,
}
