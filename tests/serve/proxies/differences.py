"""Where a proxy with our configuration does not answer as we do: for each, the cases by their id.

docs/proxies.md says the same sentences to users; test_differences.py holds both to what real
proxies do.
"""

INVALID = [
    "Range: bytes=5-1",
    "Range: bytes=-",
    "Range: bytes=a-b",
    "Range: bytes=1-2;x",
    "Range: bytes=1_0-20",
    "Range: bytes=%D9%A1-2",
    "Range: bytes=--1",
    "Range: bytes=0-0-0",
]
BEYOND = ["Range: bytes=300000-", "Range: bytes=300000-300001"]
LONG = "Range: bytes=" + "9" * 34
RESOLVED = [
    "/static/..%2fsecret.txt is not there",
    "/static/%2e%2e/secret.txt is not there",
    "/static/css/..%2f..%2fsecret.txt is not there",
    "/static/%2e%2e/static-secret/secret.txt is not there",
    "/media/%2e%2e/media-secret/secret.txt is not there",
    "/static/css/app.css/..%2f..%2f..%2fsecret.txt is not there",
]
LEAVING = [
    "/static/outside.txt is not there",
    "/static/outside/secret.txt is not there",
    "/media/outside.txt is not there",
    "/media/outside/secret.txt is not there",
]
METHODS = [
    f"{method} {path} is not allowed"
    for method in ("POST", "PUT", "DELETE", "PATCH")
    for path in ("/static/{css}", "/media/{jpg}")
]

EVERYWHERE = {
    "A download's name that is not plain ASCII is sent as `filename*` alone.": [
        "media, non-ASCII name with spaces",
    ],
    "HEAD with a `Range` is answered 206.": ["HEAD ignores Range"],
    "No 406: a client that refuses every coding gets one anyway.": [
        "nothing acceptable: 406",
        "*;q=0: 406",
        "no plain bytes, and there are no others: 406",
    ],
    "Weights in `Accept-Encoding` are only looked at for zero.": [
        "Accept-Encoding: identity;q=1, br;q=0.5",
    ],
    "`..` is resolved first: what then lies outside the prefix is asked of Django.": RESOLVED,
}

NGINX = {
    "A logical name has no variants, so no `Vary`.": [
        "static, logical: the same bytes for a minute",
    ],
    "Brotli goes before gzip whatever their weights, and `x-gzip` is not known.": [
        "Accept-Encoding: br;q=0.1, gzip;q=0.9",
        "Accept-Encoding: x-gzip",
    ],
    "A `Range` of a Brotli variant is ignored.": ["ranges are of the chosen coding"],
    "`If-Unmodified-Since` counts even beside `If-Match`, and if it is no date.": [
        "If-Match outranks the date",
        "unmodified since no date",
        "another time zone is no date",
    ],
    "416 has the file's `Cache-Control`.": [*BEYOND, "Range: bytes=-0", LONG],
    "A malformed `Range` is answered 416 and not ignored.": [
        *INVALID,
        "Range: bytes=+0-1",
        "Range: bytes=0-0,",
    ],
    "A `Range` of an empty file is ignored.": ["Range of an empty file"],
    "`If-Range` with the date of a file that may change is believed.": [
        "If-Range, date of what may change in the same second",
    ],
    "`.` in a path is resolved.": ["/static/css/./app.css is not there"],
    "No symlink is followed, not even one that stays in its root.": [
        "a symlink within the root is followed",
    ],
}

CADDY = {
    "**Symlinks are followed wherever they lead**, devices and FIFOs are opened: keep all of them "
    "out of both roots.": [*LEAVING, "/media/fifo is not there", "/media/null is not there"],
    "A symlink that leads to itself is answered 500.": ["/static/loop.txt is not there"],
    "`Vary` stands on every static file of a type that could have variants.": [
        "static, not in the manifest: found on disk",
    ],
    "A variant has no `Content-Length`: it is sent in chunks.": [
        "Accept-Encoding: br",
        "Accept-Encoding: gzip",
        "Accept-Encoding: GZIP",
        "Accept-Encoding: gzip;q=0, br",
        "Accept-Encoding: br;q=0.1, gzip;q=0.9",
        "Accept-Encoding: *;q=0, gzip",
        "Accept-Encoding: gzip ; q=1 ,\tidentity;q=0",
        "a thousand codings",
    ],
    "`x-gzip` is not known, and a malformed weight counts as 1.": [
        "Accept-Encoding: x-gzip",
        "Accept-Encoding: gzip;q=2, gzip;level=9",
    ],
    "A tag with a comma in a list of tags hides those behind it.": [
        'If-None-Match: "with, comma", "{css.tag}"',
    ],
    "412 and 416 have the file's `Cache-Control`.": ["If-Match, another", *BEYOND],
    "A malformed `Range`, an unknown unit or `BYTES` in capitals is answered 416; `bytes=-0` and "
    "`bytes=+0-1` are answered 206.": [
        *INVALID,
        LONG,
        "Range: lines=1-2",
        "Range: bytes",
        "Range: BYTES=0-1",
        "Range: bytes=-0",
        "Range: bytes=+0-1",
    ],
    "`If-Range` with the date of a file that may change is believed.": [
        "If-Range, date of what may change in the same second",
    ],
    "Two slashes at the beginning of a path count as one.": ["//static/css/app.css is Django's"],
}

APACHE = {
    "A logical name has no variants, so no `Vary`.": [
        "static, logical: the same bytes for a minute",
    ],
    "405 has a wrong `Allow`.": METHODS,
    "Brotli goes before gzip whatever their weights, and a malformed weight counts as 1.": [
        "Accept-Encoding: br;q=0.1, gzip;q=0.9",
        "Accept-Encoding: gzip;q=2, gzip;level=9",
    ],
    "`If-Unmodified-Since` counts even beside `If-Match`, and in any time zone.": [
        "If-Match outranks the date",
        "another time zone is no date",
    ],
    "416 does not tell the size; `bytes=-0`, absurd numbers and a `Range` of an empty file are "
    "ignored.": [*BEYOND, "Range: bytes=-0", LONG, "Range of an empty file"],
    "`If-Modified-Since` with a date ahead is ignored.": ["not modified since a date ahead"],
    "Several ranges that come to one are answered 206.": [
        "Range: bytes=0-0,",
        "Range: bytes=" + "0-," * 11 + "0",
    ],
    "`If-Range` with the date of a file that may change is believed.": [
        "If-Range, date of what may change in the same second",
    ],
    "`.` in a path is resolved.": ["/static/css/./app.css is not there"],
    "Paths with an encoded slash or NUL are refused before our headers are set.": [
        "/static/%2fetc/passwd is not there",
        "/static/css/app.css%00 is not there",
        "/static/css/app.css%00.png is not there",
    ],
    "Symlinks, devices and FIFOs are answered 403, even a symlink that stays in its root.": [
        *LEAVING,
        "/static/dangling.txt is not there",
        "/static/loop.txt is not there",
        "/media/fifo is not there",
        "/media/null is not there",
        "a symlink within the root is followed",
    ],
    "Two slashes at the beginning of a path count as one.": ["//static/css/app.css is Django's"],
}

DIFFERENCES = {
    "nginx": {**EVERYWHERE, **NGINX},
    "caddy": {**EVERYWHERE, **CADDY},
    "apache": {**EVERYWHERE, **APACHE},
}
