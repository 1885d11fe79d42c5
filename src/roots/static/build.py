"""Writes a planned release into STATIC_ROOT: files first, their record last, each in one step."""

import time
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from pathlib import Path

from roots import atomic
from roots.atomic import Modes
from roots.errors import BuildError, StorageError
from roots.progress import Progress, Silent
from roots.static import live, manifest, memory, processes, release, sweep, tree
from roots.static.cache import BuildCache
from roots.static.leftovers import Leftovers
from roots.static.manifest import Manifest
from roots.static.obstacles import Obstacles
from roots.static.outcome import Log, Options, Outcome
from roots.static.plan import Plan
from roots.static.planned import PlannedFile
from roots.static.presence import Presence
from roots.static.recording import Recording
from roots.static.sweep import Retired
from roots.static.tree import Tree
from roots.static.writer import Need, Writer


@dataclass(frozen=True, slots=True)
class Builder:
    """Builds releases in `root`. `log` takes a line and the verbosity from which it is shown."""

    root: Path
    modes: Modes
    encodings: tuple[str, ...]
    log: Log
    cache: BuildCache | None = None
    keep_releases: int = 3
    progress: Progress = field(default_factory=Silent)

    def build(self, plan: Plan, options: Options) -> Outcome:
        """Make `plan` the current release, or with `dry_run` only tell what that would do.

        A failed or killed build leaves the release before it whole: nothing that it names is
        removed or changed until the new manifest is in place, with `clear` too.
        Raises BuildError where a source changed since it was planned, StorageError where the
        disk or another build is in the way.
        """
        if options.dry_run:
            return _Build(self, plan, options, tree.look(self.root)).rehearse()
        with release.locked(self.root, self.modes, self._say_waiting):
            found = tree.look(self.root)
            for name in found.temporaries:  # of killed runs: the holder of the lock has no others
                (self.root / name).unlink(missing_ok=True)
            outcome = _Build(self, plan, options, found).run()
        live.releases(self.root).look_again()
        return outcome

    def prune(self, *, is_dry_run: bool = False) -> Retired:
        """Retire what is beyond the kept releases now, however young; collect nothing.

        Raises StorageError as `build` does.
        """
        now_s = time.time()
        if is_dry_run:
            found = sweep.releases(self.root)
            leaving = sweep.outlived(found, self.keep_releases, now_s, min_age_s=0)
            return sweep.plan(self.root, found, leaving)
        with release.locked(self.root, self.modes, self._say_waiting):
            return sweep.retire(self.root, self.keep_releases, now_s, min_age_s=0)

    def _say_waiting(self) -> None:
        self.log(f"Another collectstatic is working in {self.root}; waiting for it to finish.", 1)


