"""What the serving layer promises, one row a promise: RFC 9110, or an incident elsewhere.

Every row runs on the core and through both adapters (test_cases.py), and through real servers
(test_servers.py). Words in braces are facts of the site in site.py: `{css}` is the stored name of
css/app.css, `{css.tag}` its digest, `{css.size}` its size. A path is what a client sends, percent-
encoded. To add a case, add a row.
"""

from dataclasses import dataclass, field

IMMUTABLE = "public, max-age=31536000, immutable"
SANDBOX = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
OLD = "Sun, 06 Nov 1994 08:49:37 GMT"
FUTURE = "Fri, 31 Dec 2100 23:59:59 GMT"


@dataclass(frozen=True)
class Case:
    """A request and the reply it must get.

    `replies` maps header names to values, None for a header that must not be there. `body` names a
    file of the site whose bytes must come back (after decoding), `part` the slice of it. A `status`
    of None says that the request is Django's.
    """

    id: str
    source: str
    path: str
    status: int | None
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    replies: dict[str, str | None] = field(default_factory=dict)
    body: str | None = None
    part: slice = field(default_factory=lambda: slice(None))


# One case, one row.
# fmt: off
CSS = "/static/{css}"
JPG = "/media/{jpg}"

WHOLE = [
    Case(
        "static, hashed: for ever",
        "RFC 8246",
        CSS,
        200,
        body="css",
        replies={
            "Cache-Control": IMMUTABLE,
            "ETag": '"{css.tag}"',
            "Content-Length": "{css.size}",
            "Content-Type": "text/css; charset=utf-8",
            "X-Content-Type-Options": "nosniff",
            "Access-Control-Allow-Origin": "*",
            "Accept-Ranges": "bytes",
            "Vary": "Accept-Encoding",
            "Content-Encoding": None,
            "Content-Disposition": None,
            "Set-Cookie": None,
        },
    ),
    Case(
        "static, logical: the same bytes for a minute",
        "DESIGN",
        "/static/css/app.css",
        200,
        body="css",
        replies={"Cache-Control": "public, max-age=60", "ETag": '"{css.tag}"', "Vary": "Accept-Encoding"},
    ),
    Case(
        "static, not in the manifest: found on disk",
        "user",
        "/static/by-hand.txt",
        200,
        body="by-hand",
        replies={"Cache-Control": "public, max-age=60", "Vary": None},
    ),
    Case(
        "static, nothing to negotiate: no Vary",
        "9110 12.5.5",
        "/static/{png}",
        200,
        body="png",
        replies={"Vary": None, "Content-Type": "image/png"},
    ),
    Case("static, empty file", "user", "/static/{empty}", 200, body="empty", replies={"Content-Length": "0"}),
    Case("static, non-ASCII name", "granian#734", "/static/{umlaut}", 200, body="umlaut"),
    Case("static, non-ASCII logical name", "ServeStatic", "/static/gr%C3%B6%C3%9Fe/%C3%BC.txt", 200, body="umlaut"),
    Case(
        "media, picture: inline and inert",
        "SVG and polyglot uploads",
        JPG,
        200,
        body="jpg",
        replies={
            "Cache-Control": IMMUTABLE,
            "ETag": '"{jpg.tag}"',
            "Content-Type": "image/jpeg",
            "Content-Disposition": 'inline; filename="holiday.jpg"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": SANDBOX,
            "Accept-Ranges": "bytes",
            "Access-Control-Allow-Origin": None,
            "Set-Cookie": None,
        },
    ),
    Case(
        "media, sound: inline, in the browser's own player",
        "CSP sandbox",
        "/media/{wav}",
        200,
        body="wav",
        replies={
            "Content-Disposition": 'inline; filename="ping.wav"',
            "Content-Security-Policy": SANDBOX + " allow-same-origin",
            "Content-Type": "audio/wav",
        },
    ),
    Case(
        "media, page: a download",
        "integreat-cms#4374",
        "/media/{html}",
        200,
        body="html",
        replies={
            "Content-Disposition": 'attachment; filename="page.html"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": SANDBOX,
            "Content-Type": "text/html; charset=utf-8",
        },
    ),
    Case(
        "media, drawing: a download",
        "filer#1594",
        "/media/{svg}",
        200,
        body="svg",
        replies={
            "Content-Disposition": 'attachment; filename="drawing.svg"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": SANDBOX,
        },
    ),
    Case(
        "media, unknown type: a download",
        "OWASP",
        "/media/{blob}",
        200,
        body="blob",
        replies={"Content-Type": "application/octet-stream", "Content-Disposition": 'attachment; filename="data.qqq"'},
    ),
    *(
        Case(
            f"media, {short}: no page loads it as its own",
            "<script src> and script-src 'self'",
            f"/media/{{{short}}}",
            200,
            body=short,
            replies={
                "Content-Type": "application/octet-stream",
                "Content-Disposition": f'attachment; filename="{name}"',
                "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": SANDBOX,
            },
        )
        for short, name in (("js", "widget.js"), ("style", "theme.css"), ("wasm", "game.wasm"))
    ),
    Case(
        "media, from before: not immutable",
        "user",
        "/media/legacy.txt",
        200,
        body="legacy",
        replies={"Cache-Control": "no-cache", "Content-Disposition": 'inline; filename="legacy.txt"'},
    ),
    Case(
        "media, non-ASCII name with spaces",
        "sendfile2#35",
        "/media/{spaces}",
        200,
        body="spaces",
        replies={"Content-Disposition": "inline; filename=\"gr__e 1.png\"; filename*=UTF-8''gr%C3%B6%C3%9Fe%201.png"},
    ),
    Case(
        "media is never compressed on the way",
        "BREACH",
        "/media/legacy.txt",
        200,
        body="legacy",
        headers={"Accept-Encoding": "br, gzip"},
        replies={"Content-Encoding": None},
    ),
]

