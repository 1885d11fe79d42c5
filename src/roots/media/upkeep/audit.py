"""Compares a root with what the tables and the ledger say of it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from heapq import merge
from typing import Any

from roots.media.upkeep.census import Census
from roots.media.upkeep.findings import Finding
from roots.media.upkeep.merge import side_by_side
from roots.media.upkeep.rules import Rules
from roots.media.upkeep.spool import batches
from roots.media.upkeep.walk import isolated, look_for, walk

Item = tuple[Any, ...]
Group = tuple[str, list[list[Item]]]
_BATCH_NAMES = 1_000


@dataclass(frozen=True)
class Audit:
    """Every name once, in ascending order; memory stays flat however many there are."""

    census: Census
    rules: Rules
    advance: Callable[[str, int], None] = lambda *_: None
    """Told how many names were done, and the last one of them."""

    def findings(self, after: str = "") -> Iterator[Finding]:
        """All that is wrong with the names that come after `after`.

        The tables are asked first and the disk last, and what then seems to be gone is looked for
        once more: nothing that is stored, handed over or deleted meanwhile is taken for lost.
        """
        named, recorded = self.census.named(after), self.census.recorded(after)
        groups = side_by_side(self._seen(after), recorded, named)
        for batch in batches(groups, _BATCH_NAMES):
            self._look_again([group for group in batch if self._seems_lost(group)])
            for name, items in batch:
                yield from self.rules.judge(name, *items)
            self.advance(batch[-1][0], len(batch))

    def _seen(self, after: str) -> Iterator[Item]:
        root = self.census.root
        return merge(walk(root, after), isolated(root, after))

    def _seems_lost(self, group: Group) -> bool:
        name, items = group
        return not items[0] and bool(self.rules.judge(name, *items))

    def _look_again(self, groups: list[Group]) -> None:
        recorded = _by_name(self.census.still_recorded(name for name, _ in groups))
        named = _by_name(self.census.still_named(row for _, items in groups for row in items[2]))
        for name, items in groups:
            seen = look_for(self.census.root, name)
            items[:] = [[seen] if seen else [], recorded[name], named[name]]


def _by_name(items: Iterable[Item]) -> defaultdict[str, list[Item]]:
    found: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        found[item[0]].append(item)
    return found
