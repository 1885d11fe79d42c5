"""Mistakes in `ROOTS` itself, and in what this package needs of INSTALLED_APPS."""

from collections.abc import Iterator

from django.apps import apps

from roots.conf import configuration
from roots.doctor.finding import Found
from roots.doctor.project import Project
from roots.doctor.registry import rule
from roots.errors import ConfigError
from roots.media.origin import require_fields


@rule(
    "wrong-settings",
    "roots.E001",
    why="A setting that is misspelt does nothing, and nobody notices; so nothing starts with it.",
    cheap=True,
)
def wrong_settings(project: Project) -> Iterator[Found]:
    """A key of `ROOTS` that there is not, or a value it does not take."""
    try:
        keys = (key for key, _ in configuration().quotas if "." in key)
        require_fields(keys, "ROOTS['QUOTAS']")
    except ConfigError as error:
        yield Found(
            what=str(error),
            fix="Correct it; docs/settings.md lists every key.",
            where=project.settings.where("ROOTS"),
        )


@rule(
    "wrong-app-order",
    "roots.W001",
    why="collectstatic is Django's then: it copies every file before ours names them.",
    cheap=True,
)
def wrong_app_order(project: Project) -> Iterator[Found]:
    """`roots` after `django.contrib.staticfiles`, and a storage that makes releases."""
    names = [config.name for config in apps.get_app_configs()]
    if not {"roots.django", "django.contrib.staticfiles"} <= {*names} or not project.makes_releases:
        return
    if names.index("roots.django") > names.index("django.contrib.staticfiles"):
        yield Found(
            what='"roots" stands after "django.contrib.staticfiles" in INSTALLED_APPS.',
            fix=(
                'Move "roots" up:\n'
                '    INSTALLED_APPS = ["roots", "django.contrib.staticfiles", ...]'
            ),
            where=project.settings.where("INSTALLED_APPS"),
        )
