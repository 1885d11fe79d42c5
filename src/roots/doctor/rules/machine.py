"""The disks of this machine, and what it takes extensions for."""

import mimetypes
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from roots.doctor.evidence import disk, platforms
from roots.doctor.evidence.storages import listed
from roots.doctor.finding import Found, Severity
from roots.doctor.project import Project
from roots.doctor.registry import rule

_RIGHT = {
    ".css": ("text/css",),
    ".js": ("text/javascript", "application/javascript", "application/x-javascript"),
    ".mjs": ("text/javascript", "application/javascript"),
    ".json": ("application/json",),
    ".html": ("text/html",),
    ".svg": ("image/svg+xml",),
    ".wasm": ("application/wasm",),
    ".png": ("image/png",),
    ".jpg": ("image/jpeg",),
    ".webp": ("image/webp",),
}
"""What browsers take; first what to say (RFC 9239 for scripts)."""


@rule(
    "temp-on-other-filesystem",
    "roots.I073",
    why=(
        "Django keeps an upload of more than FILE_UPLOAD_MAX_MEMORY_SIZE in a temporary file and "
        "moves it to MEDIA_ROOT. From another file system, moving is copying: each large upload is "
        "written twice while its visitor waits, and needs its room twice."
    ),
)
def temp_on_other_filesystem(project: Project) -> Iterator[Found]:
    """Large uploads arrive on another disk than the one they stay on. MediaStorage has them arrive
    in MEDIA_ROOT."""
    directory = project.settings.path("FILE_UPLOAD_TEMP_DIR") or tempfile.gettempdir()
    apart = [each for each in project.upload_locations if not disk.are_one(directory, each)]
    if apart and not project.keeps_ledger:
        memory = ", and is in memory," if disk.is_in_memory(directory) else ""
        yield Found(
            what=f"Uploads arrive in {directory}; it{memory} is on another file system than "
            f"{apart[0]}.",
            fix="Let them arrive beside it, in a directory nobody serves:\n"
            f'    FILE_UPLOAD_TEMP_DIR = "{Path(apart[0]).parent / "incoming"}"',
            where=project.settings.where("FILE_UPLOAD_TEMP_DIR"),
        )


@rule(
    "low-disk",
    "roots.W074",
    why="On a full disk uploads fail, collectstatic stops, and a database beside them stops, too.",
)
def low_disk(project: Project) -> Iterator[Found]:
    """A disk that a root is on, and that will soon be full."""
    told = set()
    for root in (*project.upload_locations, project.static_root):
        room = disk.room(root) if root else None
        if root is None or room is None or room.shortage is None or room in told:
            continue
        told.add(room)
        yield Found(
            what=f"On the disk of {root}, {room.shortage}.",
            fix="Look what takes the room:\n"
            f"    du -xh {root} | sort -h | tail\n"
            "With MediaStorage, the trash may:\n    manage.py media stats",
            where=root,
        )


@rule(
    "ephemeral-media",
    "roots.E075",
    why=(
        "Each deploy and each restart begins with the disk of the image: rows stay in the "
        "database, and the files they name are gone."
    ),
    production=True,
)
def ephemeral_media(project: Project) -> Iterator[Found]:
    """Uploads are kept on the disk of a platform that has none that lasts."""
    locations = project.upload_locations
    found = platforms.forgetful(project.repository.tree, locations) if locations else iter(())
    for platform in list({each.name: each for each in found}.values()):
        columns = [each for each in project.file_columns if each.location in locations]
        yield Found(
            what=f"{listed(columns)} keep files in {locations[0]}, and {platform.name} "
            f"({platform.where}) has no lasting disk there.",
            fix="Attach a volume there, where the platform has them, or keep uploads in a bucket:\n"
            '    STORAGES["default"]["BACKEND"] = "storages.backends.s3.S3Storage"',
            where=platform.where if platform.where.startswith("/") else "",
            severity=None if platform.is_here else Severity.WARNING,
        )


@rule(
    "mime-registry-wrong",
    "roots.W076",
    why=(
        "Django's views, runserver and most storages of buckets ask this machine for the type of a "
        "file. Browsers refuse a script or a style sheet of a wrong type, and show nothing."
    ),
)
def mime_registry_wrong(project: Project) -> Iterator[Found]:
    """This machine (its registry, /etc/mime.types, or the project itself) has a wrong type."""
    if not mimetypes.inited:
        mimetypes.init()
    wrong = {e: found for e in _RIGHT if (found := mimetypes.types_map.get(e, "")) not in _RIGHT[e]}
    known = {extension: found for extension, found in wrong.items() if found}
    if not known:
        return
    told = "; ".join(f"{extension} is {found}" for extension, found in known.items())
    fix = "".join(f'\n    mimetypes.add_type("{_RIGHT[each][0]}", "{each}")' for each in known)
    yield Found(
        what=f"For this machine {told}.",
        fix=f"Correct it there, or in the settings:\n    import mimetypes{fix}",
        where=next((place for each in known if (place := _place(each, known[each]))), "")
        or project.settings.file
        or "",
    )


def _place(extension: str, found: str) -> str:
    """The line of a file that mimetypes reads, which says so."""
    ending = re.escape(extension[1:])
    line_of = re.compile(rf"^\s*{re.escape(found)}\s(?:.*\s)?{ending}(\s|$)", re.MULTILINE)
    for path in map(str, mimetypes.knownfiles):
        text = Path(path).read_text("utf-8", "replace") if os.access(path, os.R_OK) else ""
        if said := line_of.search(text):
            return f"{path}:{text.count(chr(10), 0, said.start()) + 1}"
    return ""
