"""Asks a site for what this project should serve, and tells what is wrong with the answers."""

import re
from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import urljoin, urlsplit

from django.core.files.storage import Storage, storages
from django.db import DatabaseError

from roots import mediatypes
from roots.doctor.evidence.storages import is_ours
from roots.doctor.finding import Finding
from roots.doctor.probe import judging, targets
from roots.doctor.probe.exchange import Client, Exchange, Unreachable, is_site
from roots.doctor.probe.mistakes import finding
from roots.doctor.probe.visitor import uploaded
from roots.doctor.probe.wanted import Wanted
from roots.doctor.project import Project
from roots.errors import ConfigError, RootsError

_KINDS = {
    "signed": "for who has a link",
    "view": "for whom a view lets",
    "quarantined": "waiting to be scanned",
}
_CODINGS = "br, gzip, zstd"
_SIGNATURE = re.compile(r"(signature=)[^&\s]+")
_SERVERS = ("server", "via", "x-served-by", "x-cache", "cf-ray")


def origin(url: str) -> str:
    """`url` as the origin of a site, as `https://shop.example:8443`. Raises ConfigError."""
    try:
        parts = urlsplit(url)
        if is_site(parts) and parts.path in ("", "/") and not (parts.query or parts.username):
            return f"{parts.scheme}://{parts.netloc}"
    except ValueError:  # of brackets or a port that are none
        pass
    raise ConfigError(
        f"--probe takes the address of a site, as https://shop.example, but got {url!r}. Leave out "
        "what comes after the host and its port; the settings say that."
    )


class Probe:
    """The questions to the site `base`, which may take `timeout_s` for each answer.

    With `is_writing` files are uploaded, asked for and taken away again.
    """

    def __init__(
        self, project: Project, base: str, *, timeout_s: float = 10, is_writing: bool = False
    ) -> None:
        self._project, self._base, self._is_writing = project, base, is_writing
        self._client = Client(timeout_s)
        self._answers: list[Exchange] = []

    def findings(self) -> list[Finding]:
        """What is wrong, the worst first; last, who answered what."""
        found = [*self._looked()]
        if self._answers:
            found.append(self._told())
        return sorted({(each.slug, each.what): each for each in found}.values(), key=_badness)

    def _looked(self) -> Iterator[Finding]:
        steps = [self._static, self._closed, *([self._written] if self._is_writing else [])]
        for step in steps:
            try:
                yield from step()
            except Unreachable as error:
                yield finding("probe-unreachable", error.what, error.fix, error.origin)
                if error.origin == self._base:
                    return  # what is elsewhere, as on a CDN, may still be there

    def _static(self) -> Iterator[Finding]:
        wanted = targets.static_file(self._project, self._base)
        if wanted is not None:
            plain, packed = self._ask(wanted.url), self._ask(wanted.url, _CODINGS)
            yield from judging.static_file(wanted, plain, packed)

    def _closed(self) -> Iterator[Finding]:
        told = set()
        for forbidden in targets.forbidden(self._project, self._base):
            for each in judging.closed(forbidden, self._ask(forbidden.url)):
                if each.slug not in told:  # one way in is enough to tell
                    told.add(each.slug)
                    yield each

    def _written(self) -> Iterator[Finding]:
        """To STORAGES["default"], and to all others of ours."""
        for alias, backend in self._project.storages.items():
            if alias == "default" or (alias != "staticfiles" and is_ours(backend.kind)):
                try:
                    yield from self._uploaded(storages[alias])
                except (RootsError, OSError, DatabaseError) as error:
                    yield finding(
                        "probe-upload-missing",
                        f'Nothing could be uploaded to STORAGES["{alias}"] from here: '
                        f"{type(error).__name__}: {error}",
                        "Probe with --write-probe on the machine that the site runs on, as its "
                        "user.",
                        self._base,
                    )

    def _uploaded(self, storage: Storage) -> Iterator[Finding]:
        with uploaded(storage) as stored:
            url = urljoin(self._base + "/", storage.url(stored.name))
            kind = getattr(getattr(storage, "access", None), "kind", "public")
            if is_ours(type(storage)) and cast(Any, storage).is_quarantined(stored.name):
                kind = "quarantined"
            wanted = Wanted(url, mediatypes.guess_untrusted(stored.name), stored.body)
            if kind != "public":
                yield from self._kept_back(wanted, kind)
            if kind == "public":
                ours = targets.upload_headers(self._project, storage, stored.name)
                wanted = replace(wanted, ours=ours)
            if kind in ("public", "signed"):
                yield from judging.upload(wanted, self._ask(url))

    def _kept_back(self, wanted: Wanted, kind: str) -> Iterator[Finding]:
        """A file that nobody may read without a link, or a view that decides, or a scan."""
        bare = wanted.url.partition("?")[0]
        reply = self._ask(bare)
        if reply.status == HTTPStatus.OK and reply.body == wanted.body:
            yield finding(
                "probe-hidden-served",
                f"{bare} is there for everybody, and the file is {_KINDS[kind]}.",
                "Let nobody but the application serve this directory: take it out of the proxy's "
                "configuration.",
                bare,
            )

    def _ask(self, url: str, coding: str = "identity") -> Exchange:
        reply = self._client.get(url, coding)
        self._answers.append(reply)
        return reply

    def _told(self) -> Finding:
        lines = dict.fromkeys(f"    {_line(each, self._base)}" for each in self._answers)
        return finding(
            "probe-answers",
            f"{self._base} was asked {len(self._answers)} times:\n" + "\n".join(lines),
            "Nothing, if you expect these answers.",
            self._base,
        )


def _line(reply: Exchange, base: str) -> str:
    """An answer in a line: status, URL without the site's own name, and what is to be known of
    it."""
    headers = reply.headers
    known = [headers.get("content-encoding"), headers.get("cache-control")]
    known.append(headers.get("x-content-type-options"))
    known.append(f"to {reply.target}" if reply.target else None)
    by = ", ".join(headers[each] for each in _SERVERS if each in headers)
    told = "; ".join(filter(None, [*known, f"by {by}" if by else None]))
    url = _SIGNATURE.sub(r"\1…", reply.url.removeprefix(base))  # whoever has it may read the file
    return f"{reply.status} {url}  {told}".rstrip()


def _badness(each: Finding) -> int:
    return -each.severity
