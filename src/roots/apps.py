"""Leads `INSTALLED_APPS = ["roots"]` to the app in `roots.django`."""

from django.apps import AppConfig
from django.conf import settings
from django.utils.module_loading import import_string

UPLOAD_HANDLERS = ["roots.media.uploads.StagingUploadHandler"]


class RootsConfig(AppConfig):
    """The app; see `roots.django` for why its folder is not this one."""

    name = "roots.django"
    label = "roots"
    verbose_name = "django-roots"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Receive uploads where they will be stored, unless the project chose how to."""
        if not settings.is_overridden("FILE_UPLOAD_HANDLERS") and _media_is_ours():
            settings.FILE_UPLOAD_HANDLERS = UPLOAD_HANDLERS


def _media_is_ours() -> bool:
    """Whether the default storage is a MediaStorage, found out without making one. Called when all
    apps are loaded, so that a project's own subclass may import its models."""
    from roots.media.storage import MediaStorage

    if "default" not in settings.STORAGES:
        return False
    backend = import_string(settings.STORAGES["default"]["BACKEND"])
    return isinstance(backend, type) and issubclass(backend, MediaStorage)
