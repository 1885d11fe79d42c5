"""Mistakes about where static files come from, and STATIC_ROOT among them."""

import os
from collections.abc import Iterator
from itertools import product

from django.core.exceptions import ImproperlyConfigured

from roots.boundaries import overlap
from roots.doctor.evidence.sources import SourceDirectory, holds_files
from roots.doctor.finding import Found
from roots.doctor.project import Project
from roots.doctor.registry import rule
from roots.errors import ConfigError
from roots.paths import is_inside

_TWO_DIRECTORIES = (
    "Write in one directory, collect into another:\n"
    '    STATICFILES_DIRS = [BASE_DIR / "static"]\n'
    '    STATIC_ROOT = BASE_DIR / "staticfiles"'
)


@rule(
    "static-root-in-staticfiles-dirs",
    "roots.E003",
    why=(
        "STATICFILES_DIRS is where static files come from, STATIC_ROOT where copies go: each run "
        "would collect its own products, and `--clear` would delete what you wrote."
    ),
    cheap=True,
)
def static_root_in_staticfiles_dirs(project: Project) -> Iterator[Found]:
    """STATIC_ROOT is an entry of STATICFILES_DIRS, or below one."""
    for source in _overlapping(project):
        if source.is_listed and _is_within(project.static_root, source.path):
            yield Found(
                what=_told(project, source),
                fix=_TWO_DIRECTORIES,
                where=project.settings.where("STATIC_ROOT"),
            )


@rule(
    "staticfiles-dirs-inside-static-root",
    "roots.E011",
    why=(
        "STATIC_ROOT belongs to collectstatic: `--clear` would delete the files you wrote there, "
        "and each run would collect its own products."
    ),
    cheap=True,
)
def staticfiles_dirs_inside_static_root(project: Project) -> Iterator[Found]:
    """An entry of STATICFILES_DIRS is below STATIC_ROOT."""
    for source in _overlapping(project):
        if source.is_listed and not _is_within(project.static_root, source.path):
            yield Found(
                what=_told(project, source),
                fix=_TWO_DIRECTORIES,
                where=project.settings.where("STATICFILES_DIRS"),
            )


@rule(
    "static-root-is-app-static",
    "roots.E012",
    why=(
        "collectstatic would write copies among the files an app brings, collect them again the "
        "next time, and `--clear` would delete them all."
    ),
    cheap=True,
)
def static_root_is_app_static(project: Project) -> Iterator[Found]:
    """STATIC_ROOT is the `static/` of an app, lies in one or holds one, and is not in the wrong
    place because of STATICFILES_DIRS already."""
    found = [*_overlapping(project)]
    if found and not any(source.is_listed for source in found):
        yield Found(
            what=_told(project, found[0]),
            fix=('Give it a directory of its own:\n    STATIC_ROOT = BASE_DIR / "staticfiles"'),
            where=project.settings.where("STATIC_ROOT"),
        )


@rule(
    "media-in-staticfiles-dirs",
    "roots.E020",
    why=(
        "collectstatic would publish what users upload as static files, trusted and kept by "
        "browsers for a year, and an upload could take the place of a file of yours."
    ),
    cheap=True,
)
def media_in_staticfiles_dirs(project: Project) -> Iterator[Found]:
    """MEDIA_ROOT and a directory that static files come from overlap."""
    if not project.media_root:
        return
    for source in project.sources:
        if overlap(project.media_root, source.path):
            yield Found(
                what=f"MEDIA_ROOT ({project.media_root}) and {source.label} share files.",
                fix=(
                    "Uploads need a directory that no finder looks through:\n"
                    '    MEDIA_ROOT = BASE_DIR / "media"'
                ),
                where=project.settings.where("MEDIA_ROOT"),
            )
            return  # a MEDIA_ROOT that holds the whole project holds every source


@rule(
    "private-files-in-staticfiles-dirs",
    "roots.E093",
    why="collectstatic would publish what only some may read, and so does the development server.",
    cheap=True,
)
def private_files_in_staticfiles_dirs(project: Project) -> Iterator[Found]:
    """A storage with access="signed" or "view" and a directory of static files overlap."""
    from roots.media import storages

    try:
        hidden = storages.private()
    except (ConfigError, ImproperlyConfigured, TypeError):  # `storage-unusable` tells
        return
    for storage, source in product(hidden, project.sources):
        if overlap(storage.location, source.path):
            yield Found(
                what=(
                    f"{storages.label(storage)} keeps private files in {storage.location}, which "
                    f"shares files with {source.label}."
                ),
                fix="Give the private files a directory that no finder looks through.",
                where=project.settings.where("STORAGES"),
            )


@rule(
    "project-static-not-listed",
    "roots.W014",
    why="No finder looks there, so its files are neither served in development nor collected.",
    cheap=True,
)
def project_static_not_listed(project: Project) -> Iterator[Found]:
    """A `static/` beside manage.py or in the settings' package that belongs to nobody."""
    for directory in _beside(project):
        if not _is_known(project, directory) and holds_files(directory):
            yield Found(
                what=f"{directory} has files, but is neither in STATICFILES_DIRS nor of an app.",
                fix=(
                    "List it:\n"
                    f'    STATICFILES_DIRS = [BASE_DIR / "{_below_base(project, directory)}"]'
                ),
                where=directory,
            )


def _overlapping(project: Project) -> Iterator[SourceDirectory]:
    root = project.static_root
    if root:
        yield from (each for each in project.sources if overlap(root, each.path))


def _is_within(path: str | None, directory: str) -> bool:
    return path is not None and is_inside(os.path.realpath(path), os.path.realpath(directory))


def _told(project: Project, source: SourceDirectory) -> str:
    return f"STATIC_ROOT ({project.static_root}) and {source.label} share files."


def _beside(project: Project) -> list[str]:
    settings = project.settings.file
    places = [str(project.directory), project.settings.path("BASE_DIR")]
    places.append(os.path.dirname(settings) if settings else None)
    named = [os.path.join(os.path.realpath(place), "static") for place in places if place]
    return [
        each for each in dict.fromkeys(named) if project.has_staticfiles and os.path.isdir(each)
    ]


def _is_known(project: Project, directory: str) -> bool:
    """Whether it is a root, a source, within one or around one, or was collected once."""
    roots = [each for each in (project.static_root, project.media_root) if each]
    others = [*roots, *(source.path for source in project.sources)]
    collected = ("staticfiles.json", "admin/css/base.css")
    return any(overlap(directory, other) for other in others) or any(
        os.path.exists(os.path.join(directory, name)) for name in collected
    )


def _below_base(project: Project, directory: str) -> str:
    base = project.settings.path("BASE_DIR") or str(project.directory)
    return os.path.relpath(directory, os.path.realpath(base)).replace(os.sep, "/")
