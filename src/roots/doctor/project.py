"""The project the doctor was called to."""

import os
import sys
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings as project_settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage
from django.db.models import FileField

from roots.boundaries import overlap
from roots.conf import Configuration, configuration
from roots.doctor.evidence import sources
from roots.doctor.evidence.settings import Settings
from roots.doctor.evidence.sources import SourceDirectory
from roots.errors import ConfigError, RootsError
from roots.paths import is_inside

if TYPE_CHECKING:  # Django's checks need none of these, and should not wait for them
    from roots.doctor.evidence.accounts import Accounts
    from roots.doctor.evidence.inertness import Inertness
    from roots.doctor.evidence.releases import Collected, Difference
    from roots.doctor.evidence.repository import Repository
    from roots.doctor.evidence.serving import Serving
    from roots.doctor.evidence.storages import Backend, FileColumn
    from roots.static.sources import Discovery


class Project:
    """What rules may look at, each part read when the first of them asks for it.

    Needs `django.setup()`, and changes nothing, on disk or in memory.
    """

    def __init__(self, *, deploy: bool = False) -> None:
        """With `deploy` this is production, whatever the settings say."""
        self._is_deploy = deploy
        self.settings = Settings(project_settings)

    @cached_property
    def directory(self) -> Path:
        """Where manage.py is; else BASE_DIR; else the folder above the settings' package."""
        file = self.settings.file
        parents = Path(file).resolve().parents if file else ()
        for parent in parents:
            if (parent / "manage.py").is_file():
                return parent
        base = self.settings.path("BASE_DIR")
        if base:
            return Path(base)
        package = self.settings.module.count(".")
        return parents[package] if parents else Path.cwd()

    @property
    def is_production(self) -> bool:
        """Whether findings about production count in full."""
        return bool(self.production_evidence)

    @cached_property
    def production_evidence(self) -> str:
        """What says that this is production; "" where nothing does."""
        if self._is_deploy:
            return "--deploy"
        if not self.settings.get("DEBUG"):
            return "DEBUG = False"
        for name in ("DJANGO_ENV", "ENVIRONMENT", "APP_ENV"):
            if os.environ.get(name, "").casefold() in {"production", "prod", "live"}:
                return f"{name}={os.environ[name]}"
        return ""

    @cached_property
    def has_wrong_settings(self) -> bool:
        """Whether `ROOTS` is wrong, which `wrong-settings` tells and others then leave alone."""
        try:
            configuration()
        except ConfigError:
            return True
        return False

    @cached_property
    def configuration(self) -> Configuration:
        """`ROOTS`; its defaults where it is wrong."""
        return Configuration() if self.has_wrong_settings else configuration()

    @cached_property
    def static_root(self) -> str | None:
        """STATIC_ROOT as an absolute path."""
        return self.settings.path("STATIC_ROOT")

    @cached_property
    def media_root(self) -> str | None:
        """MEDIA_ROOT as an absolute path."""
        return self.settings.path("MEDIA_ROOT")

    @cached_property
    def has_staticfiles(self) -> bool:
        """Whether this project has static files to collect."""
        return apps.is_installed("django.contrib.staticfiles")

    @cached_property
    def makes_releases(self) -> bool:
        """Whether STORAGES["staticfiles"] is ours."""
        return self._is_ours("staticfiles", "roots.static.storage", "StaticStorage")

    @cached_property
    def keeps_ledger(self) -> bool:
        """Whether STORAGES["default"] is ours."""
        return self._is_ours("default", "roots.media.storage", "MediaStorage")

    @cached_property
    def keeps_uploads(self) -> bool:
        """Whether a field stores files in MEDIA_ROOT."""
        return any(each.location == self.media_root for each in self.file_columns if each.location)

    @cached_property
    def own_roots(self) -> dict[str, str]:
        """The roots that hold nothing but what belongs there, by their settings. One that is also a
        source, or has the project in it, is another mistake, and its files are not to be touched.
        """
        named = {"STATIC_ROOT": self.static_root, "MEDIA_ROOT": self.media_root}
        others = [os.path.realpath(each.path) for each in self.sources]
        return {
            setting: root
            for setting, root in named.items()
            if root and not is_inside(str(self.directory), real := os.path.realpath(root))
            if not any(is_inside(real, each) or is_inside(each, real) for each in others)
        }

    @cached_property
    def sources(self) -> tuple[SourceDirectory, ...]:
        """The directories static files come from."""
        return sources.directories(self.settings) if self.has_staticfiles else ()

    @cached_property
    def repository(self) -> "Repository":
        """The files around this project."""
        from roots.doctor.evidence.repository import Repository

        roots = [root for root in (self.static_root, self.media_root) if root]
        return Repository(self.directory, roots)

    @cached_property
    def serving(self) -> "Serving":
        """Who serves the two roots."""
        from roots.doctor.evidence.serving import Serving

        return Serving(self.settings, self.repository, self.directory)

    @cached_property
    def accounts(self) -> "Accounts":
        """The users that run Django and read the roots."""
        from roots.doctor.evidence.accounts import Accounts

        return Accounts(self.repository, self.directory)

    @cached_property
    def discovery(self) -> "Discovery | None":
        """What would be collected now; None where collecting it fails, as it then says itself."""
        from roots.static.sources import discover, ignored

        if not self.has_staticfiles or any(sources.misshapen(self.settings)):
            return None
        try:
            return discover([*ignored(), *self.repository.ignored_static_files])
        except (RootsError, ImproperlyConfigured, ImportError, TypeError):
            return None

    @cached_property
    def collected(self) -> "Collected | None":
        """What stands in STATIC_ROOT; None where static files are not collected on a disk, or among
        their sources, which is another mistake."""
        from roots.doctor.evidence.releases import collected

        backend = self.storages.get("staticfiles")
        if not (self.has_staticfiles and backend):
            return None
        rewrites = self.configuration.rewrite_javascript
        found = collected(backend, self.static_root, rewrites_scripts=rewrites)
        is_mixed = found and any(overlap(found.root, source.path) for source in self.sources)
        return None if is_mixed else found

    @cached_property
    def difference(self) -> "Difference | None":
        """How sources and collected files differ; None where nothing was collected, or no manifest
        tells what, which is another mistake."""
        collected, discovery = self.collected, self.discovery
        if collected is None or discovery is None or collected.is_empty:
            return None
        if collected.has_manifests and not collected.manifest:
            return None
        return collected.difference(discovery.sources)

    @cached_property
    def storages(self) -> "dict[str, Backend]":
        """What STORAGES says, by alias."""
        from roots.doctor.evidence import storages

        return storages.backends(self.settings)

    @cached_property
    def file_columns(self) -> "tuple[FileColumn, ...]":
        """Every FileField of every installed model."""
        from roots.doctor.evidence import storages

        return storages.columns()

    @cached_property
    def has_unusable_storages(self) -> bool:
        """Whether STORAGES names what cannot be made, which `storage-unusable` tells."""
        return any(each.problem for each in self.storages.values())

    @cached_property
    def has_file_fields(self) -> bool:
        """Whether a model has a FileField, whatever its storage."""
        fields = (field for model in apps.get_models() for field in model._meta.get_fields())
        return any(isinstance(field, FileField) for field in fields)

    @cached_property
    def upload_locations(self) -> tuple[str, ...]:
        """The directories on this machine's disk that file fields keep their files in."""
        found = [each.location for each in self.file_columns if each.is_local and each.location]
        return tuple(dict.fromkeys(found))

    @cached_property
    def inertness(self) -> "Inertness":
        """What is known of the headers uploads are served with."""
        from roots.doctor.evidence.inertness import Inertness  # loads the serving layer

        return Inertness(
            self.settings, self.serving, self.repository.proxies, self.media_root or ""
        )

    @cached_property
    def local_storages(self) -> list[FileSystemStorage]:
        """The storages of uploads that keep them on this machine's disk, one for each place."""
        from roots.doctor.evidence import storages

        return storages.on_this_disk(self.settings)

    def _is_ours(self, alias: str, module: str, name: str) -> bool:
        kind = self.settings.backend(alias)
        ours = sys.modules.get(module)  # there by now, if the backend comes of it
        return bool(kind and ours and issubclass(kind, getattr(ours, name)))
