"""From what a person typed to the lives of the files it may mean."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ImproperlyConfigured

from roots.doctor.evidence.sources import misshapen
from roots.doctor.explain import media, subject
from roots.doctor.explain.life import Life
from roots.doctor.explain.static import StaticFiles
from roots.doctor.explain.subject import Subject
from roots.doctor.project import Project
from roots.errors import ConfigError
from roots.paths import is_servable


@dataclass(frozen=True, slots=True)
class Findings:
    """Every file that was meant, or the `reason` why there is none."""

    lives: tuple[Life, ...]
    reason: str = ""

    @property
    def is_served(self) -> bool:
        """Whether a browser gets each of them."""
        return bool(self.lives) and not any(life.problem for life in self.lives)

    def as_json(self) -> dict[str, Any]:
        """The findings as `--json` tells them."""
        return {"files": [life.as_json() for life in self.lives], "reason": self.reason}


def inquire(argument: str, project: Project) -> Findings:
    """What is to be said of `argument`: a name, a URL or a path. Raises ConfigError for settings
    that keep everybody from finding files, BuildError for sources that cannot be collected."""
    _require_findable(project)
    try:
        subjects = subject.read(argument, project, subject.places(project))
    except ValueError:
        return Findings((), f"{argument!r} is no URL.")
    static = StaticFiles(project)
    lives = tuple(life for each in subjects if (life := _life(each, static)))
    if lives:
        return Findings(lives)
    if os.path.isdir(argument):
        return Findings((), f"{argument!r} is a directory: name one file in it.")
    reasons = dict.fromkeys(_reasons(argument, subjects, static))
    return Findings((), "\n\n".join(reasons))


def _require_findable(project: Project) -> None:
    settings = project.settings
    wrong = [*misshapen(settings)] if project.has_staticfiles else []
    wrong += [
        f"{name} is {value!r}, which is no URL."
        for name in ("STATIC_URL", "MEDIA_URL")
        if isinstance(value := settings.get(name), os.PathLike)
    ]
    if wrong:
        raise ConfigError(" ".join([*wrong, "`doctor` tells what to write."]))
    try:
        [*get_finders()]
    except (ImportError, ImproperlyConfigured) as error:
        raise ConfigError(f"STATICFILES_FINDERS names what cannot be used: {error}") from error


def _life(asked: Subject, static: StaticFiles) -> Life | None:
    if not is_servable(asked.name):
        return None
    if asked.storage is None:
        return static.explain(asked.name)
    return media.explain(asked.storage, asked.name)


def _reasons(argument: str, subjects: list[Subject], static: StaticFiles) -> Iterator[str]:
    if not subjects:
        yield (
            f"{argument!r} is below no root: neither a path in a directory of static files or "
            "uploads, nor a URL below STATIC_URL or MEDIA_URL. Django itself would answer it."
        )
    for each in subjects:
        if not is_servable(each.name):
            yield (
                f"{each.name!r} is no name that is ever served: no part may begin with a dot, be "
                "empty, or hold a backslash or a colon."
            )
        elif each.storage is None:
            yield static.why_not(each.name)
        else:
            yield _why_no_upload(each)


def _why_no_upload(asked: Subject) -> str:
    assert asked.storage is not None  # noqa: S101
    near = media.nearest(asked.storage, asked.name)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    return (
        f"No upload in {asked.storage.location} has the name {asked.name!r}: not on the disk, in "
        f"the trash, in the ledger, or in any row.{hint}"
    )
