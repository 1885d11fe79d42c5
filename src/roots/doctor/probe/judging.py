"""From what came back to what is wrong with it."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from roots.doctor.finding import Finding
from roots.doctor.probe.changes import changes
from roots.doctor.probe.exchange import Exchange
from roots.doctor.probe.mistakes import finding
from roots.doctor.probe.wanted import Forbidden, Wanted

_LOGIN = re.compile(
    r"log-?in|sign-?in|\bsso\b|saml|oauth|authelia|/auth\b|/cas/|accounts\.", re.IGNORECASE
)
_PASSWORD = re.compile(rb"<input[^>]+type=[\"']?password", re.IGNORECASE)
_LEAST_MAX_AGE_S = 30 * 24 * 3600
_WORTH_COMPRESSING_BYTES = 1024
_ACTIVE = frozenset({"text/html", "application/xhtml+xml", "image/svg+xml", "text/xml"})
_CLOSING = {
    "probe-manifest-served": "Nobody needs it but the server itself; in nginx:\n"
    "    location = /static/staticfiles.json { return 404; }",
    "probe-traversal": "In nginx, end both with a slash, or neither:\n"
    "    location /static/ { alias /srv/shop/staticfiles/; }\n"
    "and let the application refuse paths with `..`, as Django's and ours do.",
    "probe-hidden-served": "Refuse whatever begins with a dot; in nginx:\n"
    "    location ~ /\\. { return 404; }\n"
    "`manage.py proxyconf` prints a configuration that does.",
}
_REASONS = {
    403: "The server may not read the file: modes, or a rule that refuses it. On that machine:\n"
    "    python manage.py doctor --only static-not-readable --only upload-permissions",
    404: "Whoever answers does not have it: collect and copy static files, mount uploads, and see "
    "that the path in the proxy's configuration is this one.",
    502: "The proxy cannot reach the application: start it, or correct where the proxy looks.",
    503: "Somebody is overloaded or being deployed: look again, then look into its log.",
    504: "The application does not answer the proxy: look into its log.",
}


def static_file(wanted: Wanted, plain: Exchange, packed: Exchange) -> Iterator[Finding]:
    """What is wrong with the replies for a static file, asked for as it is and compressed."""
    if absent := _absence(plain, wanted, "probe-static-missing"):
        yield absent
        return
    yield from _bytes(wanted, plain)
    yield from _type(wanted, plain)
    if wanted.is_immutable:
        yield from _caching(plain)
    if wanted.is_compressible:
        yield from _coding(packed)
    yield from _sniffing(plain)
    yield from changes(wanted, plain)


def upload(wanted: Wanted, reply: Exchange) -> Iterator[Finding]:
    """What is wrong with the reply for a file that was uploaded a moment ago."""
    if absent := _absence(reply, wanted, "probe-upload-missing"):
        yield absent
        return
    if reply.body != wanted.body:
        yield finding(
            "probe-upload-missing",
            f"{reply.url} is answered with something else than what was uploaded.",
            "See who answers: a page for every path hides that the file is not there.",
            reply.url,
        )
        return
    yield from _sniffing(reply)
    disposition = reply.headers.get("content-disposition", "").lower()
    is_inert = "sandbox" in reply.headers.get("content-security-policy", "")
    if reply.content_type in _ACTIVE and "attachment" not in disposition and not is_inert:
        yield finding(
            "probe-upload-active",
            f"{reply.url} is shown as {reply.content_type}, and nothing keeps it from running.",
            "Have uploads served by the wrapper of django-roots, or by what `manage.py proxyconf` "
            "prints; or send for them:\n"
            "    Content-Security-Policy: sandbox; default-src 'none'\n"
            "    Content-Disposition: attachment",
            reply.url,
        )
    yield from changes(wanted, reply)


def closed(forbidden: Forbidden, reply: Exchange) -> Iterator[Finding]:
    """What is wrong with a reply to what nobody should get."""
    if reply.status == 200 and forbidden.telling in reply.body:
        yield finding(
            forbidden.slug,
            f"{reply.url} is answered with {forbidden.what}.",
            _CLOSING[forbidden.slug],
            reply.url,
        )


def _absence(reply: Exchange, wanted: Wanted, slug: str) -> Finding | None:
    """The finding where `reply` is not the file."""
    if reply.status == 401 or _LOGIN.search(_place(reply.target)) or _asks_for_password(reply):
        asks = f"leads to {reply.target}" if reply.target else f"asks who you are ({reply.status})"
        return finding(
            "probe-login",
            f"{reply.url} {asks}.",
            "Let static files and public uploads pass without a login, in the proxy or the "
            "middleware that asks for one; or probe from where nobody asks.",
            reply.url,
        )
    is_page = reply.content_type == "text/html" != wanted.content_type.partition(";")[0]
    if reply.status == 200 and not is_page:
        return None
    what = f"leads to {reply.target}" if reply.target else f"is answered {reply.status}"
    what += ", with a page instead of the file" if is_page and reply.status == 200 else ""
    advice = _REASONS.get(reply.status, "Look who answers, and into its log.")
    return finding(slug, f"{reply.url} {what}.", advice, reply.url)


def _asks_for_password(reply: Exchange) -> bool:
    return reply.content_type == "text/html" and bool(_PASSWORD.search(reply.body))


def _place(url: str) -> str:
    parts = urlsplit(url)
    return parts.netloc + parts.path


def _bytes(wanted: Wanted, reply: Exchange) -> Iterator[Finding]:
    known = wanted.body if reply.is_whole else (wanted.body or b"")[: len(reply.body)]
    if wanted.body is not None and reply.body != known:
        yield finding(
            "probe-static-differs",
            f"{reply.url} has {len(reply.body)} bytes; here it has {len(wanted.body)}, and they "
            "are others.",
            "Collect where the site is deployed, from the same sources, and let nothing on the way "
            "change files.",
            reply.url,
        )


def _caching(reply: Exchange) -> Iterator[Finding]:
    said = reply.headers.get("cache-control", "")
    if not _is_long(said):
        yield finding(
            "probe-not-cached",
            f"Cache-Control of {reply.url} is {said or 'missing'}.",
            "Let it say, for names that carry a digest:\n"
            "    Cache-Control: public, max-age=31536000, immutable",
            reply.url,
        )


def _coding(packed: Exchange) -> Iterator[Finding]:
    is_coded = packed.headers.get("content-encoding", "identity") != "identity"
    if not is_coded and len(packed.body) >= _WORTH_COMPRESSING_BYTES:
        yield finding(
            "probe-not-compressed",
            f"{packed.url} came with all its {len(packed.body)} bytes, though br, gzip and zstd "
            "were asked for.",
            "See that the proxy hands Accept-Encoding on, or compresses by itself.",
            packed.url,
        )


def _type(wanted: Wanted, reply: Exchange) -> Iterator[Finding]:
    expected = wanted.content_type.partition(";")[0]
    is_script = {expected, reply.content_type} <= {"text/javascript", "application/javascript"}
    if reply.content_type != expected and not is_script:
        yield finding(
            "probe-wrong-type",
            f"{reply.url} is said to be {reply.content_type or 'nothing'}, and is {expected}.",
            "Correct the table of types of whoever answers; nginx reads it with:\n"
            "    include mime.types;",
            reply.url,
        )


def _sniffing(reply: Exchange) -> Iterator[Finding]:
    if "nosniff" not in reply.headers.get("x-content-type-options", "").lower():
        yield finding(
            "probe-without-nosniff",
            f"{reply.url} came without X-Content-Type-Options.",
            "Let whoever answers add it; in nginx:\n"
            '    add_header X-Content-Type-Options "nosniff" always;',
            reply.url,
        )


def _is_long(caching: str) -> bool:
    found = re.search(r"max-age\s*=\s*\"?(\d+)", caching)
    return "no-" not in caching and bool(found) and int(found[1]) >= _LEAST_MAX_AGE_S  # type: ignore[index]
