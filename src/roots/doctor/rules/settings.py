"""Mistakes in `ROOTS` itself."""

from collections.abc import Iterator

from roots.conf import configuration
from roots.doctor.finding import Found
from roots.doctor.project import Project
from roots.doctor.registry import rule
from roots.errors import ConfigError


@rule(
    "wrong-settings",
    "roots.E001",
    why="A setting that is misspelt does nothing, and nobody notices; so nothing starts with it.",
    cheap=True,
)
def wrong_settings(project: Project) -> Iterator[Found]:
    """A key of `ROOTS` that there is not, or a value it does not take."""
    try:
        configuration()
    except ConfigError as error:
        yield Found(
            what=str(error),
            fix="Correct it; docs/settings.md lists every key.",
            where=project.settings.where("ROOTS"),
        )
