"""System checks: what `manage.py check`, `runserver` and `collectstatic` refuse to start with."""

from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning  # noqa: A004 - Django's name
from django.utils.module_loading import import_string

from roots.boundaries import require_outside_sources
from roots.conf import configuration
from roots.errors import ConfigError
from roots.static.sources import directories
from roots.static.storage import StaticStorage


def check_settings(**_: Any) -> list[CheckMessage]:
    """roots.E001: wrong `ROOTS`, which the other checks then leave alone."""
    return list(_refusals("roots.E001", configuration))


def check_serving(**options: Any) -> list[CheckMessage]:
    """roots.E002: overlapping or unusable roots. Loads the serving layer, which collecting static
    files need not wait for."""
    if check_settings(**options):
        return []
    return list(_refusals("roots.E002", _assemble))


def check_static(**options: Any) -> list[CheckMessage]:
    """roots.E003 STATIC_ROOT among its sources, roots.W001 `roots` after
    `django.contrib.staticfiles`."""
    if check_settings(**options):
        return []
    return [*_refusals("roots.E003", _require_outside_sources), *_order()]


def _refusals(identity: str, check: Callable[[], object]) -> Iterator[CheckMessage]:
    try:
        check()
    except ConfigError as error:
        yield Error(str(error), id=identity)


def _assemble() -> None:
    from roots.serve.assembly import assemble

    assemble()


def _require_outside_sources() -> None:
    if settings.STATIC_ROOT and apps.is_installed("django.contrib.staticfiles"):
        require_outside_sources(settings.STATIC_ROOT, directories())


def _order() -> Iterator[CheckMessage]:
    names = [config.name for config in apps.get_app_configs()]
    if "django.contrib.staticfiles" not in names or not _static_is_ours():
        return
    if names.index("roots.django") > names.index("django.contrib.staticfiles"):
        yield Warning(
            '"roots" stands after "django.contrib.staticfiles" in INSTALLED_APPS, so collectstatic '
            "is Django's: it copies every file before ours names them.",
            hint='Move "roots" before "django.contrib.staticfiles".',
            id="roots.W001",
        )


def _static_is_ours() -> bool:
    backend = settings.STORAGES.get("staticfiles", {}).get("BACKEND")
    if not backend:
        return False
    found = import_string(backend)
    return isinstance(found, type) and issubclass(found, StaticStorage)
