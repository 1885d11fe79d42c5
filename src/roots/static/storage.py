"""The `staticfiles` backend: what makes releases as this project's settings say."""

import logging
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.core.files.storage import Storage
from django.core.management.base import CommandError

from roots.atomic import Modes
from roots.conf import configuration
from roots.errors import RootsError
from roots.progress import Progress, Silent
from roots.static import cache, memory, sources, variants
from roots.static.build import Builder
from roots.static.cache import BuildCache
from roots.static.memory import Memory
from roots.static.outcome import Log, Options
from roots.static.plan import Plan, plan, plan_plain
from roots.static.scan import Policy
from roots.static.source import Source
from roots.static.urls import StoredUrls

CACHE_VARIABLE = "ROOTS_BUILD_CACHE"
_logger = logging.getLogger("roots.static")


class StaticStorage(StoredUrls):
    """Static files under names that carry their content: `css/app.3f2a91c0d4e7.css`.

    With `DEBUG` its URLs are the logical ones, as those of Django's own storages are.
    """

    def plan(
        self,
        found: Mapping[str, Source],
        *,
        is_fingerprinted: bool = True,
        is_verifying: bool = False,
    ) -> Plan:
        """Plan a release of `found`, as this project's settings say.

        With `is_verifying` nothing the last run learned is believed. Raises ConfigError where
        STATIC_ROOT is not set.
        """
        is_rewriting = configuration().rewrite_javascript
        known = Memory(rewrites_scripts=is_rewriting)
        if not is_verifying:
            known = memory.load(self.root, rewrites_scripts=is_rewriting)
        if not is_fingerprinted:
            return plan_plain(found, known)
        options = configuration()
        policy = Policy(options.missing_references, options.missing_references_in_packages)
        return plan(found, self.base_url or "", policy, known, options.hashed_names)

    def builder(self, log: Log, progress: Progress | None = None) -> Builder:
        """What builds a release in STATIC_ROOT. Raises ConfigError where that is not set."""
        modes = Modes(
            *(
                default if mode is None else mode
                for mode, default in zip(
                    (self.file_permissions_mode, self.directory_permissions_mode),
                    Modes(),
                    strict=True,
                )
            )
        )
        encodings = variants.available(configuration().encodings)
        keep = configuration().keep_releases
        shown = progress or Silent()
        return Builder(self.root, modes, encodings, log, _build_cache(log), keep, shown)

    def post_process(
        self, paths: Mapping[str, tuple[Storage, str]], dry_run: bool = False, **_: Any
    ) -> Iterator[tuple[str, str | None, bool | Exception]]:
        """Build the release of `paths`, for commands that only know Django's protocol.

        Yields logical name, stored name and whether it was written; or a name, None and the error.
        """
        if dry_run:
            return
        try:
            planned = self.plan(sources.of_paths(paths))
            for warning in planned.warnings:
                _logger.warning("%s", warning)
            planned.raise_errors()
            outcome = self.builder(_debug).build(planned, Options())
        except RootsError as error:
            yield "static files", None, CommandError(str(error))
            return
        for name, file in planned.files.items():
            yield name, file.stored, name in outcome.post_processed


def _build_cache(log: Log) -> BuildCache | None:
    options = configuration()
    place = os.environ.get(CACHE_VARIABLE, options.build_cache)
    directory = cache.default_directory() if place is True else Path(place) if place else None
    if directory is None:
        return None
    return BuildCache(directory, options.build_cache_bytes, lambda line: log(line, 1))


def _debug(line: str, _verbosity: int) -> None:
    _logger.debug(line)
