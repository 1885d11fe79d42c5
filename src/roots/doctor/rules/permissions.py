"""Who may read and write the two roots, by the modes of their files."""

import os
import stat
from collections.abc import Iterator, Sequence

from roots.doctor.evidence.account import Account, told
from roots.doctor.evidence.modes import DIRECTORY, FILE, Entry, entries, meant
from roots.doctor.finding import Found, Severity
from roots.doctor.project import Project
from roots.doctor.registry import rule
from roots.doctor.repairs import ChangeModes, MakeDirectory

_MODES = {
    "FILE_UPLOAD_PERMISSIONS": ("file_permissions_mode", FILE),
    "FILE_UPLOAD_DIRECTORY_PERMISSIONS": ("directory_permissions_mode", DIRECTORY),
}
_UNREADABLE = 0o044
_OPEN_TO_ALL = stat.S_IWOTH
_LOOKED_AT = 5000
"""Uploads whose modes are looked at."""


@rule(
    "media-not-writable",
    "roots.E070",
    why="Every upload fails with a PermissionError, which visitors see as a 500.",
)
def media_not_writable(project: Project) -> Iterator[Found]:
    """The user that runs Django cannot write where a file field keeps its files."""
    for location in project.upload_locations:
        account = project.accounts.writer(location)
        place = account.obstacle(location, os.W_OK | os.X_OK)
        if place is None:
            continue
        yield Found(
            what=_cannot(account, "write to", location, place),
            fix=(
                f"Give it to that user:\n    sudo install -d -o {account.name} {location}\n"
                f"    sudo chown -R {account.name} {location}"
                + _way_through(place, location, account)
            ),
            where=account.where or project.settings.where("MEDIA_ROOT"),
            severity=_certainty(account, location),
            repair=_directory_for(account, location),
        )


def _certainty(account: Account, location: str) -> Severity | None:
    """Whoever runs this command need not be who serves, nor the machine the one that does."""
    if account.where:
        return None
    return Severity.WARNING if os.path.exists(location) else Severity.INFO


def _directory_for(account: Account, location: str) -> MakeDirectory | None:
    """Only root can make a directory that is somebody else's."""
    if os.path.exists(location) or os.geteuid() != 0:
        return None
    return MakeDirectory(location, owner=(account.uid, -1))


@rule(
    "static-not-readable",
    "roots.E071",
    why="Whoever serves these files answers 403 or 404 for them, and pages lose their styles.",
)
def static_not_readable(project: Project) -> Iterator[Found]:
    """A server runs as a user that may not read STATIC_ROOT."""
    root = project.static_root
    if root is None or not os.path.isdir(root):
        return
    for account in project.accounts.readers(project.serving.prefix("static"), root):
        place = account.obstacle(root, os.X_OK)
        closed = [] if place or account.is_root else _closed(root, account)
        if place or closed:
            yield Found(
                what=(
                    _cannot(account, "read", root, place)
                    if place
                    else _examples(closed, f"cannot be read by {account.label}")
                ),
                fix=f"Let everybody read what everybody is sent:\n    chmod -R a+rX {root}"
                + _way_through(place or root, root, account),
                where=account.where or root,
                repair=_opened(closed),
            )


def _closed(root: str, account: Account) -> list[Entry]:
    def is_open(entry: Entry) -> bool:
        wanted = os.X_OK if entry.is_directory else os.R_OK
        return account.may_by_mode(entry.facts, wanted) or account.may(entry.path, wanted)

    return [entry for entry in entries(root) if not is_open(entry)]


def _opened(closed: Sequence[Entry]) -> ChangeModes | None:
    modes = [(e.path, e.mode | (0o555 if e.is_directory else 0o444)) for e in closed]
    return ChangeModes(tuple(modes)) if modes else None


@rule(
    "upload-permissions",
    "roots.E072",
    why=(
        "With a wrong mode uploads fail, or the proxy answers 403 for some of them, or every user "
        "of the machine may change what visitors are sent."
    ),
)
def upload_permissions(project: Project) -> Iterator[Found]:
    """Modes that are no modes, uploads nobody else can read, roots everybody can write to."""
    yield from _not_octal(project)
    yield from _open_roots(project)
    yield from _unreadable_uploads(project)


def _not_octal(project: Project) -> Iterator[Found]:
    for setting, (option, needed) in _MODES.items():
        said = [(setting, project.settings.get(setting), project.settings.where(setting))]
        for alias, backend in project.storages.items():
            name = f'STORAGES["{alias}"]["OPTIONS"]["{option}"]'
            said.append((name, backend.options.get(option), project.settings.where("STORAGES")))
        for name, value, where in said:
            if (mode := meant(value, needed)) is not None:
                shown = f"{value}, in octal {value:#o}" if isinstance(value, int) else repr(value)
                yield Found(
                    what=f"{name} is {shown}: no mode that lets even the owner use what has it.",
                    fix=f"Write it in octal, without quotes:\n    {name} = {mode:#o}",
                    where=where,
                )


def _open_roots(project: Project) -> Iterator[Found]:
    if os.stat(project.directory).st_mode & _OPEN_TO_ALL:
        return  # a disk without modes, as those of Windows are
    roots = [root for root in (project.static_root, *project.upload_locations) if root]
    for root in dict.fromkeys(roots):
        if os.path.isdir(root) and (mode := os.stat(root).st_mode) & _OPEN_TO_ALL:
            yield Found(
                what=f"{root} is {told(root)}: every user of this machine may write there.",
                fix=f"Take that away:\n    chmod o-w {root}",
                where=root,
                severity=Severity.WARNING,
                repair=ChangeModes(((root, stat.S_IMODE(mode) & ~_OPEN_TO_ALL),)),
            )


def _unreadable_uploads(project: Project) -> Iterator[Found]:
    """Uploads that only their owner can read, where somebody else serves them."""
    prefix, root = project.serving.prefix("media"), project.media_root
    fronts = [*project.serving.fronts.servers(prefix, root)] if prefix and root else []
    proxies = [each for each in fronts if each.name in ("nginx", "caddy", "apache")]
    if not (proxies and root and os.path.isdir(root)):
        return
    closed = [
        e for e in entries(root, _LOOKED_AT) if not e.is_directory and not e.mode & _UNREADABLE
    ]
    if closed:
        yield Found(
            what=_examples(closed, "can be read by their owner alone")
            + f"\n{proxies[0].name} serves them ({proxies[0].where}).",
            fix=f"Open those that are there:\n    chmod -R a+rX {root}\n"
            "and have new ones made so:\n    FILE_UPLOAD_PERMISSIONS = 0o644",
            where=project.settings.where("FILE_UPLOAD_PERMISSIONS"),
            severity=Severity.WARNING,
            repair=_opened(closed),
        )


def _cannot(account: Account, what: str, root: str, place: str) -> str:
    at = "" if place == root else f" {root} is below it."
    return f"{account.label} cannot {what} {root}: {place} is {told(place)}.{at}"


def _way_through(place: str, root: str, account: Account) -> str:
    if place == root or not os.path.exists(root):
        return ""
    return (
        f"\nand let them pass {place}, or keep the root elsewhere:\n"
        f"    sudo setfacl -m u:{account.name}:x {place}"
    )


def _examples(found: Sequence[Entry], what: str) -> str:
    shown = "".join(f"\n    {stat.filemode(e.facts.st_mode)} {e.path}" for e in found[:3])
    return f"Files and directories that {what}: {len(found)}.{shown}"