METHODS = [
    Case(
        "HEAD is GET without the body",
        "9110 9.3.2",
        CSS,
        200,
        method="HEAD",
        replies={"Content-Length": "{css.size}", "ETag": '"{css.tag}"', "Content-Type": "text/css; charset=utf-8"},
    ),
    Case(
        "HEAD ignores Range",
        "9110 14.2",
        JPG,
        200,
        method="HEAD",
        headers={"Range": "bytes=0-0"},
        replies={"Content-Length": "{jpg.size}", "Content-Range": None},
    ),
    Case("HEAD of nothing", "9110 9.3.2", "/static/nothing.css", 404, method="HEAD"),
    Case("OPTIONS", "9110 9.3.7", CSS, 204, method="OPTIONS", replies={"Allow": "GET, HEAD, OPTIONS"}),
    *(
        Case(f"{method} {path} is not allowed", "9110 15.5.6", path, 405, method=method, replies={"Allow": "GET, HEAD, OPTIONS"})
        for method in ("POST", "PUT", "DELETE", "PATCH")
        for path in (CSS, JPG)
    ),
]

ENCODINGS = [
    Case(
        f"Accept-Encoding: {accepted}",
        source,
        CSS,
        200,
        headers={"Accept-Encoding": accepted},
        body="css",
        replies={"Content-Encoding": coding, "ETag": tag, "Vary": "Accept-Encoding"},
    )
    for accepted, coding, tag, source in (
        ("br", "br", '"{css.tag}-br"', "9110 12.5.3"),
        ("gzip", "gzip", '"{css.tag}-gzip"', "9110 8.8.3.3"),
        ("GZIP", "gzip", '"{css.tag}-gzip"', "9110 8.4.1: case"),
        ("x-gzip", "gzip", '"{css.tag}-gzip"', "9110 8.4.1.3"),
        ("gzip;q=0", None, '"{css.tag}"', "whitenoise#352"),
        ("gzip;q=0.0", None, '"{css.tag}"', "whitenoise#352"),
        ("gzip;q=0, br", "br", '"{css.tag}-br"', "whitenoise#352"),
        ("br;q=0.1, gzip;q=0.9", "gzip", '"{css.tag}-gzip"', "9110 12.4.2"),
        ("identity;q=1, br;q=0.5", None, '"{css.tag}"', "9110 12.5.3"),
        ("identity", None, '"{css.tag}"', "9110 12.5.3"),
        ("", None, '"{css.tag}"', "9110 12.5.3"),
        ("compress, deflate", None, '"{css.tag}"', "9110 12.5.3"),
        ("xgzip, notbr", None, '"{css.tag}"', "whitenoise: substrings"),
        ("*;q=0, gzip", "gzip", '"{css.tag}-gzip"', "9110 12.5.3"),
        ("gzip ; q=1 ,\tidentity;q=0", "gzip", '"{css.tag}-gzip"', "9110 5.6.3"),
        ("gzip;q=2, gzip;level=9", None, '"{css.tag}"', "9110 12.4.2: malformed"),
    )
] + [
    Case(
        "nothing acceptable: 406",
        "9110 12.5.3",
        CSS,
        406,
        headers={"Accept-Encoding": "identity;q=0, deflate"},
        replies={"Vary": "Accept-Encoding", "Cache-Control": "no-store"},
    ),
    Case("*;q=0: 406", "9110 12.5.3", CSS, 406, headers={"Accept-Encoding": "*;q=0"}),
    Case("*;q=0 but identity", "9110 12.5.3", CSS, 200, headers={"Accept-Encoding": "identity, *;q=0"}, body="css"),
    Case(
        "no plain bytes, and there are no others: 406",
        "9110 12.5.3",
        JPG,
        406,
        headers={"Accept-Encoding": "br, identity;q=0"},
        replies={"Vary": "Accept-Encoding"},
    ),
    Case("a thousand codings", "CVE-2025-62727", CSS, 200, headers={"Accept-Encoding": "x;q=0.1," * 900 + "br"}, body="css"),
    Case(
        "ranges are of the chosen coding",
        "9110 14.2",
        CSS,
        206,
        headers={"Accept-Encoding": "br", "Range": "bytes=0-3"},
        replies={"Content-Encoding": "br", "Content-Length": "4", "Content-Range": "bytes 0-3/{css.br.size}"},
    ),
]

