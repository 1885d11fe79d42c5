"""Mistakes about which storage is for what."""

import os
from collections.abc import Iterator

from roots.doctor.evidence.storages import Backend, FileColumn, is_for_static, is_ours
from roots.doctor.finding import Found, Severity
from roots.doctor.project import Project
from roots.doctor.registry import rule
from roots.paths import is_inside

_BOTH = (
    "Name one for each:\n"
    "    STORAGES = {\n"
    '        "default": {"BACKEND": "roots.media.storage.MediaStorage"},\n'
    '        "staticfiles": {"BACKEND": "roots.static.storage.StaticStorage"},\n'
    "    }"
)


@rule(
    "storage-unusable",
    "roots.E005",
    why=(
        "The first page that links to a file, or the first upload, fails. STORAGES replaces all of "
        "what Django has by default, so it has to name every storage that is used."
    ),
    cheap=True,
)
def storage_unusable(project: Project) -> Iterator[Found]:
    """An entry of STORAGES that is needed and missing, or that names what cannot be made."""
    problems = {alias: each.problem for alias, each in project.storages.items() if each.problem}
    needed = {"staticfiles": project.has_staticfiles, "default": project.has_file_fields}
    for alias in needed:
        if needed[alias] and alias not in project.storages:
            problems[alias] = "is missing."
    for alias, problem in problems.items():
        yield Found(
            what=f'STORAGES["{alias}"]: {problem}',
            fix=_BOTH,
            where=project.settings.where("STORAGES"),
        )


@rule(
    "uploads-into-static-root",
    "roots.E021",
    why=(
        "`collectstatic --clear` would delete what users uploaded, the next deploy may replace the "
        "directory, and uploads would be served as trustingly as your own files."
    ),
    cheap=True,
)
def uploads_into_static_root(project: Project) -> Iterator[Found]:
    """STORAGES["default"], another storage or an `upload_to` that leads into STATIC_ROOT."""
    for alias, backend in project.storages.items():
        is_of_static = alias == "staticfiles" or (
            alias != "default" and is_for_static(backend.kind)
        )
        if not is_of_static and _is_in_static_root(project, backend.location):
            yield Found(
                what=f'STORAGES["{alias}"] ({backend.path}) keeps files in {backend.location}, '
                f"which is in STATIC_ROOT ({project.static_root}).",
                fix=_BOTH,
                where=project.settings.where("STORAGES"),
            )
    known = {backend.location for backend in project.storages.values()}
    for column in project.file_columns:
        place = _place_of(column)
        if place not in known and _is_in_static_root(project, place):
            yield Found(
                what=f"{column.label} stores uploads in {place}, which is in STATIC_ROOT "
                f"({project.static_root}).",
                fix="Store them below MEDIA_ROOT: upload_to is relative to it, as "
                'upload_to="scans/".',
                where=column.where,
            )


@rule(
    "static-storage-for-media",
    "roots.E022",
    why=(
        "It finds URLs in the manifest of what was collected, which has no uploads, and its place "
        "and its headers are those of your own files."
    ),
    cheap=True,
)
def static_storage_for_media(project: Project) -> Iterator[Found]:
    """A storage of static files for uploads, that keeps them elsewhere than in STATIC_ROOT."""
    default = project.storages.get("default")
    if default and is_for_static(default.kind):
        if not _is_in_static_root(project, default.location):
            yield Found(
                what=f'STORAGES["default"] is {default.path}, a storage for static files.',
                fix=_BOTH,
                where=project.settings.where("STORAGES"),
            )
        return
    for column in project.file_columns:
        if is_for_static(column.kind) and not _is_in_static_root(project, _place_of(column)):
            kind = f"{column.kind.__module__}.{column.kind.__qualname__}"
            yield Found(
                what=f"{column.label} stores uploads with {kind}, a storage for static files.",
                fix="Take storage= out of the field, or name a storage for uploads.",
                where=column.where,
            )


@rule(
    "media-storage-for-static",
    "roots.E023",
    why="collectstatic would write among the uploads, where users' files may replace yours.",
    cheap=True,
)
def media_storage_for_static(project: Project) -> Iterator[Found]:
    """A storage for uploads for static files, or one place in a bucket for both."""
    backend, default = project.storages.get("staticfiles"), project.storages.get("default")
    if not project.has_staticfiles or backend is None or is_for_static(backend.kind):
        return
    where = project.settings.where("STORAGES")
    if is_ours(backend.kind) or (backend.location and backend.location == project.media_root):
        yield Found(
            what=f'STORAGES["staticfiles"] is {backend.path}, which keeps files in '
            f"{backend.location}: a storage for uploads.",
            fix=_BOTH,
            where=where,
        )
    elif default and backend.is_remote and _place(backend) == _place(default):
        yield Found(
            what=f'STORAGES["default"] and STORAGES["staticfiles"] are both {backend.path}, '
            "with the same options: one place for both.",
            fix="Give each a prefix or a bucket of its own, as OPTIONS = "
            '{"location": "static"} and {"location": "media"}.',
            where=where,
            severity=Severity.WARNING,
        )


def _is_in_static_root(project: Project, place: str | None) -> bool:
    """Whether it is, and not because MEDIA_ROOT is, which `roots-overlap` tells."""
    root = project.static_root
    if not (root and place) or place == project.media_root:
        return False
    return is_inside(os.path.realpath(place), os.path.realpath(root))


def _place_of(column: FileColumn) -> str | None:
    upload_to = column.field.upload_to
    if column.location is None or not isinstance(upload_to, str):
        return column.location
    return os.path.normpath(os.path.join(column.location, upload_to))


def _place(backend: Backend) -> tuple[type | None, object]:
    return backend.kind, backend.options
