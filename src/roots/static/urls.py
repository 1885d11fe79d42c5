"""The reading side of the `staticfiles` backend: URLs with the current release's names."""

import difflib
import logging
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import StaticFilesStorage

from roots.conf import configuration
from roots.errors import ConfigError
from roots.static import live, names
from roots.static.manifest import EMPTY

_logger = logging.getLogger("roots.static")


class StoredUrls(StaticFilesStorage):
    """Finds URLs by logical names; with `DEBUG` those of Django's own storages, unhashed.

    A class of its own below `StaticStorage`, because Django's debug toolbar puts one in between to
    note the names that pages ask for.
    """

    def url(self, name: str | None) -> str:
        """The URL of the file with the logical name `name`; its query and fragment are kept.

        "" and directories (`css/`) are not hashed. A name the release does not have is treated as
        `ROOTS["MISSING_ENTRIES"]` says; with "error", ValueError.
        """
        name = name or ""
        path = name if self._has(name) else names.path_of(name)
        suffix = name[len(path) :]
        if path and not path.endswith("/") and not settings.DEBUG:
            path = self.stored_name(path)
        return super().url(path) + suffix

    def stored_name(self, name: str) -> str:
        """The stored name of the file with the logical name `name`; a missing one as for `url`."""
        paths = self._paths
        logical = names.meant(name, paths)
        return self._missing(name) if logical is None else paths[logical]

    @property
    def root(self) -> Path:
        """STATIC_ROOT. Raises ConfigError where it is not set."""
        if not self.location:
            raise ConfigError(
                "STATIC_ROOT is not set, so there is no place for collected files. Set it to a "
                "directory of its own, for example STATIC_ROOT = BASE_DIR / 'staticfiles'."
            )
        return Path(self.location)

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
