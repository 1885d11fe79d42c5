"""Mistakes about what collectstatic made, and what it should make again."""

from collections.abc import Iterator, Sequence

from roots.doctor.evidence.releases import Collected
from roots.doctor.finding import Found, Severity
from roots.doctor.project import Project
from roots.doctor.registry import rule
from roots.doctor.repairs import Collect

_COLLECT = (
    "Run it where the site is deployed, each time:\n    python manage.py collectstatic --no-input"
)
_SHOWN = 3


@rule(
    "manifest-missing",
    "roots.E046",
    why="Pages learn from the manifest what a static file is called. Without it Django's storage "
    "raises for every {% static %}, and this package's gives URLs nobody may keep.",
    production=True,
)
def manifest_missing(project: Project) -> Iterator[Found]:
    """A storage that keeps a manifest, and none in STATIC_ROOT."""
    collected = project.collected
    if collected is None or not collected.has_manifests:
        return
    if collected.manifest:
        if not collected.manifest.paths and project.discovery and project.discovery.sources:
            told = f"{collected.manifest_path} is a manifest that names no file."
            yield _found(told, project, _less_sure(project))
    elif not collected.is_empty:
        yield _found(_told(collected), project, _less_sure(project))
    elif project.is_production:
        yield _found(_not_collected(project, collected), project, Severity.INFO)


@rule(
    "manifest-stale",
    "roots.W047",
    why="What is served is what was collected: a change to a source is not seen until then, and a "
    "new file is answered 404.",
    production=True,
)
def manifest_stale(project: Project) -> Iterator[Found]:
    """Sources that are not what was collected, told by their content."""
    collected, difference = project.collected, project.difference
    if collected is None or difference is None:
        return
    parts = [
        *_counted(difference.changed, "changed since files were collected"),
        *_counted(difference.new, "not collected"),
    ]
    if parts:
        plain = "" if collected.has_manifests else " (this storage keeps no manifest: by content)"
        yield Found(
            what=f"Sources beside {collected.root}{plain}: {'; '.join(parts)}.",
            fix=_COLLECT + ("" if collected.is_ours else _CLEAR),
            where=str(collected.root),
            repair=Collect() if collected.is_ours else None,
        )


@rule(
    "collected-files-missing",
    "roots.E048",
    why="Pages name these files, because the manifest does; browsers get 404.",
    production=True,
)
def collected_files_missing(project: Project) -> Iterator[Found]:
    """Files that the manifest names, and that are not in STATIC_ROOT."""
    missing = project.collected.missing() if project.collected else []
    if project.collected and missing:
        told = "; ".join(_counted(missing, "not there"))
        yield Found(
            what=f"{project.collected.manifest_path} names files of its directory: {told}.",
            fix=f"{_COLLECT}\nand copy all of it where it is served, the manifest last.",
            where=str(project.collected.manifest_path),
            severity=_less_sure(project),
            repair=Collect(),
        )


_CLEAR = " --clear\nWithout --clear, this storage skips a source that is not newer than its copy."


def _found(what: str, project: Project, severity: Severity | None = None) -> Found:
    repair = Collect() if severity is None else None
    return Found(what, _COLLECT, project.settings.where("STATIC_ROOT"), severity, repair)


def _less_sure(project: Project) -> Severity | None:
    """Where an image collects files for itself, what stands here need not be what is served."""
    images = {each.file for each in project.repository.builds}
    is_collected_there = any(
        each.is_collecting and each.file in images for each in project.repository.commands
    )
    return Severity.WARNING if is_collected_there else None


def _told(collected: Collected) -> str:
    if collected.manifest_path.exists():
        return f"{collected.manifest_path} cannot be read as a manifest."
    return (
        f"{collected.root} holds files, but no {collected.manifest_path.name}: they were collected "
        "by another storage, or copied without it."
    )


def _not_collected(project: Project, collected: Collected) -> str:
    elsewhere = [each for each in project.repository.commands if each.is_collecting]
    if elsewhere:
        place = f"{project.repository.tree.relative(elsewhere[0].file)}:{elsewhere[0].line}"
        return f"Nothing was collected into {collected.root} on this machine; {place} does it."
    return f"Nothing was collected into {collected.root} on this machine, and no command here does."


def _counted(names: Sequence[str], what: str) -> Iterator[str]:
    if names:
        more = ", …" if len(names) > _SHOWN else ""
        yield f"{len(names)} {what} ({', '.join(sorted(names)[:_SHOWN])}{more})"