CONDITIONS = [
    Case(
        f"If-None-Match: {known}",
        source,
        CSS,
        status,
        headers={"If-None-Match": known},
        replies={"ETag": '"{css.tag}"', "Cache-Control": IMMUTABLE, "Vary": "Accept-Encoding"},
    )
    for known, status, source in (
        ('"{css.tag}"', 304, "9110 13.1.2"),
        ('W/"{css.tag}"', 304, "CDNs weaken tags"),
        ('"other", W/"{css.tag}", "more"', 304, "9110 13.1.2: list"),
        ("*", 304, "9110 13.1.2"),
        ('"with, comma", "{css.tag}"', 304, "9110 8.8.3"),
        ('"other"', 200, "9110 13.1.2"),
        ('"{css.tag}-br"', 200, "9110 8.8.3.3: another coding"),
        ("{css.tag}", 200, "malformed"),
        ('"{css.tag}', 200, "malformed"),
        ("", 200, "malformed"),
    )
] + [
    Case(
        "304 has no body and no length",
        "9110 15.4.5",
        CSS,
        304,
        headers={"If-None-Match": "*"},
        replies={"Content-Type": None, "Content-Encoding": None},
    ),
    Case("304 of the coding asked for", "9110 8.8.3.3", CSS, 304, headers={"If-None-Match": '"{css.tag}-br"', "Accept-Encoding": "br"}),
    Case("304 to HEAD", "9110 13.1.2", JPG, 304, method="HEAD", headers={"If-None-Match": '"{jpg.tag}"'}),
    Case("not modified since", "9110 13.1.3", JPG, 304, headers={"If-Modified-Since": "{jpg.date}"}),
    Case("modified since", "9110 13.1.3", JPG, 200, headers={"If-Modified-Since": OLD}, body="jpg"),
    Case("RFC 850 date", "9110 5.6.7", JPG, 200, headers={"If-Modified-Since": "Sunday, 06-Nov-94 08:49:37 GMT"}),
    Case("asctime date", "9110 5.6.7", JPG, 200, headers={"If-Modified-Since": "Sun Nov  6 08:49:37 1994"}),
    Case("no date", "9110 13.1.3", JPG, 200, headers={"If-Modified-Since": "last week"}),
    Case("an impossible date", "9110 5.6.7", JPG, 200, headers={"If-Modified-Since": "Sun, 99 Nov 1994 08:49:37 GMT"}),
    Case(
        "tags outrank dates", "9110 13.2.2", JPG, 200, body="jpg", headers={"If-None-Match": '"other"', "If-Modified-Since": "{jpg.date}"}
    ),
    Case("If-Match, matching", "9110 13.1.1", JPG, 200, headers={"If-Match": '"{jpg.tag}"'}, body="jpg"),
    Case("If-Match *", "9110 13.1.1", JPG, 200, headers={"If-Match": "*"}),
    Case("If-Match, another", "9110 13.1.1", JPG, 412, headers={"If-Match": '"other"'}, replies={"Cache-Control": "no-store"}),
    Case("If-Match is strong", "9110 8.8.3.2", JPG, 412, headers={"If-Match": 'W/"{jpg.tag}"'}),
    Case("unmodified since", "9110 13.1.4", JPG, 200, headers={"If-Unmodified-Since": "{jpg.date}"}),
    Case("modified: 412", "9110 13.1.4", JPG, 412, headers={"If-Unmodified-Since": OLD}),
    Case("If-Match outranks the date", "9110 13.2.2", JPG, 200, headers={"If-Match": '"{jpg.tag}"', "If-Unmodified-Since": OLD}),
    Case("If-Match, one of many", "9110 13.1.1", JPG, 200, headers={"If-Match": '"other", "{jpg.tag}"'}),
    Case("If-Match of another coding", "9110 8.8.3.3", CSS, 412, headers={"If-Match": '"{css.tag}-br"'}),
    Case("If-Match outranks If-None-Match", "9110 13.2.2", JPG, 412, headers={"If-Match": '"other"', "If-None-Match": "*"}),
    Case("If-Match outranks Range", "9110 13.2.2", JPG, 412, headers={"If-Match": '"other"', "Range": "bytes=0-1"}),
    Case("If-Match to HEAD", "9110 13.1.1", JPG, 412, method="HEAD", headers={"If-Match": '"other"'}),
    Case("modified, RFC 850 date: 412", "9110 5.6.7", JPG, 412, headers={"If-Unmodified-Since": "Sunday, 06-Nov-94 08:49:37 GMT"}),
    Case("modified, asctime date: 412", "9110 5.6.7", JPG, 412, headers={"If-Unmodified-Since": "Sun Nov  6 08:49:37 1994"}),
    Case("unmodified since no date", "9110 13.1.4", JPG, 200, headers={"If-Unmodified-Since": "last week"}),
    Case("another time zone is no date", "9110 5.6.7", JPG, 200, headers={"If-Unmodified-Since": "Sun, 06 Nov 1994 08:49:37 +0100"}),
    Case("not modified since a date ahead", "9110 13.1.3", JPG, 304, headers={"If-Modified-Since": FUTURE}),
    Case("nothing is 404, whatever the condition", "9110 13.2.1", "/media/nothing.jpg", 404, headers={"If-Match": "*"}),
    Case("nothing has not been seen before", "9110 13.2.1", "/media/nothing.jpg", 404, headers={"If-None-Match": "*"}),
    Case("a file from before has validators too", "9110 8.8", "/media/legacy.txt", 304, headers={"If-None-Match": '"{legacy.tag}"'}),
]

