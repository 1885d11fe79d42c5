"""Users' files on an origin of their own: what is answered on which host.

On another origin than the site's pages, a file can neither read their cookies nor act for whoever
is logged in there, whatever it turns out to be and whichever browser runs it.
"""

from collections.abc import Sequence
from urllib.parse import urlsplit

_PORTS = {"http": ":80", "https": ":443"}


class MediaOrigin:
    """`origin`, as `https://media.example.org`, and the URL prefixes that are answered there and
    nowhere else.

    `trusts_forwarded` says that the host is the one in X-Forwarded-Host, where that is sent.
    """

    def __init__(self, origin: str, prefixes: Sequence[str], *, trusts_forwarded: bool) -> None:
        parts = urlsplit(origin)
        self._usual_port = _PORTS[parts.scheme]
        self._host = self._plain(parts.netloc)
        self._prefixes = tuple(prefixes)
        self.headers = ("x-forwarded-host", "host") if trusts_forwarded else ("host",)
        """Names of the headers that tell the host; the first that is sent counts."""

    def refuses(self, path: str, host: str) -> bool:
        """Whether the decoded `path` is not to be answered on `host`, as a request names it.

        >>> ours = MediaOrigin("https://media.example.org", ["/media/"], trusts_forwarded=False)
        >>> ours.refuses("/media/a.jpg", "media.example.org"), ours.refuses("/", "example.org")
        (False, False)
        >>> ours.refuses("/media/a.jpg", "example.org"), ours.refuses("/", "media.example.org:443")
        (True, True)
        """
        return path.startswith(self._prefixes) != (self._plain(host) == self._host)

    def _plain(self, host: str) -> str:
        """`host` as it is compared: letters in any case, the usual port or none, a dot at the end
        or none are the same."""
        return host.lower().removesuffix(self._usual_port).removesuffix(".")
