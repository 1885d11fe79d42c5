"""Django's `collectstatic`, with releases for the storage that makes them."""

from typing import Any

from django.contrib.staticfiles.management.commands import collectstatic
from django.core.management.base import CommandError

from roots.errors import RootsError
from roots.static.build import Options
from roots.static.sources import Discovery, discover
from roots.static.storage import StaticStorage


class Command(collectstatic.Command):
    """Collect static files: same flags, prompts and closing line as Django's.

    With a `staticfiles` backend that is not `roots.static.storage.StaticStorage`, it is Django's.
    """

    def handle(self, **options: Any) -> str | None:
        """Ask and collect. Raises CommandError with a sentence for whoever can help."""
        if not isinstance(self.storage, StaticStorage):
            return super().handle(**options)
        try:
            self._refuse_file_as_root(self.storage)
            return super().handle(**options)
        except RootsError as error:
            raise CommandError(str(error)) from error

    def collect(self) -> dict[str, Any]:
        """Build a release; what was done to which file, under the keys Django uses."""
        if not isinstance(self.storage, StaticStorage):
            return super().collect()
        found = discover(self.ignore_patterns)
        plan = self.storage.plan(found.sources, is_fingerprinted=self.post_process)
        self._tell_duplicates(found)
        for warning in plan.warnings:
            self.stderr.write("Warning: " + str(warning).splitlines()[0])
        plan.raise_errors()
        flags = Options(link=self.symlink, clear=self.clear, dry_run=self.dry_run)
        outcome = self.storage.builder(self.log).build(plan, flags)
        return {
            "modified": outcome.copied,
            "unmodified": outcome.unmodified,
            "post_processed": list(outcome.post_processed),
            "skipped": [duplicate.skipped.name for duplicate in found.duplicates],
            "deleted": outcome.deleted,
        }

    def _tell_duplicates(self, found: Discovery) -> None:
        for kept, skipped in ((each.kept, each.skipped) for each in found.duplicates):
            self.log(
                f"Found another file with the destination path '{kept.name}': {skipped.origin} is "
                f"ignored, {kept.origin} is collected. Give one of them another name if you want "
                "both.",
                level=1,
            )

    def _refuse_file_as_root(self, storage: StaticStorage) -> None:
        if storage.root.exists() and not storage.root.is_dir():
            raise CommandError(
                f"STATIC_ROOT is {storage.root}, which is a file. Set it to a directory, or move "
                "the file away."
            )