RANGES = (
    [
        Case(
            f"Range: {wanted}",
            source,
            JPG,
            206,
            headers={"Range": wanted},
            body="jpg",
            part=part,
            replies={"Content-Range": content_range, "Content-Length": str(length), "ETag": '"{jpg.tag}"', "Content-Type": "image/jpeg"},
        )
        for wanted, part, content_range, length, source in (
            ("bytes=0-0", slice(0, 1), "bytes 0-0/{jpg.size}", 1, "9110 14.1.2 (whitenoise: 416)"),
            ("bytes=1-4", slice(1, 5), "bytes 1-4/{jpg.size}", 4, "9110 14.1.2"),
            ("bytes=299999-", slice(299999, None), "bytes 299999-299999/{jpg.size}", 1, "9110 14.1.2"),
            ("bytes=299990-900000", slice(299990, None), "bytes 299990-299999/{jpg.size}", 10, "9110 14.1.2"),
            ("bytes=-5", slice(-5, None), "bytes 299995-299999/{jpg.size}", 5, "9110 14.1.2"),
            ("bytes=-900000", slice(None), "bytes 0-299999/{jpg.size}", 300000, "9110 14.1.2"),
            ("bytes=0-", slice(None), "bytes 0-299999/{jpg.size}", 300000, "9110 14.1.2"),
            ("BYTES=0-1", slice(0, 2), "bytes 0-1/{jpg.size}", 2, "9110 14.1"),
        )
    ]
    + [
        Case(
            f"Range: {wanted[:40]}",
            source,
            JPG,
            416,
            headers={"Range": wanted},
            replies={"Content-Range": "bytes */{jpg.size}", "Cache-Control": "no-store"},
        )
        for wanted, source in (
            ("bytes=300000-", "9110 14.1.2"),
            ("bytes=300000-300001", "9110 14.1.2"),
            ("bytes=-0", "9110 14.1.2 (WhiteNoise: the whole file as 206)"),
            ("bytes=" + "9" * 5000 + "-", "CVE-2020-10735: long ints"),
        )
    ]
    + [
        Case(
            f"Range: {wanted[:40]}",
            source,
            JPG,
            200,
            headers={"Range": wanted},
            body="jpg",
            replies={"Content-Range": None, "Content-Length": "{jpg.size}"},
        )
        for wanted, source in (
            ("bytes=5-1", "9110 14.1.1: invalid"),
            ("bytes=", "9110 14.1.1: invalid"),
            ("bytes=-", "9110 14.1.1: invalid"),
            ("bytes=a-b", "9110 14.1.1: invalid"),
            ("bytes=1-2;x", "9110 14.1.1: invalid"),
            ("bytes=1_0-20", "int() takes underscores"),
            ("bytes=%D9%A1-2", "int() takes Arabic digits"),
            ("lines=1-2", "9110 14.2: unknown unit"),
            ("bytes=0-0,5-6", "9110 14.2: many ranges"),
            ("bytes=0-0,", "9110 5.6.1: a list"),
            ("bytes=-1,0-0", "9110 14.2: many ranges"),
            ("bytes", "9110 14.1.1: invalid"),
            ("bytes=--1", "9110 14.1.1: invalid"),
            ("bytes=0-0-0", "9110 14.1.1: invalid"),
            ("bytes=+0-1", "int() takes signs"),
            ("bytes=" + ",".join(["0-"] * 1000), "CVE-2025-62727, Rails CVE-2026-33658"),
        )
    ]
    + [
        Case(
            "Range of an empty file",
            "9110 14.1.2",
            "/static/{empty}",
            416,
            headers={"Range": "bytes=0-0"},
            replies={"Content-Range": "bytes */0"},
        ),
        Case("If-Range, current", "9110 13.1.5", JPG, 206, headers={"Range": "bytes=0-1", "If-Range": '"{jpg.tag}"'}),
        Case("If-Range, stale: no splice", "WhiteNoise", JPG, 200, body="jpg", headers={"Range": "bytes=0-1", "If-Range": '"other"'}),
        Case("If-Range is strong", "9110 13.1.5", JPG, 200, headers={"Range": "bytes=0-1", "If-Range": 'W/"{jpg.tag}"'}),
        Case("If-Range, same date", "9110 13.1.5", JPG, 206, headers={"Range": "bytes=0-1", "If-Range": "{jpg.date}"}),
        Case("If-Range, other date", "9110 13.1.5", JPG, 200, headers={"Range": "bytes=0-1", "If-Range": FUTURE}),
        Case(
            "If-Range, date of what may change in the same second",
            "9110 8.8.2.2",
            "/media/legacy.txt",
            200,
            headers={"Range": "bytes=0-1", "If-Range": "{legacy.date}"},
        ),
        Case("If-Range of another coding", "9110 8.8.3.3", CSS, 200, headers={"Range": "bytes=0-1", "If-Range": '"{css.tag}-br"'}),
        Case("304 outranks Range", "9110 13.2.2", JPG, 304, headers={"Range": "bytes=0-1", "If-None-Match": "*"}),
    ]
)

