"""What is wrong with a name, judged from what the disk, the ledger and the tables say of it."""

import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import translate
from functools import cached_property
from typing import Any

from roots.media.upkeep.findings import Finding

Item = tuple[Any, ...]
MOST_ROWS_TOLD = 10
_TEMPORARY = re.compile(r"(.*/)?\.roots-[^/]+\Z", re.DOTALL)


@dataclass(frozen=True)
class Rules:
    """How a root should be.

    Nothing is said of a file that changed after `settled_s` (seconds since 1970): the transaction
    that names it may still be open. `columns` are the labels of those that name files, and files
    that match one of the patterns in `keep` are there on purpose though no row names them.
    """

    settled_s: float
    file_mode: int = 0o644
    directory_mode: int = 0o755
    columns: Sequence[str] = ()
    keep: Sequence[str] = ()

    def judge(
        self, name: str, seen: list[Item], recorded: list[Item], named: list[Item]
    ) -> list[Finding]:
        """Everything that is wrong with `name`.

        `seen` holds at most one `walk.Seen`, `recorded` a `(name, size, digest, state)` of each
        ledger, and `named` a `(name, number of the column, primary key)` of each row.
        """
        if not seen or (named and stat.S_ISLNK(seen[0][2])):
            return list(self._absent(name, recorded, named))
        _, size, mode, changed_s, is_quarantined = seen[0]
        if changed_s > self.settled_s:
            return []
        if name.endswith("/"):
            return list(_unsafe(name, mode, self.directory_mode))
        if not stat.S_ISREG(mode) and not stat.S_ISLNK(mode):
            return [Finding("not-a-file" if mode else "unreadable", name)]
        found = [*_unsafe(name, mode, self.file_mode), *_resized(name, size, recorded)]
        if named:
            found += _ill_recorded(name, recorded, "quarantined" if is_quarantined else "stored")
            return [*found, Finding("quarantined", name)] if is_quarantined else found
        return [*found, *self._unnamed(name, size, changed_s, recorded)]

    def is_kept(self, name: str) -> bool:
        """Whether the file may stay though no row names it. A hidden one always may: it never came
        from a user."""
        return name.startswith(".") or "/." in name or bool(self._kept.match(name))

    @cached_property
    def _kept(self) -> re.Pattern[str]:
        return re.compile("|".join(map(translate, self.keep)) or r"(?!)")

    def _absent(self, name: str, recorded: list[Item], named: list[Item]) -> Iterator[Finding]:
        states = {state for *_, state in recorded}
        if named:
            told = [
                {"field": self.columns[column], "pk": pk}
                for _, column, pk in named[:MOST_ROWS_TOLD]
            ]
            facts = {"rows": len(named), "named_by": told, "is_in_trash": "trashed" in states}
            yield Finding("missing", name, facts)
        elif not states.isdisjoint({"stored", "quarantined"}):
            yield Finding("stale", name)

    def _unnamed(
        self, name: str, size: int, changed_s: float, recorded: list[Item]
    ) -> Iterator[Finding]:
        if _TEMPORARY.match(name):
            yield Finding("abandoned", name, {"bytes": size})
        elif not self.is_kept(name):
            changed = datetime.fromtimestamp(changed_s, UTC).isoformat(timespec="seconds")
            facts = {"bytes": size, "changed": changed, "is_recorded": bool(recorded)}
            yield Finding("orphan", name, facts)


def _unsafe(name: str, mode: int, wanted: int) -> Iterator[Finding]:
    if not mode:
        yield Finding("unreadable", name)
    elif not stat.S_ISLNK(mode) and (mode & stat.S_IWOTH or wanted & 0o055 & ~mode):
        yield Finding("unsafe-mode", name, {"mode": f"{stat.S_IMODE(mode):04o}"})


def _resized(name: str, size: int, recorded: list[Item]) -> Iterator[Finding]:
    for _, wanted, *_ in recorded:
        if wanted != size:
            yield Finding("wrong-size", name, {"bytes": size, "recorded_bytes": wanted})


def _ill_recorded(name: str, recorded: list[Item], wanted: str) -> Iterator[Finding]:
    states = {state for *_, state in recorded}
    if not recorded:
        yield Finding("unrecorded", name)
    elif wanted not in states:
        yield Finding("misrecorded", name, {"state": ", ".join(sorted(states))})
