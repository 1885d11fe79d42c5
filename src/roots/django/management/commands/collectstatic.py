"""Django's `collectstatic`, with releases for the storage that makes them."""

import contextlib
import gc
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.management.commands import collectstatic
from django.core.management.base import CommandError, CommandParser

from roots.boundaries import require_outside_sources, require_two_roots
from roots.conf import configuration
from roots.django import terminal
from roots.errors import ConfigError, RootsError
from roots.static import sweep
from roots.static.outcome import Options
from roots.static.sources import Discovery, directories, discover
from roots.static.storage import StaticStorage
from roots.static.summary import Summary, readable


@contextlib.contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Spare the collector a tenth of a run: a build makes many records, all of them needed to the
    end, and no circles of them."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class Command(collectstatic.Command):
    """Collect static files: same flags, prompts and closing line as Django's.

    With a `staticfiles` backend that is not `roots.static.storage.StaticStorage`, it is Django's.
    """

    def add_arguments(self, parser: CommandParser) -> None:
        """Django's flags and ours."""
        super().add_arguments(parser)
        parser.add_argument(
            "--verify",
            action="store_true",
            help="Read every source and every collected file again, and believe no record of them.",
        )
        parser.add_argument(
            "--json", action="store_true", help="Tell what was done as JSON; implies --noinput."
        )
        parser.add_argument(
            "--releases", action="store_true", help="Only list the releases that still serve."
        )
        parser.add_argument(
            "--prune",
            action="store_true",
            help="Only retire the releases beyond ROOTS['KEEP_RELEASES'], however young they are.",
        )

    def set_options(self, **options: Any) -> None:
        """Keep the flags, as Django's command does."""
        super().set_options(**options)
        self.verify: bool = options["verify"]
        self.is_json: bool = options["json"]
        if self.is_json:
            self.interactive, self.verbosity = False, 0
        self.report = ""

    def handle(self, **options: Any) -> str | None:
        """Ask and collect. Raises CommandError with a sentence for whoever can help."""
        if not isinstance(self.storage, StaticStorage):
            return super().handle(**options)
        try:
            self._refuse_root(self.storage.root)
            if options["releases"] or options["prune"]:
                return self._tend(self.storage, **options)
            with _no_garbage_collection():
                closing = super().handle(**options)
            return self.report if self.is_json else closing
        except RootsError as error:
            raise CommandError(str(error)) from error

    def collect(self) -> dict[str, Any]:
        """Build a release; what was done to which file, under the keys Django uses."""
        if not isinstance(self.storage, StaticStorage):
            return super().collect()
        started_s = time.perf_counter()
        found = discover(self.ignore_patterns)
        plan = self.storage.plan(
            found.sources, is_fingerprinted=self.post_process, is_verifying=self.verify
        )
        self._judge_duplicates(found)
        for warning in plan.warnings:
            self.stderr.write("Warning: " + str(warning).splitlines()[0])
        plan.raise_errors()
        flags = Options(link=self.symlink, clear=self.clear, dry_run=self.dry_run)
        with terminal.showing(sys.stderr, is_wanted=self.verbosity == 1) as progress:
            outcome = self.storage.builder(self.log, progress).build(plan, flags)
        retired, took_s = tuple(outcome.retired), time.perf_counter() - started_s
        self._summarise(Summary(outcome.before, outcome.after, retired, took_s))
        return {
            "modified": outcome.copied,
            "unmodified": outcome.unmodified,
            "post_processed": list(outcome.post_processed),
            "skipped": [duplicate.skipped.name for duplicate in found.duplicates],
            "deleted": outcome.deleted,
        }

    def _judge_duplicates(self, found: Discovery) -> None:
        severity = configuration().duplicates
        told = [
            f"Found another file with the destination path '{each.kept.name}': "
            f"{each.skipped.origin} is ignored, {each.kept.origin} is collected. Give one of them "
            "another name if you want both."
            for each in found.duplicates
        ]
        if told and severity == "error":
            raise RootsError("\n".join(told))
        for line in told if severity == "warn" else []:
            self.log(line, level=1)

    def _summarise(self, summary: Summary) -> None:
        if self.is_json:
            self.report = json.dumps(summary.as_json(), sort_keys=True)
        elif summary.after.paths:
            self.log("\n" + "\n".join(summary.lines()), level=1)

    def _tend(self, storage: StaticStorage, **options: Any) -> str:
        """List or retire releases; nothing is collected."""
        keep = configuration().keep_releases
        if options["prune"]:
            retired = storage.builder(self.log).prune(is_dry_run=options["dry_run"])
            verb = "would be retired" if options["dry_run"] else "retired"
            return (
                f"{len(retired.numbers)} releases {verb}: {len(retired.files)} files, "
                f"{readable(retired.freed_bytes)}. The current one and {keep} before it stay."
            )
        found = sweep.releases(storage.root)
        own = sweep.own_bytes(found)
        lines = [each.line(size) for each, size in zip(found, own, strict=True)]
        return "\n".join(lines) or f"There is no release in {storage.root}. Run collectstatic."

    def _refuse_root(self, root: Path) -> None:
        """Before anything is asked or written: `--clear` must not meet uploads or sources."""
        if root.exists() and not root.is_dir():
            raise ConfigError(
                f"STATIC_ROOT is {root}, which is a file. Set it to a directory, or move the file "
                "away."
            )
        require_outside_sources(root, directories())
        if settings.MEDIA_ROOT:
            require_two_roots(root, settings.MEDIA_ROOT)
