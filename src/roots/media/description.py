"""What the ledger says of an upload besides its name: whence it came, what it is."""

from typing import Any

from roots.media.accept import Accepted
from roots.media.admission import verdict_on
from roots.media.ledger import Facts


def describe(accepted: Accepted, wanted: str, content: Any, field: str = "") -> Facts:
    """The facts of a file that was just accepted. `wanted` is the name it was to have; `content` is
    what the storage was given, an upload of a request or anything that can be read; `field` is
    that of `origin.field_of`."""
    verdict = verdict_on(content)
    width, height = verdict.picture.shown if verdict and verdict.picture else (None, None)
    return Facts(
        name=accepted.name,
        original_name=_original_name(content, wanted),
        size=accepted.size,
        digest=accepted.digest,
        content_type=verdict.format.content_type if verdict else "",
        width=width,
        height=height,
        owner=getattr(content, "owner", ""),
        field=field,
        state="quarantined" if accepted.is_quarantined else "stored",
    )


def _original_name(content: Any, wanted: str) -> str:
    name = getattr(content, "name", None)
    return (name if isinstance(name, str) and name else wanted).rpartition("/")[2]
