"""Mistakes about the two roots themselves."""

import os
from collections.abc import Iterator

from django.apps import apps

from roots.boundaries import overlap
from roots.doctor.evidence.packages import is_installed
from roots.doctor.evidence.sources import holds_files
from roots.doctor.evidence.storages import listed
from roots.doctor.finding import Found, Severity
from roots.doctor.project import Project
from roots.doctor.registry import rule
from roots.paths import is_inside


@rule(
    "roots-overlap",
    "roots.E002",
    why=(
        "collectstatic would publish or clear what users uploaded, and an uploaded script would be "
        "served as trustingly as your own."
    ),
    cheap=True,
)
def roots_overlap(project: Project) -> Iterator[Found]:
    """One root is the other or lies inside it; through symlinks and other spellings, too."""
    static, media = project.static_root, project.media_root
    if static and media and overlap(static, media):
        yield Found(
            what=(
                f"STATIC_ROOT ({static}) and MEDIA_ROOT ({media}) must be two directories, "
                "neither inside the other."
            ),
            fix=(
                "Put them side by side:\n"
                '    STATIC_ROOT = BASE_DIR / "staticfiles"\n'
                '    MEDIA_ROOT = BASE_DIR / "media"'
            ),
            where=project.settings.where("MEDIA_ROOT"),
        )


@rule(
    "static-root-unset",
    "roots.E010",
    why="collectstatic has no directory to collect into, so production has no static files.",
    production=True,
    cheap=True,
)
def static_root_unset(project: Project) -> Iterator[Found]:
    """Static files, a storage on this machine's disk for them, and no place for it."""
    backend = project.storages.get("staticfiles")
    if project.static_root or not (backend and backend.is_local and not backend.location):
        return
    if project.settings.get("WHITENOISE_USE_FINDERS"):  # serves the sources
        return
    if any(holds_files(source.path) for source in project.sources):
        yield Found(
            what="There are static files to collect, but STATIC_ROOT is not set.",
            fix=(
                "Name a directory that nothing else uses, and keep it out of git:\n"
                '    STATIC_ROOT = BASE_DIR / "staticfiles"'
            ),
            where=project.settings.where("STATIC_ROOT"),
        )


@rule(
    "media-root-unset",
    "roots.E017",
    why=(
        "Django writes uploads into the directory the process was started in, which is another one "
        "for each way of starting it, and often the one with the code."
    ),
    cheap=True,
)
def media_root_unset(project: Project) -> Iterator[Found]:
    """A file field whose storage is on this disk and has no directory."""
    homeless = [each for each in project.file_columns if each.is_local and not each.location]
    if not homeless:
        return
    own = [each for each in homeless if each.is_own]
    yield Found(
        what=f"MEDIA_ROOT is not set, but is where {listed(own or homeless)} would be stored.",
        fix=(
            "Name a directory that nothing else uses, and keep it out of git:\n"
            '    MEDIA_URL = "media/"\n'
            '    MEDIA_ROOT = BASE_DIR / "media"'
        ),
        where=project.settings.where("MEDIA_ROOT"),
        severity=None if own else Severity.WARNING,  # perhaps nobody uses the package's field
    )


@rule(
    "media-root-is-project",
    "roots.E018",
    why=(
        "Whatever is in MEDIA_ROOT is public: your settings with their secrets, the code, the "
        "database. And an upload could become a part of the program."
    ),
    cheap=True,
)
def media_root_is_project(project: Project) -> Iterator[Found]:
    """MEDIA_ROOT holds the project, or some of its code, or its database."""
    held = [path for path in _not_for_users(project) if _holds(project.media_root, path)]
    if held:
        yield Found(
            what=f"MEDIA_ROOT ({project.media_root}) holds {', '.join(held[:3])}.",
            fix=('Give uploads a directory of their own:\n    MEDIA_ROOT = BASE_DIR / "media"'),
            where=project.settings.where("MEDIA_ROOT"),
        )


@rule(
    "relative-root",
    "roots.W019",
    why=(
        "It begins wherever the process was started: manage.py, the server and cron may each mean "
        "another directory."
    ),
    cheap=True,
)
def relative_root(project: Project) -> Iterator[Found]:
    """STATIC_ROOT or MEDIA_ROOT that does not begin at the top of the disk."""
    for name in ("STATIC_ROOT", "MEDIA_ROOT"):
        value = project.settings.get(name)
        if not isinstance(value, str | os.PathLike) or not os.fspath(value):
            continue
        path = os.fspath(value)
        if not os.path.isabs(path):
            base = f'BASE_DIR / "{os.path.normpath(path)}"'
            if path.startswith("~"):  # which shells expand, and Python does not
                base = f'Path("{path}").expanduser()'
            yield Found(
                what=f"{name} is {path!r}, which here means {project.settings.path(name)}.",
                fix=f"Say where it begins:\n    {name} = {base}",
                where=project.settings.where(name),
            )


def _not_for_users(project: Project) -> list[str]:
    databases = project.settings.get("DATABASES") or {}
    code = [config.path for config in apps.get_app_configs() if not is_installed(config.path)]
    sqlite = [
        os.path.abspath(str(each.get("NAME")))
        for each in databases.values()
        if "sqlite" in str(each.get("ENGINE")) and ":memory:" not in str(each.get("NAME"))
    ]
    places = [str(project.directory), project.settings.file or "", *code, *sqlite]
    return [each for each in dict.fromkeys(places) if each]


def _holds(directory: str | None, path: str) -> bool:
    return bool(directory) and is_inside(os.path.realpath(path), os.path.realpath(str(directory)))
