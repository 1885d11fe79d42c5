"""Reads every file of the ledger again: is it what was stored?"""

import errno
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roots.media.upkeep.findings import Finding
from roots.media.upkeep.reread import THREADS, digest, reread
from roots.media.upkeep.spool import batches

Item = tuple[Any, ...]
_BATCH_NAMES = 500


@dataclass(frozen=True)
class Verification:
    """Which files of a root are as they were.

    `confirm` is told the names that are, some hundred at a time.
    """

    root: Path
    confirm: Callable[[list[str]], None]
    advance: Callable[[str, int], None] = lambda *_: None
    threads: int = THREADS

    def findings(self, recorded: Iterable[Item]) -> Iterator[Finding]:
        """What is wrong with the content of `recorded`: `(name, size, digest, state)` each."""
        stored = (item for item in recorded if item[3] == "stored")
        read = reread(stored, self.root, digest, self.threads)
        for batch in batches(read, _BATCH_NAMES):
            found = [finding for item, learned in batch if (finding := _judge(item, learned))]
            bad = {finding.name for finding in found}
            self.confirm([item[0] for item, _ in batch if item[0] not in bad])
            yield from found
            self.advance(batch[-1][0][0], len(batch))


def _judge(item: Item, learned: str | OSError) -> Finding | None:
    name, _, wanted, _ = item
    if isinstance(learned, str):
        facts = {"digest": learned, "recorded_digest": wanted}
        return None if learned == wanted else Finding("wrong-digest", name, facts)
    is_gone = learned.errno in (errno.ENOENT, errno.ENOTDIR)
    return Finding("missing" if is_gone else "unreadable", name)
