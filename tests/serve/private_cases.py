"""What private files are answered with, by whoever serves them, over real connections."""

import http.client
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from django.conf import settings

from roots.media.storage import MediaStorage
from roots.serve.handover.offload import location
from tests.servers import Server

NAME = "ana/100% größe+1 #2? 😀&e=f;%2e(a),'b'.3f2a91c0d4e7.txt"
"""Every character that has lost somebody a file: django-sendfile#26, #35, #45."""
OTHER = "bob/plan.91c04be2a7f3.txt"
SECRET = b"for some eyes only"
ANA = {"X-Visitor": "ana"}


@dataclass(frozen=True)
class Case:
    """A request, and the reply: its status and the bytes that come back, if any of the file's."""

    id: str
    path: str
    status: int
    body: bytes | None = None
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)


def fill(folder: Path) -> None:
    """Put private files into `folder`, as tests.project.private has it."""
    for directory in ("contracts", "papers"):
        for name in (NAME, OTHER):
            path = folder / directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(SECRET)


def cases(folder: Path) -> list[Case]:
    """The requests, to whichever server has `folder`."""
    signed = MediaStorage(folder / "contracts", "/contracts/", access="signed")
    url, name = signed.url(NAME), quote(NAME)
    query = url.partition("?")[2]
    inside = location(str(folder / "contracts"))
    return [
        Case("signed", url, 200, SECRET),
        Case("signed, a part", url, 206, SECRET[4:9], headers={"Range": "bytes=4-8"}),
        Case("signed, HEAD", url, 200, b"", method="HEAD"),
        Case("not signed", f"/contracts/{name}", 404),
        Case("not signed, and not there", "/contracts/no.txt", 404),
        Case("a signature for another file", f"/contracts/{quote(OTHER)}?{query}", 403),
        Case("a signature for a file that is not there", f"/contracts/no.txt?{query}", 403),
        Case("a signature that is wrong", url[:-4] + "AAAA", 403),
        Case("a signature that was made longer", url.replace("expires=", "expires=9"), 403),
        Case("signed, but gone", signed.url("no.txt"), 404),
        Case("below the public prefix", f"/media/{name}", 404),
        Case("beside the public prefix", f"/media/%2e%2e/contracts/{name}", 404),
        Case("by the path inside a proxy", inside + name, 404),
        Case("a view says yes", f"/papers/{name}", 200, SECRET, headers=ANA),
        Case("a view says yes, a part", f"/papers/{name}", 206, SECRET[4:9],
             headers={**ANA, "Range": "bytes=4-8"}),
        Case("a view says no", f"/papers/{name}", 403),
        Case("a view says no to this one", f"/papers/{quote(OTHER)}", 403, headers=ANA),
        Case("a view says no to what is not there", "/papers/bob/no.txt", 403, headers=ANA),
        Case("a view says yes to what is not there", "/papers/ana/no.txt", 404, headers=ANA),
    ]  # fmt: skip


def faults(server: Server, folder: Path) -> list[str]:
    """What is wrong with the replies of `server`."""
    return [problem for case in cases(folder) for problem in _faults(server, case)]


def _faults(server: Server, case: Case) -> list[str]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request(case.method, case.path, headers=case.headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    caching = response.getheader("Cache-Control", "")
    found = []
    if response.status != case.status:
        found.append(f"{case.id}: {response.status} and not {case.status}")
    if case.body is None and SECRET in body:
        found.append(f"{case.id}: the file came")
    if case.body is not None and body != case.body:
        found.append(f"{case.id}: {body!r} came")
    if case.body is not None and not caching.startswith("private, "):
        found.append(f"{case.id}: Cache-Control is {caching!r}")
    if case.path.startswith("/contracts/") and case.body is None and caching != "no-store":
        found.append(f"{case.id}: Cache-Control is {caching!r}")
    if "signature" in case.path and case.body and not _is_untold(response):
        found.append(f"{case.id}: the link would be told to where the file leads")
    return found


def _is_untold(response: http.client.HTTPResponse) -> bool:
    return response.getheader("Referrer-Policy") == "no-referrer"


def storages_in(folder: Path) -> dict[str, object]:
    """STORAGES of tests.project.private, for settings of this process that name `folder`."""
    from tests.project.private import STORAGES

    def placed(options: dict[str, object], directory: str) -> dict[str, object]:
        return {**options, "location": folder / directory}

    private = {
        alias: {**STORAGES[alias], "OPTIONS": placed(STORAGES[alias]["OPTIONS"], alias)}
        for alias in ("contracts", "papers")
    }
    return {**settings.STORAGES, **private}
