"""The `staticfiles` backend: URLs with fingerprints, and Django's hook for making them."""

import difflib
import logging
import os
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.files.storage import Storage
from django.core.management.base import CommandError

from roots.atomic import Modes
from roots.conf import configuration
from roots.errors import ConfigError, RootsError
from roots.static import cache, live, memory, sources, variants
from roots.static.build import Builder
from roots.static.cache import BuildCache
from roots.static.manifest import EMPTY
from roots.static.memory import Memory
from roots.static.outcome import Log, Options
from roots.static.plan import Plan, plan, plan_plain
from roots.static.progress import Progress, Silent
from roots.static.scan import Policy
from roots.static.sources import Source

CACHE_VARIABLE = "ROOTS_BUILD_CACHE"
_logger = logging.getLogger("roots.static")


class StaticStorage(StaticFilesStorage):
    """Static files under names that carry their content: `css/app.3f2a91c0d4e7.css`.

    With `DEBUG` its URLs are the logical ones, as those of Django's own storages are.
    """

    def url(self, name: str | None) -> str:
        """The URL of the file with the logical name `name`; its query and fragment are kept.

        "" and directories (`css/`) are not hashed. A name the release does not have is treated as
        `ROOTS["MISSING_ENTRIES"]` says; with "error", ValueError.
        """
        name = name or ""
        path = name if self._has(name) else re.split("[?#]", name, maxsplit=1)[0]
        suffix = name[len(path) :]
        if path and not path.endswith("/") and not settings.DEBUG:
            path = self.stored_name(path)
        return super().url(path) + suffix

    def stored_name(self, name: str) -> str:
        """The stored name of the file with the logical name `name`; a missing one as for `url`."""
        paths = self._paths
        return paths.get(name) or paths.get(unquote(name).strip()) or self._missing(name)

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

    @property
    def root(self) -> Path:
        """STATIC_ROOT. Raises ConfigError where it is not set."""
        if not self.location:
            raise ConfigError(
                "STATIC_ROOT is not set, so there is no place for collected files. Set it to a "
                "directory of its own, for example STATIC_ROOT = BASE_DIR / 'staticfiles'."
            )
        return Path(self.location)

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

    @property
    def _paths(self) -> Mapping[str, str]:
        if not self.location:  # as in the tests of a project that never collects
            return EMPTY.paths
        return (live.releases(self._live_root).current or EMPTY).paths

    @cached_property
    def _live_root(self) -> Path:
        return self.root

    @cached_property
    def _reported(self) -> set[str]:
        return set()

    def _has(self, name: str) -> bool:
        return not settings.DEBUG and name in self._paths

    def _missing(self, name: str) -> str:
        severity = configuration().missing_entries
        if severity == "error":
            raise ValueError(self._absence(name))
        if severity == "warn" and name not in self._reported:
            self._reported.add(name)
            _logger.warning("%s Its un-hashed URL is used.", self._absence(name))
        return name

    def _absence(self, name: str) -> str:
        if not self.location:
            return f"STATIC_ROOT is not set, so nothing was collected (asked for {name!r})."
        if not self._paths:
            return (
                f"There is no manifest of static files in {self.location} (asked for {name!r}). "
                "Run collectstatic."
            )
        nearest = difflib.get_close_matches(name, self._paths, n=1)
        hint = f" Did you mean {nearest[0]!r}?" if nearest else ""
        return f"No static file {name!r} was collected.{hint}"


def _build_cache(log: Log) -> BuildCache | None:
    options = configuration()
    place = os.environ.get(CACHE_VARIABLE, options.build_cache)
    directory = cache.default_directory() if place is True else Path(place) if place else None
    if directory is None:
        return None
    return BuildCache(directory, options.build_cache_bytes, lambda line: log(line, 1))


def _debug(line: str, _verbosity: int) -> None:
    _logger.debug(line)
