"""Leads `INSTALLED_APPS = ["roots"]` to the app in `roots.django`."""

from django.apps import AppConfig


class RootsConfig(AppConfig):
    """The app; see `roots.django` for why its folder is not this one."""

    name = "roots.django"
    label = "roots"
    verbose_name = "django-roots"
    default_auto_field = "django.db.models.BigAutoField"
