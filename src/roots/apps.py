"""Leads `INSTALLED_APPS = ["roots"]` to the app in `roots.django`."""

import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Tags, register
from django.utils.module_loading import import_string

_CHECKS = "roots.django.checks"
UPLOAD_HANDLERS = ["roots.media.uploads.StagingUploadHandler"]


class RootsConfig(AppConfig):
    """The app; see `roots.django` for why its folder is not this one."""

    name = "roots.django"
    label = "roots"
    verbose_name = "django-roots"
    default_auto_field = "django.db.models.BigAutoField"

    def import_models(self) -> None:
        """Leave the ledger to `ready`: whether it is needed may depend on a project's own storage
        class, whose module may import models."""
        self.models = apps.all_models[self.label]

    def ready(self) -> None:
        """Register the checks, keep a ledger of stored files and watch the rows that name them, and
        receive uploads where they will be stored unless the project chose how to."""
        register(partial(_checked, "check_static"), Tags.files, Tags.staticfiles)
        register(partial(_checked, "check_the_rest"), Tags.files)
        register(partial(_checked, "check_production"), Tags.files, deploy=True)
        if any(map(_is_media, settings.STORAGES)):
            self.models_module = import_module(f"{self.name}.models")
            import_module("roots.media.lifecycle.watch").install()
            import_module("roots.media.stock").install()
        else:  # for static files only: no table, and nothing to migrate
            settings.MIGRATION_MODULES = {**settings.MIGRATION_MODULES, self.label: None}
        if not settings.is_overridden("FILE_UPLOAD_HANDLERS") and _is_media("default"):
            settings.FILE_UPLOAD_HANDLERS = UPLOAD_HANDLERS


# A server that checks nothing need not load what checks.
def _checked(name: str, **options: Any) -> list[CheckMessage]:
    check: Callable[..., list[CheckMessage]] = getattr(import_module(_CHECKS), name)
    return check(**options)


def _is_media(alias: str) -> bool:
    """Whether this storage is a MediaStorage, found out without making one. Called when all apps
    are loaded, so that a project's own subclass may import its models."""
    try:
        backend = import_string(settings.STORAGES[alias]["BACKEND"])
    except (ImportError, KeyError):  # Django says it better, when the storage is first needed
        return False
    ours = sys.modules.get("roots.media.storage")  # there by now, if the backend comes of it
    if ours is None or not isinstance(backend, type):
        return False
    return issubclass(backend, ours.MediaStorage)