OUTSIDE = [
    Case(f"{path[:60]} is not there", source, path, 404, replies={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"})
    for path, source in (
        ("/static/nothing.css", "whitenoise#245: a kept 404"),
        ("/static/css/app.0123456789ab.css", "whitenoise#245"),
        ("/static/", "no listing"),
        ("/static/css/", "no listing"),
        ("/static/css", "a directory"),
        ("/media/", "no listing"),
        ("/static/..%2fsecret.txt", "encoded"),
        ("/static/%2e%2e/secret.txt", "encoded"),
        ("/static/%252e%252e/secret.txt", "encoded twice"),
        ("/static/css/..%2f..%2fsecret.txt", "encoded"),
        ("/static/%2e%2e/static-secret/secret.txt", "Starlette CVE-2023-29159"),
        ("/media/%2e%2e/media-secret/secret.txt", "Starlette CVE-2023-29159"),
        ("/static/..%5csecret.txt", "backslash"),
        ("/static/css%5capp.css", "backslash"),
        ("/static/%5c%5chost%5cshare", "Starlette CVE-2026-48818"),
        ("/static//host/share", "Starlette CVE-2026-48818"),
        ("/static/%2fetc/passwd", "absolute"),
        ("/static/css//app.css", "empty part"),
        ("/static/css/./app.css", "dot part"),
        ("/static/C:/windows/win.ini", "whitenoise#197"),
        ("/static/by-hand.txt::$DATA", "NTFS stream"),
        ("/static/css/app.css%00", "NUL"),
        ("/static/css/app.css%00.png", "NUL"),
        ("/static/%ff%fe.txt", "not UTF-8"),
        ("/static/%ed%a0%80.txt", "a lone surrogate"),
        ("/static/" + "a" * 300, "over-long"),
        ("/static/" + "a/" * 2500, "over-long"),
        ("/static/%c0%ae%c0%ae/secret.txt", "over-long UTF-8"),
        ("/media/..%c0%afsecret.txt", "over-long UTF-8"),
        ("/static/..;/secret.txt", "path parameters"),
        ("/static/css/..", "a parent"),
        ("/static/css/app.css/", "a slash too many"),
        ("/static/css/app.css/..%2f..%2f..%2fsecret.txt", "a file is no directory"),
        ("/static/a%0d%0aX-Injected:%20yes", "a header in a name"),
        ("/static/~root", "a home directory"),
        ("/media/C%3A%5Cwindows%5Cwin.ini", "whitenoise#197"),
        ("/media/%5c%5c%3f%5cC:%5c", "a device path"),
        ("/media/legacy.txt%3Astream", "NTFS stream"),
        ("/media/legacy.txt%20", "Windows drops trailing spaces"),
        ("/media/legacy.txt.", "Windows drops trailing dots"),
        ("/static/.git/config", "dot-files"),
        ("/static/.roots/lock", "our own"),
        ("/media/.roots/staging/half", "never half an upload"),
        ("/media/waits.txt", "what waits in quarantine"),
        ("/media/.roots/quarantine/waits.txt", "what waits in quarantine"),
        ("/media/%2eroots/quarantine/waits.txt", "what waits in quarantine"),
        ("/media/.htaccess", "dot-files"),
        ("/static/staticfiles.json", "the manifest"),
        ("/static/staticfiles%2ejson", "the manifest"),
        ("/static/{css}.br", "variants have no URL"),
        ("/static/{css}.gz", "variants have no URL"),
        ("/static/outside.txt", "a symlink that leaves"),
        ("/static/outside/secret.txt", "a directory symlink that leaves"),
        ("/static/dangling.txt", "whitenoise#41"),
        ("/static/loop.txt", "a symlink loop"),
        ("/media/outside.txt", "a symlink that leaves"),
        ("/media/outside/secret.txt", "a directory symlink that leaves"),
        ("/media/fifo", "a FIFO"),
        ("/media/null", "a device"),
        ("/media/legacy.txt/more", "a file is no directory"),
    )
] + [Case("a symlink within the root is followed", "user", "/media/inside.txt", 200, body="legacy")]

DJANGOS = [
    Case(f"{path} is Django's", "DESIGN", path, None)
    for path in ("/page/", "/", "/static", "/media", "/staticx/app.css", "/page/static/css/app.css", "//static/css/app.css")
] + [Case("POST elsewhere is Django's", "DESIGN", "/page/", None, method="POST")]

CASES = [*WHOLE, *METHODS, *ENCODINGS, *CONDITIONS, *RANGES, *OUTSIDE, *DJANGOS]
