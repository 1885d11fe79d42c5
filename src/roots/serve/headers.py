"""The header policy of each root, and how a download is named."""

import re
from dataclasses import dataclass
from urllib.parse import quote

from roots.mediatypes import is_inert
from roots.serve.catalog import Entry
from roots.serve.messages import Headers

IMMUTABLE = "public, max-age=31536000, immutable"
NO_STORE = ("Cache-Control", "no-store")
NO_SNIFF = ("X-Content-Type-Options", "nosniff")

_NOTHING_RUNS = (
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
)
# A browser's own player fetches the file again, which an opaque origin may not.
_NOTHING_RUNS_BUT_A_PLAYER = f"{_NOTHING_RUNS} allow-same-origin"
_NOT_IN_FALLBACK = re.compile(r'[^\x20-\x7e]|["\\%]')


@dataclass(frozen=True, slots=True)
class HeaderPolicy:
    """What every answer from a root says about caching and trust.

    `mutable` is the Cache-Control of names that may change their bytes; the others are immutable.
    `fixed` goes with every answer. `is_untrusted` marks users' content: what could run something in
    a browser is offered as a download.
    """

    mutable: str
    fixed: Headers
    is_untrusted: bool

    def trust(self, entry: Entry) -> Headers:
        """The headers that say what the file may do in a browser."""
        if not self.is_untrusted:
            return self.fixed
        is_played = entry.content_type.startswith(("audio/", "video/"))
        policy = _NOTHING_RUNS_BUT_A_PLAYER if is_played else _NOTHING_RUNS
        return (("Content-Security-Policy", policy), *self.fixed)

    def caching(self, entry: Entry) -> tuple[str, str]:
        """The Cache-Control header for `entry`."""
        return "Cache-Control", IMMUTABLE if entry.is_immutable else self.mutable

    def disposition(self, entry: Entry) -> Headers:
        """The Content-Disposition header, where one is due."""
        if not self.is_untrusted:
            return ()
        kind = "inline" if is_inert(entry.content_type) else "attachment"
        return (("Content-Disposition", disposition(kind, entry.filename)),)


def static_policy(logical_max_age_s: int) -> HeaderPolicy:
    """Developers' files: readable by any origin (fonts and modules need that), never sniffed."""
    return HeaderPolicy(
        mutable=f"public, max-age={logical_max_age_s}",
        fixed=(("Access-Control-Allow-Origin", "*"), NO_SNIFF),
        is_untrusted=False,
    )


def media_policy() -> HeaderPolicy:
    """Users' files: inert. Nothing in them runs, whatever they turn out to be."""
    return HeaderPolicy(
        mutable="no-cache",
        fixed=(NO_SNIFF,),
        is_untrusted=True,
    )


def disposition(kind: str, filename: str) -> str:
    """A Content-Disposition value (RFC 6266); names beyond plain ASCII also as RFC 8187 has it.

    >>> disposition("attachment", "plan.html")
    'attachment; filename="plan.html"'
    >>> disposition("inline", 'größe "1".png')
    'inline; filename="gr__e _1_.png"; filename*=UTF-8\\'\\'gr%C3%B6%C3%9Fe%20%221%22.png'
    """
    fallback = _NOT_IN_FALLBACK.sub("_", filename)
    if fallback == filename:
        return f'{kind}; filename="{filename}"'
    encoded = quote(filename, safe="!#$&+-.^_`|~", errors="replace")
    return f"{kind}; filename=\"{fallback}\"; filename*=UTF-8''{encoded}"
