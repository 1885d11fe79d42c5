"""Takes files that were there before into the ledger: no byte and no row of the project changes."""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, BinaryIO

from django.conf import settings
from django.db import connections, transaction
from django.utils import timezone

from roots import digests, fingerprint
from roots.errors import ConfigError
from roots.media import ledger
from roots.media.content.pictures.measuring import shown_size
from roots.media.content.sniff import sniff_file, with_extension
from roots.media.ledger import Facts
from roots.media.upkeep.census import Census
from roots.media.upkeep.findings import Finding
from roots.media.upkeep.merge import side_by_side
from roots.media.upkeep.reread import THREADS, reread
from roots.media.upkeep.spool import batches
from roots.media.upkeep.walk import look

Item = tuple[Any, ...]
_BATCH_NAMES = 500


@dataclass(frozen=True)
class Adoption:
    """Records each file that a row names and that no ledger knows, or not as stored.

    What is recorded already is left alone, so this may be stopped and begun again at any time.
    `advance` is told of the names that are done: all of a batch, or none.
    """

    census: Census
    advance: Callable[[str, int], None] = lambda *_: None
    threads: int = THREADS

    def findings(self, after: str = "") -> Iterator[Finding]:
        """Do it, and give out what could not be adopted, in ascending order of the names.

        Raises ConfigError where there is no ledger.
        """
        if not ledger.databases():
            raise ConfigError(
                "There is no ledger to adopt files into: run manage.py migrate roots first."
            )
        root = self.census.root
        for batch in batches(
            reread(self._unknown(after), root, examine, self.threads), _BATCH_NAMES
        ):
            yield from self._record(batch)
            self.advance(batch[-1][0][0], len(batch))

    def _unknown(self, after: str) -> Iterator[Item]:
        """`(name, size in bytes, database)` of each file to adopt."""
        both = side_by_side(self.census.recorded(after), self.census.named(after))
        for name, (recorded, named) in both:
            states = {state for *_, state in recorded}
            if not named or "stored" in states:
                continue
            seen = look(self.census.root, name)
            if seen or "quarantined" not in states:
                yield name, seen.size if seen else 0, self.census.columns[named[0][1]].alias

    def _record(self, batch: list[tuple[Item, Facts | OSError]]) -> list[Finding]:
        by_alias: dict[str, list[Facts]] = {}
        found = []
        for (name, _, alias), facts in batch:
            if isinstance(facts, Facts):
                by_alias.setdefault(alias, []).append(facts)
            else:
                found.append(Finding(_KINDS.get(facts.errno or 0, "unreadable"), name))
        for alias, adopted in by_alias.items():
            with transaction.atomic(using=alias):
                for facts in adopted:
                    ledger.record(self.census.storage, facts, connections[alias])
        return found


def examine(file: BinaryIO, name: str) -> Facts:
    """What the ledger keeps of a file. Raises OSError (EINVAL where it is none)."""
    known = os.fstat(file.fileno())
    if not stat.S_ISREG(known.st_mode):
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), name)
    logical = (fingerprint.parse(name) or (name,))[0]
    content_type = with_extension(
        sniff_file(file), os.path.splitext(logical)[1].lower()
    ).content_type
    width, height = shown_size(content_type, file)
    file.seek(0)
    return Facts(
        name=name,
        original_name=logical.rpartition("/")[2],
        size=known.st_size,
        digest=digests.of_stream(file),
        content_type=content_type,
        width=width,
        height=height,
        stored_at=_moment(known.st_mtime),
    )


_KINDS = {
    errno.ENOENT: "missing",
    errno.ENOTDIR: "missing",
    errno.EINVAL: "not-a-file",
    errno.EISDIR: "not-a-file",
    errno.ENXIO: "not-a-file",
}
"""By what opening a file, or looking at it, failed with; a socket cannot be opened (ENXIO)."""


def _moment(seconds: float) -> datetime:
    """As this project's databases take it."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment if settings.USE_TZ else timezone.make_naive(moment)
