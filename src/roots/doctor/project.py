"""The project the doctor was called to."""

import os
from functools import cached_property
from pathlib import Path

from django.apps import apps
from django.conf import settings as project_settings
from django.core.files.storage import FileSystemStorage

from roots.doctor.evidence import storages
from roots.doctor.evidence.settings import Settings
from roots.doctor.evidence.storages import Backend, FileColumn


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
    def storages(self) -> dict[str, Backend]:
        """What STORAGES says, by alias."""
        return storages.backends(self.settings)

    @cached_property
    def file_columns(self) -> tuple[FileColumn, ...]:
        """Every FileField of every installed model."""
        return storages.columns()

    @cached_property
    def local_storages(self) -> list[FileSystemStorage]:
        """The storages of uploads that keep them on this machine's disk, one for each place."""
        return storages.on_this_disk(self.settings)
