"""What becomes of names that a row let go of: asked of all tables, then left alone or trashed."""

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from django.core.files.storage import FileSystemStorage

from roots import atomic, conf
from roots.media import ledger, moving, quarantine, trash
from roots.media.batches import NAMES_PER_QUERY
from roots.media.intake import HIDDEN
from roots.media.lifecycle import marks
from roots.media.lifecycle.marks import Fate
from roots.media.locking import exclusive
from roots.media.moving import Terms
from roots.media.referrers import named
from roots.media.signals import file_purged, file_restored, file_trashed, tell

_ATTEMPTS = 3
_FILES_PER_LOCK = 500
"""How many are marked or moved before others have their turn."""


def settle(
    storage: FileSystemStorage, names: Iterable[str], own: Collection[str] = ()
) -> tuple[list[str], list[str]]:
    """Move those files to the trash that no row names and no open transaction needs.

    Returns the names that went, and those that no row names but that an upload still holds; it asks
    again when its transaction is committed. Inside a transaction the answer is that transaction's;
    `own` are claims of it, which hold nothing back. With TRASH_DAYS of 0 files are deleted instead.
    Raises StorageError and DatabaseError, with the files not yet moved where they were.
    """
    settling = _Settling(storage, own)
    wanted = sorted(filter(_is_ours, set(names)))
    for start in range(0, len(wanted), NAMES_PER_QUERY):
        some = wanted[start : start + NAMES_PER_QUERY]
        for _ in range(_ATTEMPTS):
            some = settling.ask(some) if some else []
        settling.held += some
    return settling.gone, settling.held


def take_back(storage: FileSystemStorage, names: Sequence[str]) -> list[str]:
    """Bring files back from the trash; the names that have a file now. Raises StorageError and
    DatabaseError."""
    terms = terms_of(storage)
    with exclusive(terms.root, terms.modes):
        back = [name for name in names if _is_ours(name) and _take_back(name, terms)]
    held = {name for name in back if quarantine.standing(name, terms.root) != name}
    if held:
        ledger.quarantined(storage, sorted(held))
    if back := [name for name in back if name not in held]:
        ledger.restored(storage, back)
    for name in (*back, *held):
        tell(file_restored, storage, name)
    return [*back, *held]


def _take_back(name: str, terms: Terms) -> bool:
    """To where it was: what came to the trash from the quarantine goes back there."""
    waits = not (terms.root / name).exists() and trash.take_back(quarantine.place(name), terms)
    return waits or trash.take_back(name, terms)


def terms_of(storage: FileSystemStorage) -> Terms:
    """How the root of `storage` takes files in; a storage that is not ours has our modes."""
    terms = getattr(storage, "terms", None)
    if terms is None:
        return Terms(Path(storage.location), atomic.Modes(), durable=False)
    assert isinstance(terms, Terms)  # noqa: S101
    return terms


def _is_ours(name: str) -> bool:
    """Whether a row may name this file of a root, in the only spelling there is of it: a name with
    `..` in it would be another file's, and one below `.roots` nobody's."""
    parts = name.casefold().split("/")
    return parts[0] != HIDDEN and "\0" not in name and not {"", ".", ".."} & set(parts)


def _turns(paths: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(paths), _FILES_PER_LOCK):
        yield paths[start : start + _FILES_PER_LOCK]


class _Settling:
    def __init__(self, storage: FileSystemStorage, own: Collection[str]) -> None:
        self.storage, self.own = storage, own
        self.terms = terms_of(storage)
        self.gone: list[str] = []
        self.held: list[str] = []

    def ask(self, names: list[str]) -> list[str]:
        """Settle these; those about which somebody changed the answer meanwhile are returned."""
        paths = self._mark(names)
        before = len(self.gone)
        try:
            kept = named(self.storage, list(dict.fromkeys(map(quarantine.name_of, paths))))
            free = sorted(path for path in paths if quarantine.name_of(path) not in kept)
            return self._remove({path: paths[path] for path in free})
        finally:
            for marked in paths.values():
                marks.unmark(marked)
            self._write_down(self.gone[before:])

    def _mark(self, names: list[str]) -> dict[str, str]:
        root = self.terms.root
        present = [path for path in self._paths(names) if (root / path).is_file()]
        paths: dict[str, str | None] = {}
        for some in _turns(present):
            with exclusive(root, self.terms.modes), atomic.blaming_environment(root):
                paths.update((path, marks.mark(path, self.terms)) for path in some)
        return {path: marked for path, marked in paths.items() if marked is not None}

    def _paths(self, names: list[str]) -> list[str]:
        """Where files of these names may be."""
        if not quarantine.is_used(self.terms.root):
            return names
        return [path for name in names for path in (name, quarantine.place(name))]

    def _remove(self, paths: dict[str, str]) -> list[str]:
        again: list[str] = []
        by_fate = {Fate.FREE: self.gone, Fate.HELD: self.held, Fate.UNKNOWN: again}
        for some in _turns(list(paths)):
            with exclusive(self.terms.root, self.terms.modes):
                emptier: dict[str, str] = {}
                for path in some:
                    fate = marks.fate(path, paths[path], self.terms, self.own)
                    if fate is Fate.FREE:
                        self._throw_away(path)
                        emptier[os.path.dirname(path)] = path
                    by_fate[fate].append(quarantine.name_of(path))
                for path in emptier.values():
                    moving.prune(self.terms.root / path, self.terms.root, self.terms.modes)
        return again

    def _throw_away(self, below: str) -> None:
        if conf.configuration().trash_days:
            trash.put(below, self.terms)
        else:
            path = self.terms.root / below
            with atomic.blaming_environment(path):
                path.unlink(missing_ok=True)

    def _write_down(self, went: list[str]) -> None:
        if not went:
            return
        is_trashed = bool(conf.configuration().trash_days)
        (ledger.trashed if is_trashed else ledger.purged)(self.storage, went)
        for name in went:
            tell(file_trashed if is_trashed else file_purged, self.storage, name)
