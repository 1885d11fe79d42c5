"""An upload that is there for as long as a probe asks for it."""

import contextlib
import secrets
from collections.abc import Iterator
from typing import NamedTuple

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import DEFAULT_DB_ALIAS, router, transaction

from roots.doctor.evidence.storages import is_ours
from roots.errors import UploadRejected
from roots.media import ledger

_PAGE = "<!doctype html><title>A probe of django-roots</title>{token}\n"
_TEXT = "A probe of django-roots: {token}\n"


class Upload(NamedTuple):
    """What was stored: the name it got, and its bytes."""

    name: str
    body: bytes


@contextlib.contextmanager
def uploaded(storage: Storage) -> Iterator[Upload]:
    """A page, or a text where no page is accepted, as `storage` stores what visitors upload.

    It is taken away when the block ends; if the storage is a MediaStorage by a transaction that
    rolls back, so that neither a row nor a file in the trash is left. Raises RootsError, OSError
    and DatabaseError.
    """
    with _rolled_back() if is_ours(storage.__class__) else contextlib.nullcontext():
        stored = _stored(storage)
        try:
            yield stored
        finally:
            if not is_ours(storage.__class__):
                storage.delete(stored.name)


@contextlib.contextmanager
def _rolled_back() -> Iterator[None]:
    recorded = ledger.model()
    using = router.db_for_write(recorded) if recorded else DEFAULT_DB_ALIAS
    with transaction.atomic(using=using):
        try:
            yield
        finally:
            transaction.set_rollback(True, using=using)


def _stored(storage: Storage) -> Upload:
    token = secrets.token_hex(8)
    page, text = (each.format(token=token).encode() for each in (_PAGE, _TEXT))
    try:
        return Upload(storage.save(f"roots-probe-{token}.html", ContentFile(page)), page)
    except UploadRejected:
        return Upload(storage.save(f"roots-probe-{token}.txt", ContentFile(text)), text)
