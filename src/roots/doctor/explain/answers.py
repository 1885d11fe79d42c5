"""What a browser gets, asked of the layer that serves."""

import contextlib
import logging
from collections.abc import Iterator
from http import HTTPStatus

from django.apps import apps

from roots.doctor.explain.life import Answered
from roots.errors import ConfigError
from roots.serve.assembly import assemble
from roots.serve.messages import Reply, Request
from roots.serve.responder import Responder


def answers(path: str, url: str) -> tuple[Answered, ...]:
    """The answer to a GET of the decoded URL path `path`, shown as `url`; none where the layer is
    not used, leaves that path to somebody else, or is kept from working by the settings."""
    if not apps.is_installed("roots.django"):
        return ()
    try:
        roots = assemble()
    except ConfigError:  # the doctor's to tell
        return ()
    if not any(path.startswith(root.prefix) for root in roots):
        return ()
    with _silence():
        reply = Responder(roots, 0, _unprepared).respond(Request("HEAD", path)).reply
    return (Answered(url, int(reply.status), reply.headers),)


def is_served(found: tuple[Answered, ...]) -> bool:
    """Whether each of `found` is the file."""
    return all(each.status == HTTPStatus.OK for each in found)


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """What is wrong is told here, not in a log."""
    log = logging.getLogger("roots.serve")
    was, log.disabled = log.disabled, True
    try:
        yield
    finally:
        log.disabled = was


def _unprepared(_: Reply) -> None:
    """Nothing is held to be sent again."""
