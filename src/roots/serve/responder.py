"""Where the core meets the disk: the one place both adapters get their answers from."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Generic, NamedTuple, Self

from roots.errors import StorageError
from roots.serve.catalog import Representation
from roots.serve.core import Lookup, Root, begin, refusal, unavailable
from roots.serve.handover import offload
from roots.serve.hot import HotReplies, Wire
from roots.serve.messages import Reply, Request, Span
from roots.serve.opener import OpenFile, UnavailableError, look_at_root, report
from roots.serve.reports import REPORTS


class Answer(NamedTuple):
    """A reply, and the open file its span is of. The adapter closes the file.

    `is_immutable` says that the file is not supposed to change while it is sent.
    """

    reply: Reply
    file: OpenFile | None = None
    is_immutable: bool = False

    @classmethod
    def of(cls, reply: Reply, file: OpenFile, is_immutable: bool) -> Self:
        """`reply` with `file`, which is closed already where none of it is needed (HEAD, 304)."""
        if reply.span and reply.span.length:
            return cls(reply, file, is_immutable)
        file.stream.close()
        return cls(reply)

    @property
    def is_whole_and_immutable(self) -> bool:
        """Whether a server may be given the file instead of its bytes: it knows no end, and what
        may change might have changed since it was looked at."""
        file = self.file
        return (
            file is not None and self.is_immutable and self.reply.span == Span(0, file.facts.size)
        )


def not_found(method: str) -> Answer:
    """The answer on a host where there is nothing of that path."""
    return Answer(refusal(HTTPStatus.NOT_FOUND, Request(method, "")))


class Responder(Generic[Wire]):
    """Answers requests below the prefixes of `roots`; holds up to `hot_bytes` of ready replies.

    `prepare` turns a reply into what the adapter sends. `ready` is `HotReplies.find`, which never
    blocks: to be asked first.
    """

    def __init__(
        self, roots: Sequence[Root], hot_bytes: int, prepare: Callable[[Reply], Wire]
    ) -> None:
        self.roots = tuple(roots)
        self._hot = HotReplies(hot_bytes, prepare)
        self.ready = self._hot.find

    def respond(self, request: Request) -> Answer:
        """Answer `request`, whose path has the prefix of one of the roots. Blocks on the disk.

        The file is closed already where the reply needs none of it (HEAD, 304, 416).
        """
        try:
            lookup = begin(self.roots, request)
            return Answer(lookup) if isinstance(lookup, Reply) else self._open(lookup)
        except UnavailableError:
            return Answer(unavailable(request))
        except StorageError as error:
            REPORTS.error(str(error), "%s", error)
            return Answer(unavailable(request))
        except OSError as error:  # of a catalog
            report(str(error.filename or request.path), error)
            return Answer(unavailable(request))

    def _open(self, lookup: Lookup) -> Answer:
        directory = lookup.entry.directory or lookup.root.directory
        for candidate in lookup.candidates:
            file = OpenFile.open(directory, candidate.path)
            if file is None:
                continue
            if told := _told(lookup, directory):
                file.stream.close()
                return Answer(told)
            reply = lookup.answer(candidate, file.facts)
            if self._is_worth_holding(lookup, reply):
                reply = self._hold(lookup, candidate, file, reply)
            return Answer.of(reply, file, lookup.entry.is_immutable)
        look_at_root(directory)
        return Answer(lookup.missing())

    def _hold(
        self, lookup: Lookup, candidate: Representation, file: OpenFile, reply: Reply
    ) -> Reply:
        whole = replace(reply, body=file.stream.read(), span=None)
        if len(whole.body) != file.facts.size:
            return reply  # it is changing under us: let the adapter notice
        known = replace(lookup, request=replace(lookup.request, headers={"if-none-match": "*"}))
        self._hot.hold(lookup.request, whole, known.answer(candidate, file.facts))
        return whole

    def _is_worth_holding(self, lookup: Lookup, reply: Reply) -> bool:
        return (
            lookup.root.is_held
            and lookup.entry.is_immutable
            and reply.status is HTTPStatus.OK
            and reply.span is not None
            and self._hot.has_room_for(reply.span.length)
        )


def _told(lookup: Lookup, directory: str) -> Reply | None:
    """The reply that has the root's proxy send the file; None where there is none, or it cannot be
    told of this file."""
    proxy = lookup.root.proxy
    header = proxy and offload.header(proxy, directory, lookup.candidates[0].path)
    return lookup.told(header) if header else None
