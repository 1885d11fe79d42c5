"""Static files of npm packages, chosen file by file."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any, cast

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage, Storage

from roots.conf import configuration
from roots.errors import ConfigError


class PackageStorage(FileSystemStorage):
    """One package; its files are collected below `prefix`, its name."""

    prefix: str


class NodePackagesFinder(BaseFinder):
    """Finds what `ROOTS["NODE_PACKAGES"]` lists below `node_modules`.

    `{"htmx.org": ["dist/htmx.min.js"]}` gives `htmx.org/dist/htmx.min.js`. Patterns are paths,
    directories or globs. `node_modules` lies in `BASE_DIR`, or the current directory without one.
    """

    def check(self, **_: Any) -> list[Any]:
        """Nothing: what is missing is told when it is looked for."""
        return []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """Every file that is listed. Raises ConfigError for what is not installed."""
        ignored = list(ignore_patterns or [])
        for package, patterns in self._packages():
            storage = self._storage(package)
            for name in _names(Path(storage.location), package, patterns):
                if not matches_patterns(name, ignored):
                    yield name, storage

    def find(self, path: str, find_all: bool = False, **_: Any) -> Any:
        """Where the file with the logical name `path` is; [] where it is not listed."""
        found = [
            storage.path(name)
            for name, storage in self.list(None)
            if f"{cast(PackageStorage, storage).prefix}/{name}" == path
        ]
        return found if find_all or not found else found[0]

    def _packages(self) -> Iterable[tuple[str, Iterable[str]]]:
        return configuration().node_packages

    def _storage(self, package: str) -> PackageStorage:
        base = Path(getattr(settings, "BASE_DIR", None) or os.getcwd())
        storage = PackageStorage(base / "node_modules" / package)
        storage.prefix = package
        if not os.path.isdir(storage.location):
            raise ConfigError(
                f'ROOTS["NODE_PACKAGES"] lists {package!r}, but {storage.location} is not there. '
                f"Run `npm install {package}`, or take it off the list."
            )
        return storage


def _names(home: Path, package: str, patterns: Iterable[str]) -> Iterator[str]:
    seen = set()
    for pattern in patterns:
        found = sorted(_matches(home, pattern))
        if not found:
            raise ConfigError(
                f'ROOTS["NODE_PACKAGES"] lists {pattern!r} of {package!r}, but {home} has no such '
                "file. Look at what this version of the package brings."
            )
        for name in found:
            if name not in seen:
                seen.add(name)
                yield name


def _matches(home: Path, pattern: str) -> Iterator[str]:
    parts = PurePosixPath(pattern).parts
    if ".." in parts or pattern.startswith("/"):
        raise ConfigError(
            f'ROOTS["NODE_PACKAGES"] lists {pattern!r}, which leads out of its package. Name files '
            "below it."
        )
    for path in home.glob(pattern):
        inside = path.rglob("*") if path.is_dir() else [path]
        yield from (each.relative_to(home).as_posix() for each in inside if each.is_file())
