"""What every part of `manage.py media` is given: the storage, and a way to tell what it found."""

import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from roots.django.upkeep.telling import printable, told
from roots.media.storage import MediaStorage
from roots.media.upkeep.findings import KINDS, Finding
from roots.progress import Progress

CLEAN, FOUND, FAILED = 0, 1, 2
"""What the command exits with."""


@dataclass
class Task:
    """One run of one part, and how it is told: as lines of text, or of JSON.

    `found` and `done` count what was told; `names` were looked at, the last of them `last_name`.
    """

    storage: MediaStorage
    write: Callable[[str], None]
    progress: Progress
    is_json: bool = False
    found: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    names: int = 0
    last_name: str = ""
    started_s: float = field(default_factory=time.time)

    @property
    def root(self) -> Path:
        """The directory the storage keeps its files in."""
        return Path(self.storage.location)

    def advance(self, name: str, count: int = 1) -> None:
        """So many more names are done, the last of them `name`."""
        self.names += count
        self.last_name = name
        self.progress.advance(printable(name), count)

    def tell(self, finding: Finding) -> None:
        """Tell one finding."""
        self.found[finding.kind] += 1
        line = {"kind": finding.kind, "name": finding.name, **finding.facts}
        self.line(json.dumps(line) if self.is_json else told(finding))

    def tell_done(self, what: str, finding: Finding) -> None:
        """Tell what was, or would be, done about it."""
        self.done[what] += 1
        line = {"done": what, "kind": finding.kind, "name": finding.name, **finding.facts}
        self.line(json.dumps(line) if self.is_json else f"{what}: {told(finding)}")

    def line(self, text: str) -> None:
        """Tell `text`, above whatever shows the progress."""
        self.progress.clear()
        self.write(text)

    def sum_up(self) -> int:
        """Tell what was found altogether; the exit code."""
        for kind, count in self.found.items():
            self._closing(f"{count:,} {kind}: {KINDS[kind].what}; {KINDS[kind].remedy}")
        count = self.found.total()
        self._closing(f"{self.names:,} names in {self._took_s} s, findings: {count:,}.")
        done = {"done": dict(self.done)} if self.done else {}
        self._summary(findings=dict(self.found), **done)
        return FOUND if self.found else CLEAN

    def close(self, remark: str = "") -> int:
        """Tell what was done altogether; the exit code for that."""
        told = ", ".join(f"{count:,} {what}" for what, count in self.done.items())
        self._closing(f"{told or 'nothing to do'}. {remark}".rstrip())
        self._summary(done=dict(self.done))
        return CLEAN

    def _closing(self, text: str) -> None:
        if not self.is_json:
            self.line(text)

    def _summary(self, **facts: dict[str, int]) -> None:
        if self.is_json:
            known = {"names": self.names, "took_s": self._took_s}
            self.line(json.dumps({"summary": facts | known}))

    @property
    def _took_s(self) -> float:
        return round(time.time() - self.started_s, 1)
