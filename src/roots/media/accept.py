"""From staged bytes to a stored file: named by its content, never over another, all or nothing."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from roots import atomic, digests
from roots.errors import StorageError
from roots.media import moving
from roots.media.intake import Staged, make_ready
from roots.media.lifecycle import claims
from roots.media.lifecycle.claims import Claim
from roots.media.locking import exclusive
from roots.media.moving import Terms
from roots.media.names import compose

PathOf = Callable[[str, str, Path], str | None]
_LENGTHS = (12, 16, 24, 32, 48, 64)


class Accepted(NamedTuple):
    """A stored file: its name, digest and size in bytes, and the claim that keeps it."""

    name: str
    digest: str
    size: int
    claim: Claim

    @property
    def is_quarantined(self) -> bool:
        """Whether it waits where nobody can read it."""
        return self.claim.name != self.name


def accept(
    staged: Staged,
    name: str,
    terms: Terms,
    max_chars: int | None = None,
    path_of: PathOf | None = None,
) -> Accepted:
    """Give `staged` its stored name; `name` is clean, `max_chars` as in `compose`.

    `path_of` says where below the root a file of that name goes, if not there; see `quarantine`.
    Where that name already holds the same bytes (compared, not believed) they are shared and the
    staged file goes; where it holds others, the digest in the name gets longer. The file is claimed
    until somebody commits the claim or rolls it back. Any number of threads and processes may do
    this at once. Raises StorageError (the environment's fault) with nothing changed below `root`
    but empty folders.
    """
    try:
        digest, size = _settle(staged, terms)
        for length in _LENGTHS:
            stored = compose(name, digest, length, max_chars)
            path = path_of(staged.path, stored, terms.root) if path_of else stored
            if path and (claim := _claim(staged, path, terms)):
                return Accepted(stored, digest, size, claim)
    except OSError as error:
        atomic.blame(error, f"{terms.top}/{name}")
        raise
    raise StorageError(
        f"Cannot store {name}: files with other content hold every name its digest gives; "
        f"find out who writes to {terms.root} and verify its files."
    )


def _settle(staged: Staged, terms: Terms) -> tuple[str, int]:
    """Make the staged file ready. Returns digest and size, taken anew if the file was changed in
    place since it arrived (a project that strips EXIF data by path)."""
    if staged.is_claim:
        return staged.digest, staged.size
    descriptor = os.open(staged.path, os.O_RDONLY | os.O_NOFOLLOW)
    with open(descriptor, "rb", buffering=0) as stream:
        facts = os.fstat(descriptor)
        make_ready(descriptor, terms)
        if (facts.st_size, facts.st_mtime_ns) == (staged.size, staged.mtime_ns):
            return staged.digest, staged.size
        return digests.of_stream(stream), facts.st_size


def _claim(staged: Staged, stored: str, terms: Terms) -> Claim | None:
    """A claim on the file `stored`, which holds the bytes of `staged` now; None where it holds
    others. Raises OSError, and then the claim is gone."""
    claim = claims.take(staged, stored, terms) or _share(staged, stored, terms)
    if claim and terms.durable:
        try:
            atomic.sync_directory((terms.root / stored).parent)
        except BaseException:
            with exclusive(terms.root, terms.modes):
                claims.roll_back(claim)
            raise
    return claim


def _share(staged: Staged, stored: str, terms: Terms) -> Claim | None:
    if not moving.is_same(staged.path, terms.root / stored):
        return None
    with exclusive(terms.root, terms.modes):
        claim = claims.share(staged, stored, terms)
    return claim or claims.take(staged, stored, terms)  # it went away while it was compared
