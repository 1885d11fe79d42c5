"""Writes a planned release into STATIC_ROOT: files first, their record last, each in one step."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from roots import atomic
from roots.atomic import Modes
from roots.errors import BuildError, StorageError
from roots.static import facts, live, manifest, memory, release, sweep, tree, variants
from roots.static.cache import BuildCache
from roots.static.manifest import Manifest, Record
from roots.static.outcome import Log, Options, Outcome
from roots.static.plan import Plan, PlannedFile
from roots.static.presence import Presence
from roots.static.progress import Progress, Silent
from roots.static.sweep import Retired
from roots.static.tree import Tree
from roots.static.writer import Writer


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
        self.outcome, self.has_made_variants = Outcome(), False
        self.replaced = self._previous()
        self.previous = manifest.EMPTY if options.clear else self.replaced
        self.presence = Presence(found, self.previous, plan.memory, options.link)
        self.writer = Writer(self.root, self.modes, options.link)
        self.leftovers = found.names() if options.clear else []

    def run(self) -> Outcome:
        self._refuse_links()
        progress = self.builder.progress
        progress.phase("Collecting", len(self.plan.files))
        for name, file in self.plan.files.items():
            with atomic.blaming_environment(self.root / name):
                self._put(file)
            progress.advance(name)
        needed = {release.LOCK, *self.plan.files}
        if self.plan.is_fingerprinted:
            new = self._manifest()
            self.outcome = replace(self.outcome, before=self.replaced, after=new)
            if new != self.previous:
                release.swap(self.root, new, self.modes)
            needed |= {manifest.NAME, memory.NAME, *new.files, *_variant_names(new)}
        else:
            release.withdraw(self.root, self.modes)
        self._clear(needed | self._replaced_names())
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
        has_written = outcome.copied or outcome.post_processed or self.has_made_variants
        return bool(has_written or presence.has_read or self.plan.memory.has_changed)

    def rehearse(self) -> Outcome:
        for file in self.plan.files.values():
            self._decide(file)
        self._clear(set(self.leftovers))
        return self.outcome

    def _put(self, file: PlannedFile) -> None:
        has_stored, has_logical = self._decide(file)
        if not has_stored:
            self.writer.write_stored(file)
        if not has_logical and not file.has_one_name:
            self.writer.write_logical(file)

    def _decide(self, file: PlannedFile) -> tuple[bool, bool]:
        """Whether the stored and the logical file are there already; noted in the outcome."""
        name, is_fresh = file.source.name, self.options.clear
        has_stored = file.stored is None or (not is_fresh and self.presence.has_stored(file))
        if file.has_one_name:
            has_logical = has_stored
            self._refuse_other_bytes(file)
        else:
            has_logical = not is_fresh and self.presence.has_logical(file, has_stored=has_stored)
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

    def _refuse_other_bytes(self, file: PlannedFile) -> None:
        record = self.replaced.files.get(file.source.name)
        if record and record.digest not in ("", file.served.digest):
            raise BuildError(
                "The name looks as if a bundler had made it of the content, but in the last "
                "release this file had other bytes. Browsers would keep the old ones. Rename it, "
                'or change ROOTS["HASHED_NAMES"].',
                path=file.source.origin,
            )

    def _manifest(self) -> Manifest:
        served = {file.stored: file.served for file in self.plan.files.values() if file.stored}
        contents = {
            name: content.digest
            for name, content in served.items()
            if variants.is_wanted(name, content.size)
        }
        encodings = self.builder.encodings
        known = {name: self.presence.variants(name, digest) for name, digest in contents.items()}
        cache = self.builder.cache
        compress = cache.compress if cache else variants.compress
        sizes = variants.complete(
            self.root, contents, encodings, known, self.modes, compress, self.builder.progress
        )
        if cache:
            cache.trim()
        self.has_made_variants = any(len(each) < len(encodings) for each in known.values())
        digests = {name: content.digest for name, content in served.items()}
        known_facts = facts.complete(self.root, digests, self.previous)
        return Manifest(
            {name: file.stored for name, file in self.plan.files.items() if file.stored},
            {
                name: Record(
                    *content,
                    tuple(sorted(sizes.get(name, {}).items())),
                    *known_facts.get(name, facts.NONE),
                )
                for name, content in served.items()
            },
            encodings,
        )

    def _clear(self, needed: set[str]) -> None:
        """Delete leftovers that are not `needed`, records before the files they name.

        It comes after the swap, so a run killed before it deleted nothing of the old release, and
        one killed within it has the new one. The release that was just replaced stays: running
        servers know it for another second, and pages they rendered for longer.
        """
        for name in sorted(self.leftovers, key=lambda name: (not _is_record(name), name)):
            if not _is_own(name):
                self.outcome.deleted.append(name)
                self._log("delete", name, 2)
            if name not in needed:
                with atomic.blaming_environment(self.root / name):
                    (self.root / name).unlink(missing_ok=True)

    def _replaced_names(self) -> set[str]:
        records = release.kept(self.root)[:1]
        return {
            *(path.relative_to(self.root).as_posix() for path in records),
            *self.replaced.files,
            *_variant_names(self.replaced),
        }

    def _refuse_links(self) -> None:
        """Below a link to a directory, files would be written, or with --clear lost, elsewhere."""
        others = self.presence.tree.others
        files = self.plan.files if others else ()
        parents = {str(each) for name in files for each in PurePosixPath(name).parents}
        for name in sorted(parents & others):
            raise StorageError(
                f"{self.root / name} must be a directory, but is a link or something else. Files "
                "collected there would not be in STATIC_ROOT. Remove it and try again."
            )

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


def _variant_names(new: Manifest) -> Iterator[str]:
    for name, record in new.files.items():
        for encoding, _ in record.variants:
            yield name + variants.SUFFIXES[encoding]


def _is_own(name: str) -> bool:
    return name.startswith(release.OWN_DIRECTORY + "/")


def _is_record(name: str) -> bool:
    return _is_own(name) or name == manifest.NAME
