"""Where the core meets the disk: the one place both adapters get their answers from."""

import logging
from collections.abc import Sequence
from typing import NamedTuple

from roots.errors import StorageError
from roots.serve.core import Lookup, Root, begin, unavailable
from roots.serve.messages import Reply, Request
from roots.serve.opener import OpenFile, UnavailableError

logger = logging.getLogger("roots.serve")


class Answer(NamedTuple):
    """A reply, and the open file its span is of. The adapter closes the file."""

    reply: Reply
    file: OpenFile | None = None


def respond(roots: Sequence[Root], request: Request) -> Answer:
    """Answer `request`, whose path has the prefix of one of `roots`. Blocks on the disk.

    The file is closed already where the reply needs none of it (HEAD, 304, 416).
    """
    try:
        lookup = begin(roots, request)
        return Answer(lookup) if isinstance(lookup, Reply) else _open_and_answer(lookup)
    except UnavailableError:
        return Answer(unavailable(request))
    except StorageError as error:
        logger.error("%s", error)
        return Answer(unavailable(request))


def _open_and_answer(lookup: Lookup) -> Answer:
    for candidate in lookup.candidates:
        file = OpenFile.open(lookup.root.directory, candidate.path)
        if file is None:
            continue
        reply = lookup.answer(candidate, file.facts)
        if reply.span and reply.span.length:
            return Answer(reply, file)
        file.stream.close()
        return Answer(reply)
    return Answer(lookup.missing())
