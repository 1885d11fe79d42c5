"""What happened to files, for whoever wants to hear of it.

    from roots.media.signals import file_quarantined

    @receiver(file_quarantined)
    def warn(sender, storage, name, threat, **kwargs): ...

Sent when it is done and committed, from the process that did it. What a receiver raises is logged
and harms nobody; what it does, the request or the command waits for. `sender` is the class of
`storage`, which keeps, or kept, the file `name`.
"""

from typing import Any

from django.dispatch import Signal

file_stored = Signal()
"""An upload was stored. Arguments: storage, name, facts (`roots.media.ledger.Facts`). Where several
share equal bytes, each is told. `facts.state` is "quarantined" where the file waits for a scan."""

file_trashed = Signal()
"""No row names the file any more, and it went to the trash. Arguments: storage, name."""

file_restored = Signal()
"""It came back from there. Arguments: storage, name."""

file_purged = Signal()
"""It is gone for good. Arguments: storage, name."""

file_quarantined = Signal()
"""A scanner found something in a stored file, and nobody can read it any more. Arguments: storage,
name, threat (what it found)."""

file_cleared = Signal()
"""It left the quarantine, and can be read. Arguments: storage, name."""

upload_rejected = Signal()
"""An upload was refused, and nothing of it is kept. Arguments: rejected, the UploadRejected with
its `code`, `status` and `found`. `sender` is its class."""


def tell(signal: Signal, storage: object, name: str, **facts: Any) -> None:
    """Send one of the signals about a file, if anybody listens.

    Its sender is a class even where `storage` is the lazy `default_storage`.
    """
    if signal.receivers:
        signal.send_robust(storage.__class__, storage=storage, name=name, **facts)


def tell_rejected(rejected: Exception) -> None:
    """Send `upload_rejected`, if anybody listens."""
    if upload_rejected.receivers:
        upload_rejected.send_robust(type(rejected), rejected=rejected)
