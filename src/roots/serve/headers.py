"""The header policy of each root, and how a download is named."""

import re
from dataclasses import dataclass, replace
from urllib.parse import quote

from roots.mediatypes import is_inert
from roots.serve.catalog import Entry
from roots.serve.header_rules import NO_RULES, HeaderRules
from roots.serve.messages import Headers

IMMUTABLE = "public, max-age=31536000, immutable"
NO_CACHE = "no-cache"
PRIVATE = "private, no-cache"
NO_STORE = ("Cache-Control", "no-store")
NO_SNIFF = ("X-Content-Type-Options", "nosniff")
NO_REFERRER = ("Referrer-Policy", "no-referrer")

_NOTHING_RUNS = (
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
)
# A browser's own player fetches the file again, which an opaque origin may not.
_NOTHING_RUNS_BUT_A_PLAYER = f"{_NOTHING_RUNS} allow-same-origin"
_NOT_IN_FALLBACK = re.compile(r'[^\x20-\x7e]|["\\%]')


@dataclass(frozen=True, slots=True)
class HeaderPolicy:
    """What every answer from a root says about caching and trust.

    `mutable` is the Cache-Control of names that may change their bytes, `immutable` of the others.
    `fixed` goes with every answer. `is_untrusted` marks users' content: what could run something in
    a browser is offered as a download. `rules` are the project's own, and win.
    """

    mutable: str
    fixed: Headers
    is_untrusted: bool
    immutable: str = IMMUTABLE
    rules: HeaderRules = NO_RULES

    def shared(self, entry: Entry) -> Headers:
        """What every reply with `entry` says, a 304 too: how long it may be kept, and what it may
        do in a browser."""
        caching = "Cache-Control", self.immutable if entry.is_immutable else self.mutable
        headers = (*self._trust(entry), caching)
        return self.rules.applied(entry.logical, headers) if self.rules else headers

    def disposition(self, entry: Entry) -> Headers:
        """The Content-Disposition header, where one is due and no rule has set it."""
        if not self.is_untrusted or self.rules.sets("content-disposition", entry.logical):
            return ()
        is_shown = is_inert(entry.content_type) and not entry.is_download
        kind = "inline" if is_shown else "attachment"
        return (("Content-Disposition", disposition(kind, entry.filename)),)

    def kept_for(self, rest_s: int) -> "HeaderPolicy":
        """This policy for a reader who may keep what never changes for `rest_s` seconds more, and
        nobody else may."""
        return replace(self, immutable=f"private, max-age={rest_s}")

    def _trust(self, entry: Entry) -> Headers:
        if not self.is_untrusted:
            return self.fixed
        is_played = entry.content_type.startswith(("audio/", "video/"))
        policy = _NOTHING_RUNS_BUT_A_PLAYER if is_played else _NOTHING_RUNS
        return (("Content-Security-Policy", policy), *self.fixed)


def static_policy(logical_max_age_s: int, rules: HeaderRules = NO_RULES) -> HeaderPolicy:
    """Developers' files: readable by any origin (fonts and modules need that), never sniffed."""
    return HeaderPolicy(
        mutable=f"public, max-age={logical_max_age_s}",
        fixed=(("Access-Control-Allow-Origin", "*"), NO_SNIFF),
        is_untrusted=False,
        rules=rules,
    )


def media_policy(rules: HeaderRules = NO_RULES) -> HeaderPolicy:
    """Users' files: inert. Nothing in them runs, whatever they turn out to be."""
    return HeaderPolicy(
        mutable=NO_CACHE,
        fixed=(NO_SNIFF,),
        is_untrusted=True,
        rules=rules,
    )


def private_policy(rules: HeaderRules = NO_RULES) -> HeaderPolicy:
    """Users' files that Django lets some see: inert, and asked for again each time.

    The visitor's browser may keep the bytes but asks, so that a right withdrawn counts at once; no
    shared cache may keep them at all (RFC 9111 section 5.2.2.7).
    """
    return replace(media_policy(rules), mutable=PRIVATE, immutable=PRIVATE)


def signed_policy(rules: HeaderRules = NO_RULES) -> HeaderPolicy:
    """Users' files for whoever has a link: private, and the link is not told to where they lead."""
    private = private_policy(rules)
    return replace(private, fixed=(*private.fixed, NO_REFERRER))


def development_policy(policy: HeaderPolicy) -> HeaderPolicy:
    """`policy` where a file may change under the developer's hands: nothing is kept unasked."""
    rules = policy.rules.without("cache-control")
    return replace(policy, mutable=NO_CACHE, immutable=NO_CACHE, rules=rules)


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