class _Build:
    def __init__(self, builder: Builder, plan: Plan, options: Options, found: Tree) -> None:
        self.builder, self.plan, self.options = builder, plan, options
        self.root, self.modes = builder.root, builder.modes
        self.outcome = Outcome()
        self.replaced = self._previous()
        self.previous = manifest.EMPTY if options.clear else self.replaced
        self.presence = Presence(found, self.previous, plan.memory, options.link)
        self.writer = Writer(self.root, self.modes, options.link)
        self.recording = Recording(
            self.root, self.modes, builder.encodings, self.presence, builder.cache, builder.progress
        )
        self.leftovers = Leftovers(self.root, list(found.names()) if options.clear else [])
        self.removed: list[str] = []  # what was in the way
        self.unnamed: AbstractSet[str] = frozenset()  # logical names with something in the way

    def run(self) -> Outcome:
        self._make_way()
        self._write()
        needed = {release.LOCK, *self.plan.files, *self.removed}
        if self.plan.is_fingerprinted:
            new = self.recording.manifest(list(self.plan.files.values()))
            self.outcome = replace(self.outcome, before=self.replaced, after=new)
            if new != self.previous:
                release.swap(self.root, new, self.modes)
            needed |= {manifest.NAME, memory.NAME, *sweep.sizes(new)}
        else:
            release.withdraw(self.root, self.modes)
        self._tell_leftovers()
        self.leftovers.delete(needed, self.replaced)
        if self.plan.is_fingerprinted and not self.options.clear:
            self._retire()
        if self.plan.is_fingerprinted and self._is_worth_remembering():
            self.plan.memory.save(self.root, self.modes)
        return self.outcome

    def _retire(self) -> None:
        retired = sweep.retire(self.root, self.builder.keep_releases, time.time())
        self.outcome.retired.extend(retired.files)
        for name in retired.files:
            self.builder.log(f"Deleting '{name}' of a retired release", 2)

    def _is_worth_remembering(self) -> bool:
        outcome, presence = self.outcome, self.presence
        has_written = outcome.copied or outcome.post_processed or self.recording.has_compressed
        return bool(has_written or presence.has_read or self.plan.memory.has_changed)

    def rehearse(self) -> Outcome:
        for file in self.plan.files.values():
            self._decide(file)
        self._tell_leftovers()
        return self.outcome

    def _make_way(self) -> None:
        obstacles = Obstacles(
            self.presence.tree, self.plan.files.keys(), is_clearing=self.options.clear
        )
        self.unnamed, self.removed = obstacles.clear(), obstacles.removed
        for name in self.removed:
            self.builder.log(f"Deleting '{name}', which was in the way", 2)
        for name in sorted(self.unnamed):
            self.builder.log(
                f"{self.root / name} is still a directory of an earlier release. The file is "
                "served all the same, and gets this name when that release is retired.",
                1,
            )

    def _write(self) -> None:
        progress = self.builder.progress
        progress.phase("Collecting", len(self.plan.files))
        needs = []
        with atomic.blaming_environment(self.root):
            for name, file in self.plan.files.items():
                has_stored, has_logical = self._decide(file)
                if has_stored and has_logical:
                    progress.advance(name)
                else:
                    is_another = not has_logical and not file.has_one_name
                    needs.append(Need(file, not has_stored, is_another))
        needs.sort(key=lambda need: -need.file.served.size)
        processes.shared(
            self.writer.write, needs, lambda need: progress.advance(need.file.source.name)
        )

    def _decide(self, file: PlannedFile) -> tuple[bool, bool]:
        """Whether the stored and the logical file are there already; noted in the outcome."""
        has_stored, has_logical = self._found(file)
        name = file.source.name
        if has_logical:
            self.outcome.unmodified.append(name)
            self.builder.log(f"Skipping '{name}' (not modified)", 2)
        else:
            self.outcome.copied.append(name)
            self._log("link" if self.options.link else "copy", file.source.origin, 1)
        if file.stored and not has_stored and not file.has_one_name:
            self.outcome.post_processed[name] = file.stored
            self.builder.log(f"Post-processed '{name}' as '{file.stored}'", 2)
        return has_stored, has_logical

    def _found(self, file: PlannedFile) -> tuple[bool, bool]:
        if file.has_one_name:
            self._refuse_other_bytes(file)
        found = file.stored is None, False
        if not self.options.clear:
            found = self.presence.has_names(file)
        return found[0], found[1] or file.source.name in self.unnamed

    def _refuse_other_bytes(self, file: PlannedFile) -> None:
        record = self.replaced.files.get(file.source.name)
        if record and record.digest not in ("", file.served.digest):
            raise BuildError(
                "The name looks as if a bundler had made it of the content, but in the last "
                "release this file had other bytes. Browsers would keep the old ones. Rename it, "
                'or change ROOTS["HASHED_NAMES"].',
                path=file.source.origin,
            )

    def _tell_leftovers(self) -> None:
        for name in self.leftovers.told():
            self.outcome.deleted.append(name)
            self._log("delete", name, 2)

    def _previous(self) -> Manifest:
        try:
            return manifest.load(release.manifest_path(self.root)) or manifest.EMPTY
        except StorageError as error:
            self.builder.log(f"{error} This run does.", 1)
            return manifest.EMPTY

    def _log(self, verb: str, what: str, least_verbosity: int) -> None:
        if self.options.dry_run:
            self.builder.log(f"Pretending to {verb} '{what}'", least_verbosity)
        else:
            self.builder.log(f"{verb.removesuffix('e').capitalize()}ing '{what}'", 2)
