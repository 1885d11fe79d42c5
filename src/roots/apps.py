"""Leads `INSTALLED_APPS = ["roots"]` to the app in `roots.django`."""

import sys
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Tags, register
from django.utils.module_loading import import_string

UPLOAD_HANDLERS = ["roots.media.uploads.StagingUploadHandler"]


class RootsConfig(AppConfig):
    """The app; see `roots.django` for why its folder is not this one."""

    name = "roots.django"
    label = "roots"
    verbose_name = "django-roots"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks; receive uploads where they will be stored, unless the project
        chose how to."""
        register(_check, Tags.files, Tags.staticfiles)
        if not settings.is_overridden("FILE_UPLOAD_HANDLERS") and _media_is_ours():
            settings.FILE_UPLOAD_HANDLERS = UPLOAD_HANDLERS


def _check(**options: Any) -> list[CheckMessage]:
    from roots.django.checks import check_settings  # a server that checks nothing need not load it

    return check_settings(**options)


def _media_is_ours() -> bool:
    """Whether the default storage is a MediaStorage, found out without making one. Called when all
    apps are loaded, so that a project's own subclass may import its models."""
    if "default" not in settings.STORAGES:
        return False
    try:
        backend = import_string(settings.STORAGES["default"]["BACKEND"])
    except (ImportError, KeyError):  # Django says it better, when the storage is first needed
        return False
    ours = sys.modules.get("roots.media.storage")  # there by now, if the backend comes of it
    if ours is None or not isinstance(backend, type):
        return False
    return issubclass(backend, ours.MediaStorage)
