"""The serving core: from a request to a reply, without touching a file or a socket.

`begin` says which files could answer; whoever does the I/O opens the first that is there and hands
what it found to `Lookup.answer`, or asks for `Lookup.missing`. RFC 9110 is the authority.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from http import HTTPMethod, HTTPStatus
from time import time

from roots.paths import is_servable
from roots.serve import ranges
from roots.serve.catalog import IDENTITY, Catalog, Entry, Representation
from roots.serve.encodings import negotiate
from roots.serve.gate import Admitted, Gate, Refused
from roots.serve.headers import NO_SNIFF, NO_STORE, HeaderPolicy
from roots.serve.messages import Facts, Headers, Reply, Request, Span
from roots.serve.validators import Outcome, Validators, evaluate, is_range_current

ALLOWED = ("Allow", "GET, HEAD, OPTIONS")


@dataclass(frozen=True, slots=True)
class Root:
    """One root as the core sees it: `prefix` is a decoded URL path, as `/static/`.

    `directory` is where its files are; "" where each entry says it. `is_held` says that replies
    with immutable files may be kept in memory. `explain` tells why there is no file of a name,
    where a developer reads it. `gate` is asked before anything else, where not everybody may read.
    `proxy` names the one in front that sends the files of this root; see `handover.offload`.
    """

    prefix: str
    directory: str
    catalog: Catalog
    policy: HeaderPolicy
    is_held: bool = False
    explain: Callable[[str], str] | None = None
    gate: Gate | None = None
    proxy: str | None = None

    def open_for(self, admitted: Admitted) -> "Root":
        """This root, for somebody who may read a file of it for so long."""
        return replace(self, policy=self.policy.kept_for(admitted.rest_s), gate=None)


@dataclass(frozen=True, slots=True)
class Lookup:
    """A request that a file may answer; `candidates` are to be tried in order."""

    request: Request
    root: Root
    entry: Entry
    candidates: Sequence[Representation]

    def answer(self, chosen: Representation, facts: Facts) -> Reply:
        """The reply where `chosen` is open and `facts` are known."""
        validators = self._validators(chosen, facts)
        shared = (*self.root.policy.shared(self.entry), *self._validity(validators))
        outcome = evaluate(self.request.headers, validators)
        if outcome is Outcome.NOT_MODIFIED:
            return Reply(HTTPStatus.NOT_MODIFIED, shared)
        if outcome is Outcome.FAILED:
            return self._without_file(HTTPStatus.PRECONDITION_FAILED)
        return self._content(chosen, facts.size, validators, shared)

    def told(self, header: tuple[str, str]) -> Reply:
        """The reply that has a proxy send the first of the candidates, by telling it `header`."""
        described = self._description(self.candidates[0])
        return Reply(HTTPStatus.OK, (*self.root.policy.shared(self.entry), *described, header))

    def missing(self) -> Reply:
        """The reply where none of the candidates is there."""
        return self._without_file(HTTPStatus.NOT_FOUND)

    def _content(
        self, chosen: Representation, size: int, validators: Validators, shared: Headers
    ) -> Reply:
        described = (*shared, *self._description(chosen))
        try:
            part = self._requested_part(size, validators)
        except ranges.Unsatisfiable:
            return self._without_file(
                HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, ("Content-Range", f"bytes */{size}")
            )
        span = part or Span(0, size)
        headers = (*described, ("Content-Length", str(span.length)))
        body = span if self.request.method == HTTPMethod.GET else None
        if part is None:
            return Reply(HTTPStatus.OK, headers, span=body)
        last = span.start + span.length - 1
        content_range = ("Content-Range", f"bytes {span.start}-{last}/{size}")
        return Reply(HTTPStatus.PARTIAL_CONTENT, (*headers, content_range), span=body)

    def _requested_part(self, size: int, validators: Validators) -> Span | None:
        """Range is defined for GET alone (section 14.2)."""
        wanted = self.request.headers.get("range")
        if wanted is None or self.request.method != HTTPMethod.GET:
            return None
        if not is_range_current(self.request.headers.get("if-range"), validators):
            return None
        return ranges.parse(wanted, size)

    def _validators(self, chosen: Representation, facts: Facts) -> Validators:
        tag = chosen.tag or f"{facts.size:x}-{facts.mtime_ns:x}"
        modified_s = facts.mtime_ns // 1_000_000_000
        # A date in the future must not be sent (section 8.8.2.1), whatever the file system says.
        return Validators(tag, min(modified_s, int(time())), self.entry.is_immutable)

    def _validity(self, validators: Validators) -> Headers:
        """What a 304 repeats (section 15.4.5)."""
        return (
            ("ETag", validators.etag),
            ("Last-Modified", validators.last_modified),
            *self._vary(),
        )

    def _vary(self) -> Headers:
        return (("Vary", "Accept-Encoding"),) if len(self.entry.representations) > 1 else ()

    def _description(self, chosen: Representation) -> Headers:
        encoding = (("Content-Encoding", chosen.encoding),) if chosen.encoding != IDENTITY else ()
        return (
            ("Content-Type", self.entry.content_type),
            *encoding,
            ("Accept-Ranges", "bytes"),
            *self.root.policy.disposition(self.entry),
        )

    def _without_file(self, status: HTTPStatus, *headers: tuple[str, str]) -> Reply:
        return refusal(status, self.request, *self._vary(), *headers)


def begin(roots: Sequence[Root], request: Request) -> Lookup | Reply:
    """What answers `request`, whose path has the prefix of one of `roots`: files or a reply."""
    root = next(root for root in roots if request.path.startswith(root.prefix))
    if request.method == HTTPMethod.OPTIONS:
        return Reply(HTTPStatus.NO_CONTENT, (ALLOWED,))
    if request.method not in (HTTPMethod.GET, HTTPMethod.HEAD):
        return refusal(HTTPStatus.METHOD_NOT_ALLOWED, request, ALLOWED)
    name = request.path[len(root.prefix) :]
    entry = root.catalog.find(name) if is_servable(name) else None
    if entry is None:
        explanation = root.explain(name) if root.explain else ""
        return refusal(HTTPStatus.NOT_FOUND, request, explanation=explanation)
    if root.gate is not None:
        verdict = root.gate.admit(name, request.query)
        if isinstance(verdict, Refused):
            return refusal(verdict.status, request, explanation=verdict.explanation)
        root, entry = root.open_for(verdict), entry.called(verdict.download_name)
    candidates = negotiate(request.headers.get("accept-encoding"), entry.representations)
    lookup = Lookup(request, root, entry, candidates)
    if not candidates:
        return refusal(HTTPStatus.NOT_ACCEPTABLE, request, ("Vary", "Accept-Encoding"))
    return lookup


def unavailable(request: Request) -> Reply:
    """The reply where the machine cannot say just now: out of descriptors, a damaged manifest."""
    return refusal(HTTPStatus.SERVICE_UNAVAILABLE, request, ("Retry-After", "1"))


def refusal(
    status: HTTPStatus, request: Request, *headers: tuple[str, str], explanation: str = ""
) -> Reply:
    """A short answer without a file, with `explanation` on its second line. No cache may keep it: a
    file may be there the next second (a rolling deploy whose 404 a CDN kept broke a site:
    whitenoise#245)."""
    body = f"{status.value} {status.phrase}\n{explanation}".encode()
    return Reply(
        status,
        (
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", str(len(body))),
            NO_STORE,
            NO_SNIFF,
            *headers,
        ),
        body=b"" if request.method == HTTPMethod.HEAD else body,
    )
