"""The table in tests/serve/cases.py, asked of a proxy that makes its own ETags."""

import http.client
import time
from dataclasses import replace

from tests.serve.cases import CASES, Case
from tests.serve.site import Site
from tests.serve.test_servers import fault
from tests.servers import Server


def faults(server: Server, site: Site) -> dict[str, str]:
    """What is wrong with each reply that is not the promised one, by the case's id.

    Each on a connection of its own: nginx drops one, unannounced, after a 412.
    """
    known = replace(site, facts={**site.facts, **_own_tags(server, site)})
    found = {}
    for case in CASES:
        patience_s = 1 if case.path == "/media/fifo" else 10
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=patience_s)
        try:
            problem = fault(connection, _by_coding(case), known)
        except KeyError as error:
            problem = f"{case.id}: no {error.args[0]}"
        if problem:
            found[case.id] = problem
        connection.close()
    return found


def _own_tags(server: Server, site: Site) -> dict[str, str]:
    css, jpg = site.fill("/static/{css}"), site.fill("/media/{jpg}")
    return {
        "css.tag": _tag(server, css),
        "css.br.tag": _tag(server, css, "br"),
        "css.gzip.tag": _tag(server, css, "gzip"),
        "jpg.tag": _tag(server, jpg),
        "legacy.tag": _tag(server, "/media/legacy.txt"),
    }


def _tag(server: Server, path: str, coding: str = "identity") -> str:
    """The strong tag of a file; Apache's is weak until the file is a second old."""
    deadline = time.monotonic() + 30
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        connection.request("HEAD", path, headers={"Accept-Encoding": coding})
        tag = connection.getresponse().getheader("ETag", "none")
        connection.close()
        if not tag.startswith("W/") or time.monotonic() > deadline:
            return tag.strip('"')


def _by_coding(case: Case) -> Case:
    """Our tags differ by a suffix, a proxy's in any way."""

    def spelled(values: dict[str, str | None]) -> dict[str, str | None]:
        return {
            name: value
            and value.replace("{css.tag}-br", "{css.br.tag}").replace(
                "{css.tag}-gzip", "{css.gzip.tag}"
            )
            for name, value in values.items()
        }

    return replace(case, headers=spelled(case.headers), replies=spelled(case.replies))
