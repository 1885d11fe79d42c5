"""The life of an upload: from a form to a row, a file, and a browser, or to the trash."""

import difflib
import os
from collections.abc import Iterator
from pathlib import Path
from stat import filemode
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import FileSystemStorage
from django.db import DatabaseError

from roots.doctor.explain.answers import answers, is_served
from roots.doctor.explain.life import Answered, Fact, Life
from roots.errors import UploadRejected
from roots.media import ledger, quarantine, trash
from roots.media.admission import project_policy
from roots.media.content.sniff import sniff_file
from roots.media.referrers import Referrer, referrers
from roots.media.storage import MediaStorage
from roots.static.summary import readable

_SHOWN = 10


def explain(storage: FileSystemStorage, name: str) -> Life | None:
    """The life of the file `name` of `storage`; None where neither the disk, nor the ledger, nor a
    row, nor the trash knows of one."""
    path = Path(storage.location, name)
    rows = list(_rows(storage, name))
    recorded = _recorded(storage, name)
    facts = _on_disk(path) | recorded | _elsewhere(storage, name)
    if not facts and not rows:
        return None
    facts |= {"named by": tuple(rows), "access": _access(storage)}
    if path.is_file():
        facts |= _content(storage, name, path)
    found = _answers(storage, name)
    return Life("media", name, facts, found, _problem(facts, rows, found))


def nearest(storage: FileSystemStorage, name: str) -> list[str]:
    """Names in the same folder that look like `name`, the nearest first."""
    folder, _, last = name.rpartition("/")
    try:
        names = [each for each in os.listdir(Path(storage.location, folder)) if each[0] != "."]
    except (OSError, ValueError):
        return []
    prefix = f"{folder}/" if folder else ""
    return [prefix + each for each in difflib.get_close_matches(last, names, n=3)]


def _on_disk(path: Path) -> dict[str, Fact]:
    try:
        facts = path.stat()
    except OSError:
        return {}
    return {
        "path": str(path),
        "size": readable(facts.st_size),
        "mode": filemode(facts.st_mode),
    }


def _recorded(storage: FileSystemStorage, name: str) -> dict[str, Fact]:
    """What the ledger says; of a storage that is not ours it says nothing."""
    if not isinstance(storage, MediaStorage) or ledger.model() is None:
        return {}
    row = ledger.find(storage, name)
    if row.pk is None:
        return {}
    return {
        "uploaded as": row.original_name,
        "recorded": f"{row.state} {row.stored_at:%Y-%m-%d %H:%M} UTC, in {row._state.db!r}",
        "recorded size": readable(row.size),
        "digest": row.digest,
        "owner": row.owner,
        "shown as": f"{row.width} x {row.height} pixels" if row.width else None,
    }


def _elsewhere(storage: FileSystemStorage, name: str) -> dict[str, Fact]:
    facts: dict[str, Fact] = {}
    root = Path(storage.location)
    if found := trash.find(root, name):
        facts["in the trash"] = f"since {found.day}: {found.path}"
    if quarantine.holds(name, root):
        facts["in quarantine"] = str(root / quarantine.place(name))
    return facts


def _rows(storage: FileSystemStorage, name: str) -> Iterator[str]:
    for each in referrers(storage):
        try:
            yield from _named_by(each, name)
        except DatabaseError:  # a table that was changed and not migrated
            continue


def _named_by(referrer: Referrer, name: str) -> Iterator[str]:
    found = referrer.rows().filter(**{referrer.field.attname: name}).order_by()
    for number, key in enumerate(found.values_list("pk", flat=True)[: _SHOWN + 1]):
        yield f"{referrer} {key}" if number < _SHOWN else f"{referrer}: and more"


def _content(storage: FileSystemStorage, name: str, path: Path) -> dict[str, Fact]:
    with path.open("rb") as stream:
        found = sniff_file(stream)
        return {"content": found.content_type, "policies": dict(_verdicts(storage, name, stream))}


def _verdicts(storage: FileSystemStorage, name: str, stream: BinaryIO) -> Iterator[tuple[str, str]]:
    """What each policy that may have let the file in says of it today."""
    policies = {str(each): getattr(each.field, "policy", None) for each in referrers(storage)}
    for label, policy in policies.items():
        try:
            (policy or project_policy()).judge(os.path.basename(name), stream)
        except UploadRejected as rejected:
            yield label, f"refuses it: {rejected}"
        else:
            yield label, "accepts it"


def _access(storage: FileSystemStorage) -> str:
    access = getattr(storage, "access", None)
    return access.kind if access else "public"


def _answers(storage: FileSystemStorage, name: str) -> tuple[Answered, ...]:
    try:
        url = urlsplit(storage.url(name))
    except (ValueError, SuspiciousFileOperation):  # no base_url, or no name of a file
        return ()
    return answers(unquote(url.path), url.path)


def _problem(facts: dict[str, Fact], rows: list[str], found: tuple[Answered, ...]) -> str:
    if "in quarantine" in facts:
        return _IN_QUARANTINE
    if "path" not in facts:
        return _TRASHED if "in the trash" in facts else _GONE
    if not rows:
        return _ORPHAN
    return "" if is_served(found) else "No browser gets this file by its URL: see the answer."


_IN_QUARANTINE = "It waits in quarantine, where nobody can read it; `manage.py media` clears it."
_TRASHED = "It is in the trash: `manage.py media restore` takes it back."
_GONE = "There is no such file any more: restore it from a backup, or mend the rows that name it."
_ORPHAN = "No row names it: `manage.py media sweep` would move it to the trash."
