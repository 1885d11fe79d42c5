"""Bodies larger than `ROOTS["MAX_BODY_BYTES"]` are answered 413 before Django has parsed them.

What is counted is what arrives. Django trusts Content-Length, which a client may leave out or
understate under ASGI (CVE-2026-33034, CVE-2026-5766). This is what both interfaces share.
"""

import logging
from http import HTTPStatus

from roots.conf import configuration
from roots.serve.bodies.limits import BodyLimits, read
from roots.serve.core import refusal
from roots.serve.messages import Request
from roots.serve.responder import Answer

WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that come without a body unless their head says otherwise."""

logger = logging.getLogger("roots.serve")


def limits() -> BodyLimits:
    """What this project's settings allow; false where they allow everything."""
    setting = configuration().max_body_bytes
    return read(dict(setting) if isinstance(setting, tuple) else setting)


def too_large(method: str, path: str, most: int) -> Answer:
    """The answer to a body of more than `most` bytes, and a line in the log."""
    logger.warning(
        'A body sent to %r was refused: ROOTS["MAX_BODY_BYTES"] allows %d bytes there.', path, most
    )
    return Answer(refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, Request(method, path)))
