"""Takes stored files out of everybody's reach, and gives them back; on the disk and in the ledger.

The disk comes first: where a process is killed in between, `manage.py media audit` tells.
"""

import os

from django.core.files.storage import FileSystemStorage

from roots.errors import StorageError
from roots.media import ledger, quarantine
from roots.media.lifecycle.settling import terms_of
from roots.media.locking import exclusive
from roots.media.signals import file_cleared, file_quarantined, tell


def isolate(storage: FileSystemStorage, name: str, threat: str) -> bool:
    """Put the file `name`, in which a scanner found `threat`, in quarantine, or leave it there;
    False where it is gone. Raises StorageError and DatabaseError."""
    terms = terms_of(storage)
    with exclusive(terms.root, terms.modes):
        is_held = quarantine.put(name, terms) or quarantine.holds(name, terms.root)
    if os.path.lexists(terms.root / name):
        raise StorageError(
            f"Cannot put {name} in quarantine, because another file of that name waits there. Find "
            f"out who put it below {terms.root / quarantine.place('')}, and move it away."
        )
    if is_held:
        ledger.quarantined(storage, [name], threat)
        tell(file_quarantined, storage, name, threat=threat)
    return is_held


def clear(storage: FileSystemStorage, name: str, *, keep_threat: bool = False) -> bool:
    """Let the file `name` out of quarantine; False where it is not there, or other bytes have its
    name by now. Raises StorageError and DatabaseError.

    With `keep_threat` the ledger remembers what was found in it: `manage.py media rescan` then
    knows that somebody said it is harmless.
    """
    terms = terms_of(storage)
    with exclusive(terms.root, terms.modes):
        is_moved = quarantine.clear(name, terms)
    if is_moved:
        ledger.cleared(storage, [name], keep_threat=keep_threat)
        tell(file_cleared, storage, name)
    return is_moved
