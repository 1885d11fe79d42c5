"""What stood in STATIC_ROOT before it was cleared."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from roots import atomic
from roots.static import manifest, release, sweep
from roots.static.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Leftovers:
    """Files below `root` called `names`, to go once a new release is there."""

    root: Path
    names: Iterable[str] = ()

    def told(self) -> list[str]:
        """Those a user knows of: no records of ours."""
        return sorted(name for name in self.names if not _is_own(name))

    def delete(self, needed: AbstractSet[str], replaced: Manifest) -> None:
        """Delete what is neither `needed` nor of `replaced`, records before the files they name.

        It comes after the swap, so a run killed before it deleted nothing of the old release, and
        one killed within it has the new one. The release that was just replaced stays: running
        servers know it for another second, and pages they rendered for longer.
        """
        records = (path.relative_to(self.root).as_posix() for path in release.kept(self.root)[:1])
        needed = needed | {*records, *sweep.sizes(replaced)}
        for name in sorted(self.names, key=lambda name: (not _is_record(name), name)):
            if name not in needed:
                with atomic.blaming_environment(self.root / name):
                    (self.root / name).unlink(missing_ok=True)


def _is_own(name: str) -> bool:
    return name.startswith(release.OWN_DIRECTORY + "/")


def _is_record(name: str) -> bool:
    return _is_own(name) or name == manifest.NAME
