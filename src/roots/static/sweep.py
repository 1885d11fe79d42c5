"""Lists the releases of a STATIC_ROOT, and retires those nobody can be looking at any more."""

import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from roots import atomic
from roots.errors import StorageError
from roots.static import manifest, release
from roots.static.manifest import Manifest
from roots.static.summary import readable
from roots.static.variants import SUFFIXES

MIN_AGE_S = 86_400  # a page, or a copy of it in somebody's cache, may be that old


@dataclass(frozen=True, slots=True)
class Release:
    """A release that still serves: the current one, or one that was replaced at `replaced_at_s`.

    `manifest` is empty where its record cannot be read; `replaced_at_s` counts from the epoch.
    """

    path: Path
    number: int
    manifest: Manifest
    replaced_at_s: float | None = None

    @property
    def files(self) -> dict[str, int]:
        """Sizes of its stored files and their variants, by name."""
        return sizes(self.manifest)

    def line(self, own_bytes: int) -> str:
        """For people; `own_bytes` are those only this release needs."""
        if self.replaced_at_s is None:
            when = "current               "
        else:
            moment = time.localtime(self.replaced_at_s)
            when = time.strftime("until %Y-%m-%d %H:%M", moment) + "  "
        count = len(self.manifest.paths)
        return f"{self.number:6}  {when}{count:,} files, {readable(own_bytes)} only for it"


@dataclass(frozen=True, slots=True)
class Retired:
    """Numbers of the releases that went, and what went with them."""

    numbers: tuple[int, ...] = ()
    files: tuple[str, ...] = ()
    freed_bytes: int = 0


def releases(root: Path) -> list[Release]:
    """What serves from `root`, the current release first; nothing where that one is missing.

    Raises StorageError where the current manifest is damaged.
    """
    current = manifest.load(release.manifest_path(root))
    if current is None:
        return []
    earlier = [_earlier(path) for path in release.kept(root)]
    number = earlier[0].number + 1 if earlier else 1
    return [Release(release.manifest_path(root), number, current), *earlier]


def own_bytes(found: Sequence[Release]) -> list[int]:
    """For each release, the bytes that only it needs."""
    files = [each.files for each in found]
    users = Counter(name for each in files for name in each)
    return [sum(size for name, size in each.items() if users[name] == 1) for each in files]


def outlived(
    found: Sequence[Release], keep: int, now_s: float, min_age_s: float = MIN_AGE_S
) -> list[Release]:
    """Those of `found` beyond the current one and `keep` before it, replaced `min_age_s` ago."""
    return [
        each
        for each in found[1 + keep :]
        if each.replaced_at_s is not None and each.replaced_at_s <= now_s - min_age_s
    ]


def plan(root: Path, found: Sequence[Release], leaving: Sequence[Release]) -> Retired:
    """What goes when `leaving` go: the files no other release and no logical name needs."""
    staying = [each for each in found if each not in leaving]
    needed = {name for each in staying for name in (*each.files, *each.manifest.paths)}
    doomed = {
        name: size
        for each in leaving
        for name, size in each.files.items()
        if name not in needed and os.path.lexists(root / name)
    }
    numbers = tuple(each.number for each in leaving)
    return Retired(numbers, tuple(sorted(doomed)), sum(doomed.values()))


def retire(root: Path, keep: int, now_s: float, min_age_s: float = MIN_AGE_S) -> Retired:
    """Let the releases go that are `outlived`. Only for the holder of the lock.

    Their records go first, so that none names a file that is not there; they stay aside until the
    files are gone, so that a killed run is finished by the next one. Files that no record names
    stay. Raises StorageError as `atomic.write` does.
    """
    if len(release.kept(root)) <= keep and not any(_left_aside(root)):
        return Retired()  # as nearly always, and without reading a record
    found = releases(root)
    going = outlived(found, keep, now_s, min_age_s)
    for each in going:
        _set_aside(each)
    leaving = list(_left_aside(root)) if found else []
    if not leaving:
        return Retired()
    retired = plan(root, [each for each in found if each not in going], leaving)
    for name in (*retired.files, *(os.path.relpath(each.path, root) for each in leaving)):
        with atomic.blaming_environment(root / name):
            (root / name).unlink(missing_ok=True)
    return retired


def _set_aside(leaving: Release) -> None:
    aside = leaving.path.with_suffix(release.RETIRED_SUFFIX)
    with atomic.blaming_environment(aside):
        leaving.path.replace(aside)


def _left_aside(root: Path) -> Iterator[Release]:
    """Releases just set aside, and those of killed runs that did not delete all of their files."""
    for path in (root / release.RECORDS).glob(f"*{release.RETIRED_SUFFIX}"):
        if path.stem.isdigit():
            yield _earlier(path)


def _earlier(path: Path) -> Release:
    try:
        found = manifest.load(path) or manifest.EMPTY
    except StorageError:
        found = manifest.EMPTY
    return Release(path, int(path.stem), found, path.stat().st_mtime)


def sizes(made: Manifest) -> dict[str, int]:
    """Sizes of the stored files of `made` and of their variants, by name."""
    found = {}
    for name, record in made.files.items():
        found[name] = max(record.size, 0)  # a manifest of Django's own knows none
        found |= {name + SUFFIXES[encoding]: size for encoding, size in record.variants}
    return found
