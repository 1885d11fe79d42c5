"""What becomes of names that a row let go of: asked of all tables, then left alone or trashed."""

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from django.core.files.storage import FileSystemStorage

from roots import atomic, conf
from roots.media import ledger, moving, trash
from roots.media.intake import HIDDEN
from roots.media.lifecycle import marks
from roots.media.lifecycle.marks import Fate
from roots.media.locking import exclusive
from roots.media.moving import Terms
from roots.media.referrers import NAMES_PER_QUERY, named

_ATTEMPTS = 3


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
        back = [name for name in names if _is_ours(name) and trash.take_back(name, terms)]
    if back:
        ledger.restored(storage, back)
    return back


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
            free = paths.keys() - named(self.storage, list(paths))
            return self._remove({name: paths[name] for name in sorted(free)})
        finally:
            for marked in paths.values():
                marks.unmark(marked)
            self._write_down(self.gone[before:])

    def _mark(self, names: list[str]) -> dict[str, str]:
        root = self.terms.root
        present = [name for name in names if (root / name).is_file()]
        if not present:
            return {}
        with exclusive(root, self.terms.modes), atomic.blaming_environment(root):
            paths = {name: marks.mark(name, self.terms) for name in present}
        return {name: marked for name, marked in paths.items() if marked is not None}

    def _remove(self, paths: dict[str, str]) -> list[str]:
        again: list[str] = []
        by_fate = {Fate.FREE: self.gone, Fate.HELD: self.held, Fate.UNKNOWN: again}
        if paths:
            with exclusive(self.terms.root, self.terms.modes):
                for name, marked in paths.items():
                    fate = marks.fate(name, marked, self.terms, self.own)
                    if fate is Fate.FREE:
                        self._throw_away(name)
                    by_fate[fate].append(name)
        return again

    def _throw_away(self, name: str) -> None:
        path = self.terms.root / name
        if conf.configuration().trash_days:
            trash.put(name, self.terms)
        else:
            with atomic.blaming_environment(path):
                path.unlink(missing_ok=True)
        moving.prune(path, self.terms.root, self.terms.modes)

    def _write_down(self, went: list[str]) -> None:
        if went and conf.configuration().trash_days:
            ledger.trashed(self.storage, went)
        elif went:
            ledger.purged(self.storage, went)
