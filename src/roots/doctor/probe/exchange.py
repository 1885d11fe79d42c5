"""One question to a server and what came back, or why nothing did."""

import http.client
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

MOST_BYTES = 8 << 20
"""Of a body; what is more is not read."""
_MOST_HOPS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


def is_site(parts: SplitResult) -> bool:
    """Whether a URL names a host that can be asked over HTTP. Raises ValueError for a port that is
    none."""
    return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0


class Unreachable(Exception):
    """Nothing came back from `origin`: `what` was seen, and `fix` may help."""

    def __init__(self, origin: str, what: str, fix: str) -> None:
        super().__init__(what)
        self.origin, self.what, self.fix = origin, what, fix


@dataclass(frozen=True, slots=True)
class Exchange:
    """A GET of `url` and its reply. `body` has no more than MOST_BYTES, `is_whole` says that this
    was all of it. Names of headers are in lower case, a repeated one is joined with a comma."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    is_whole: bool

    @property
    def content_type(self) -> str:
        """Its Content-Type without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def target(self) -> str:
        """Where it redirects to; "" where it does not, or to what is no site."""
        if self.status not in _REDIRECTS or not self.headers.get("location"):
            return ""
        try:
            target = urljoin(self.url, self.headers["location"])
            return target if is_site(urlsplit(target)) else ""
        except ValueError:
            return ""


@dataclass(frozen=True, slots=True)
class Client:
    """Asks servers; no answer may take longer than `timeout_s` from its first byte to its last."""

    timeout_s: float

    def get(self, url: str, coding: str = "identity") -> Exchange:
        """What is answered to a GET of `url`, sent exactly as it is written. Redirects that lead to
        the same path, on another host or over TLS, are followed. Raises Unreachable."""
        found = self._get_once(url, coding)
        for _ in range(_MOST_HOPS):
            target = found.target
            if not target or urlsplit(target).path != urlsplit(url).path or target == found.url:
                break
            found = self._get_once(target, coding)
        return found

    def _get_once(self, url: str, coding: str) -> Exchange:
        parts = urlsplit(url)
        try:
            return self._answer(parts, coding)
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            what, fix = _told(error, parts, self.timeout_s)
            raise Unreachable(f"{parts.scheme}://{parts.netloc}", what, fix) from error

    def _answer(self, parts: SplitResult, coding: str) -> Exchange:
        deadline = time.monotonic() + self.timeout_s
        made = (
            http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        )
        connection = made(parts.hostname or "", parts.port, timeout=self.timeout_s)
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            headers = {"Accept-Encoding": coding, "Accept": "*/*", "User-Agent": "django-roots"}
            connection.request("GET", target, headers=headers)
            response = connection.getresponse()
            body, is_whole = _read(response, deadline)
        finally:
            connection.close()
        said: dict[str, str] = {}
        for name, value in response.getheaders():
            key = name.lower()
            said[key] = f"{said[key]}, {value}" if key in said else value
        return Exchange(parts.geturl(), response.status, said, body, is_whole)


def _read(response: http.client.HTTPResponse, deadline: float) -> tuple[bytes, bool]:
    body = b""
    while len(body) < MOST_BYTES:
        chunk = response.read1(1 << 16)
        if not chunk:
            if response.length:  # which is what is still to come
                raise http.client.IncompleteRead(body, response.length)
            return body, True
        body += chunk
        if time.monotonic() > deadline:
            raise TimeoutError
    return body, False


def _told(error: Exception, parts: SplitResult, timeout_s: float) -> tuple[str, str]:
    """What happened, and what to do about it."""
    place = f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"
    what, fix = next((what, fix) for kinds, what, fix in _REASONS if isinstance(error, kinds))
    known = {"error": error, "name": type(error).__name__, "parts": parts, "place": place}
    return what.format(**known, timeout_s=timeout_s), fix.format(**known)


_REASONS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str, str], ...] = (
    (
        socket.gaierror,
        "The name {parts.hostname} has no address: {error.strerror}.",
        "Look for a typo, and for the DNS record: it may be new, or of an inner network.",
    ),
    (
        ssl.SSLCertVerificationError,
        "The certificate of {place} is not to be trusted: {error.verify_message}.",
        """Renew or correct it: browsers refuse it too. For an authority of your own:
    SSL_CERT_FILE=/path/to/authority.pem python manage.py doctor --probe …""",
    ),
    (
        ssl.SSLError,
        "{place} does not speak TLS as it should: {error.reason}.",
        "If it is plain HTTP, ask for http://{parts.netloc}.",
    ),
    (
        TimeoutError,
        "{place} did not answer {parts.path} within {timeout_s:g} s.",
        """See whether it is overloaded, or a firewall drops packets. To wait for longer:
    python manage.py doctor --timeout 60 --probe …""",
    ),
    (
        ConnectionRefusedError,
        "Nobody listens on {place}.",
        "Start the server, or correct host and port.",
    ),
    (
        (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError),
        "{place} closed the connection without an answer.",
        "Look in its log. A server that wants TLS does so: ask for https:// then.",
    ),
    (
        http.client.HTTPException,
        "{place} does not answer in HTTP ({name}: {error}).",
        "Look who listens there.",
    ),
    (Exception, "{place} cannot be reached: {error}.", "Look at the network on the way there."),
)
"""From the most special to the most general."""
