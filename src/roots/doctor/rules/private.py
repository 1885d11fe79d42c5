"""Mistakes about files that not everybody may read."""

import os
from collections.abc import Iterator

from roots.doctor.finding import Found, Severity
from roots.doctor.project import Project
from roots.doctor.registry import rule
from roots.errors import ConfigError
from roots.paths import is_inside

_A_PLACE_OF_ITS_OWN = (
    "Give each private storage a directory and a URL prefix that nothing else has:\n"
    '    "OPTIONS": {"location": BASE_DIR / "contracts", "base_url": "/contracts/", ...}'
)


@rule(
    "private-files-shared",
    "roots.E091",
    why="Who may read the files of the one could read files of the other.",
    cheap=True,
)
def private_files_shared(project: Project) -> Iterator[Found]:
    """A storage with access="signed" or "view" shares a directory or a prefix with another root."""
    if project.has_unusable_storages:
        return
    from roots.media import storages
    from roots.serve.assembly import require_apart

    try:
        require_apart([])
    except (ConfigError, AttributeError):  # a mistake without them, too, which has another name
        return
    try:
        require_apart(storages.private())
    except ConfigError as error:
        yield Found(
            what=str(error), fix=_A_PLACE_OF_ITS_OWN, where=project.settings.where("STORAGES")
        )


@rule(
    "private-view-without-url",
    "roots.E092",
    why="Every link to these files leads to a 404, or to a page that knows nothing of them.",
    cheap=True,
)
def private_view_without_url(project: Project) -> Iterator[Found]:
    """A storage with access="view", whose prefix leads elsewhere or nowhere."""
    from roots.serve.handover.authorised import require_urls

    if project.has_unusable_storages or not project.settings.get("ROOT_URLCONF"):
        return
    try:
        require_urls()
    except ConfigError as error:
        yield Found(
            what=str(error),
            fix='Add to the urlpatterns of the project:\n    path("", include("roots.urls")),',
            where=project.settings.where("ROOT_URLCONF"),
        )


@rule(
    "private-media-world-readable",
    "roots.E090",
    why=(
        "Everything below MEDIA_ROOT is public, for whoever knows or guesses its URL; who may read "
        "these files is never asked."
    ),
    cheap=True,
)
def private_media_world_readable(project: Project) -> Iterator[Found]:
    """A directory of private files within a root."""
    for name, directory, is_sure in _private(project):
        for setting in ("MEDIA_ROOT", "STATIC_ROOT"):
            root = project.settings.path(setting)
            if root and is_inside(os.path.realpath(directory), os.path.realpath(root)):
                yield Found(
                    what=f"{name} keeps files in {directory}, which is in {setting} ({root}).",
                    fix=(
                        "Move them out of it, beside it:\n"
                        '    "OPTIONS": {"location": BASE_DIR / "private", ...}'
                    ),
                    where=project.settings.where(name.partition("[")[0]),
                    severity=None if is_sure else Severity.WARNING,
                )


def _private(project: Project) -> Iterator[tuple[str, str, bool]]:
    """Who says that a directory is not for everybody: the name, the directory, and whether that is
    sure. It is not for a storage whose URLs do not lead to its files. What `access` says of ours
    is `private-files-shared`."""
    for setting in ("PRIVATE_STORAGE_ROOT", "SENDFILE_ROOT"):
        if directory := project.settings.path(setting):
            yield setting, directory, True
    for alias, backend in project.storages.items():
        is_linked = "base_url" in backend.options or backend.location == project.media_root
        if backend.location and alias not in {"default", "staticfiles"} and not is_linked:
            yield f'STORAGES["{alias}"]', backend.location, False
