"""Writes a planned release into STATIC_ROOT: files first, their record last, each in one step."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from roots import atomic
from roots.atomic import Modes
from roots.errors import StorageError
from roots.static import live, manifest, release, variants
from roots.static.manifest import Manifest, Record
from roots.static.plan import Plan, PlannedFile
from roots.static.writer import Writer

Log = Callable[[str, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to build: the flags of collectstatic."""

    link: bool = False
    clear: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a build did, or would do, by logical name; `post_processed` leads to stored names."""

    copied: list[str] = field(default_factory=list)
    unmodified: list[str] = field(default_factory=list)
    post_processed: dict[str, str] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Builder:
    """Builds releases in `root`. `log` takes a line and the verbosity from which it is shown."""

    root: Path
    modes: Modes
    encodings: tuple[str, ...]
    log: Log

    def build(self, plan: Plan, options: Options) -> Outcome:
        """Make `plan` the current release, or with `dry_run` only tell what that would do.

        A failed or killed build leaves the release before it whole: nothing that it names is
        removed or changed until the new manifest is in place, with `clear` too.
        Raises BuildError where a source changed since it was planned, StorageError where the
        disk or another build is in the way.
        """
        if options.dry_run:
            return _Build(self, plan, options).rehearse()
        with release.locked(self.root, self.modes, self._say_waiting):
            release.remove_leftovers(self.root)
            outcome = _Build(self, plan, options).run()
        live.releases(self.root).look_again()
        return outcome

    def _say_waiting(self) -> None:
        self.log(f"Another collectstatic is working in {self.root}; waiting for it to finish.", 1)


class _Build:
    def __init__(self, builder: Builder, plan: Plan, options: Options) -> None:
        self.builder, self.plan, self.options = builder, plan, options
        self.root, self.modes = builder.root, builder.modes
        self.outcome = Outcome()
        self.previous = manifest.EMPTY if options.clear else self._previous()
        self.writer = Writer(self.root, self.modes, self.previous, options.link)
        self.leftovers = _files(self.root) if options.clear else []

    def run(self) -> Outcome:
        for file in self.plan.files.values():
            with atomic.blaming_environment(self.root / file.source.name):
                self._put(file)
        needed = {release.LOCK, *self.plan.files}
        if self.plan.is_fingerprinted:
            new = self._manifest()
            release.swap(self.root, new, self.modes, is_keeping=not self.options.clear)
            needed |= {manifest.NAME, *new.files, *_variant_names(new)}
        self._clear(needed)
        return self.outcome

    def rehearse(self) -> Outcome:
        for file in self.plan.files.values():
            self._decide(file)
        self._clear(set(self.leftovers))
        return self.outcome

    def _put(self, file: PlannedFile) -> None:
        has_stored, has_logical = self._decide(file)
        if not has_stored:
            self.writer.write_stored(file)
        if not has_logical:
            self.writer.write_logical(file)

    def _decide(self, file: PlannedFile) -> tuple[bool, bool]:
        """Whether the stored and the logical file are there already; noted in the outcome."""
        name, is_fresh = file.source.name, self.options.clear
        has_stored = file.stored is None or (not is_fresh and self.writer.has_stored(file))
        has_logical = not is_fresh and self.writer.has_logical(file)
        if has_logical:
            self.outcome.unmodified.append(name)
            self.builder.log(f"Skipping '{name}' (not modified)", 2)
        else:
            self.outcome.copied.append(name)
            self._log("link" if self.options.link else "copy", file.source.origin, 1)
        if file.stored and not has_stored:
            self.outcome.post_processed[name] = file.stored
            self.builder.log(f"Post-processed '{name}' as '{file.stored}'", 2)
        return has_stored, has_logical

    def _manifest(self) -> Manifest:
        served = {file.stored: file.served for file in self.plan.files.values() if file.stored}
        contents = {
            name: content.digest
            for name, content in served.items()
            if variants.is_wanted(name, content.size)
        }
        encodings = self.builder.encodings
        sizes = variants.complete(self.root, contents, encodings, self.previous, self.modes)
        return Manifest(
            {name: file.stored for name, file in self.plan.files.items() if file.stored},
            {
                name: Record(*content, tuple(sorted(sizes.get(name, {}).items())))
                for name, content in served.items()
            },
            encodings,
        )

    def _clear(self, needed: set[str]) -> None:
        """Delete leftovers that are not `needed`, records before the files they name.

        It comes after the swap, so a run killed before it deleted nothing of the old release, and
        one killed within it has the new one.
        """
        for name in sorted(self.leftovers, key=lambda name: (not _is_record(name), name)):
            if not _is_own(name):
                self.outcome.deleted.append(name)
                self._log("delete", name, 2)
            if name not in needed:
                with atomic.blaming_environment(self.root / name):
                    (self.root / name).unlink(missing_ok=True)

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


def _files(root: Path) -> list[str]:
    """Names of everything below `root` that is not a directory; links are not followed."""
    found: list[str] = []
    for directory, subdirectories, names in os.walk(root):
        links = (name for name in subdirectories if os.path.islink(os.path.join(directory, name)))
        found += (os.path.relpath(os.path.join(directory, name), root) for name in (*names, *links))
    return found


def _variant_names(new: Manifest) -> Iterator[str]:
    for name, record in new.files.items():
        for encoding, _ in record.variants:
            yield name + variants.SUFFIXES[encoding]


def _is_own(name: str) -> bool:
    return name.startswith(release.OWN_DIRECTORY + "/")


def _is_record(name: str) -> bool:
    return _is_own(name) or name == manifest.NAME
