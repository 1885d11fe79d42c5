"""Roots that get into container images, or uploads that stay in a container's own layer."""

import os
import re
from collections.abc import Iterator

from roots.doctor.evidence.compose import Service
from roots.doctor.evidence.dockerignore import is_ignored
from roots.doctor.evidence.repository import Build
from roots.doctor.finding import Found, Severity
from roots.doctor.project import Project
from roots.doctor.registry import rule
from roots.doctor.repairs import AppendLines
from roots.paths import is_inside

_NOT_PRODUCTION = re.compile(r"local|dev|test|\bci\b|override", re.IGNORECASE)


@rule(
    "root-not-dockerignored",
    "roots.W062",
    why="Whatever lies there on the machine that builds gets into the image: uploads of a "
    "developer, or files collected from another commit.",
)
def root_not_dockerignored(project: Project) -> Iterator[Found]:
    """A root that a Dockerfile copies with everything around it."""
    told = set()
    for build in project.repository.builds:
        file = _ignore_file(build)
        text = project.repository.tree.text(file)
        for setting, root in project.own_roots.items():
            path = os.path.relpath(os.path.realpath(root), os.path.realpath(build.context))
            if (file, path) in told or not _is_swept_in(build, path):
                continue
            if not is_ignored(text, path) and not is_ignored(text, f"{path}/file"):
                told.add((file, path))
                yield Found(
                    what=f"{project.repository.tree.relative(build.file)} copies {build.context} "
                    f"with {setting} ({path}) in it, and {os.path.basename(file)} does not leave "
                    "it out.",
                    fix=f"Add to {file}:\n    {path}/",
                    where=file,
                    repair=AppendLines(file, (f"{path}/",)),
                )


@rule(
    "media-in-container-layer",
    "roots.W063",
    why="A container's own layer goes with the container: the next deploy deletes every upload.",
    production=True,
)
def media_in_container_layer(project: Project) -> Iterator[Found]:
    """Uploads on a path of the container on which nothing is mounted."""
    if not (project.keeps_uploads and project.media_root):
        return
    for build in project.repository.builds:
        services = [s for s in project.repository.services if s.dockerfile == build.file]
        path = _path(build, services, project.media_root)
        if path is None or any(is_inside(path, volume) for volume in build.image.volumes):
            continue
        if not services:
            yield _unmounted(build.file, path, "", Severity.INFO)
        for file in dict.fromkeys(each.file for each in services):
            here = [each for each in services if each.file == file]
            if not _NOT_PRODUCTION.search(os.path.basename(file)) and not any(
                _has_mounted(project, each, path) for each in here
            ):
                yield _unmounted(f"{file}:{here[0].line}", path, here[0].name, None)


def _ignore_file(build: Build) -> str:
    """The .dockerignore that counts: that of the Dockerfile, or else of the context."""
    own = build.file + ".dockerignore"
    return own if os.path.isfile(own) else os.path.join(build.context, ".dockerignore")


def _is_swept_in(build: Build, path: str) -> bool:
    """Whether `path` is copied as part of more; who names it means it."""
    if path.startswith(".."):
        return False
    is_named = any(
        word.strip("./") == path for each in build.image.instructions for word in each.words
    )
    return build.image.path_of(path) is not None and not is_named


def _path(build: Build, services: list[Service], media_root: str) -> str | None:
    """Where MEDIA_ROOT is in the container; None where that is not said."""
    for service in services:
        for name, value in service.environment.items():
            if "MEDIA" in name.upper() and value.startswith("/"):
                return value
    if not is_inside(media_root, build.context):
        return media_root  # a path that is not the project's is the same everywhere
    path = build.path_of(media_root)
    return None if path and "$" in path else path


def _has_mounted(project: Project, service: Service, path: str) -> bool:
    """Whether the service, or another file that only adds to it, mounts something for `path`."""
    additions = [
        each
        for each in project.repository.services
        if each.name == service.name and each.context is None and not each.image
    ]
    return any(each.has_mounted(path) for each in (service, *additions))


def _unmounted(where: str, path: str, service: str, severity: Severity | None) -> Found:
    if service:
        what = (
            f"In the service {service}, uploads are stored in {path}, on which nothing is mounted."
        )
    else:
        what = (
            f"In the container, uploads are stored in {path}. Whether a volume is mounted there is "
            "said where the container is started, which is not here."
        )
    return Found(
        what=what,
        fix=f"Mount a volume there:\n    volumes:\n      - media:{path}",
        where=where,
        severity=severity,
    )
