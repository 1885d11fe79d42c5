"""Mistakes about the two roots, and the directories static files come from."""

from collections.abc import Iterator

from roots.doctor.finding import Found
from roots.doctor.project import Project
from roots.doctor.registry import rule


@rule(
    "static-root-unset",
    "roots.E010",
    why="collectstatic has no directory to collect into, so production has no static files.",
    production=True,
    cheap=True,
)
def static_root_unset(project: Project) -> Iterator[Found]:
    """Static files, a storage on this machine's disk for them, and no STATIC_ROOT."""
    backend = project.storages.get("staticfiles")
    if not project.has_staticfiles or project.static_root or not (backend and backend.is_local):
        return
    yield Found(
        what="django.contrib.staticfiles is installed, but STATIC_ROOT is not set.",
        fix=(
            "Name a directory that nothing else uses, and keep it out of git:\n"
            '    STATIC_ROOT = BASE_DIR / "staticfiles"'
        ),
        where=project.settings.where("STATIC_ROOT"),
    )
