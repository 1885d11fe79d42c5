"""Media types by file name: one pinned table.

`mimetypes` reads the machine (`/etc/mime.types`, the Windows registry), so `.js` is `text/plain` on
some hosts and not on others (django-debug-toolbar#1336). Here every host says the same.
Types: the IANA registry and, for fonts, RFC 8081; `text/javascript`: RFC 9239.
"""

from roots.fingerprint import split_extension

DEFAULT = "application/octet-stream"

_TEXT = {
    ".css": "text/css",
    ".csv": "text/csv",
    ".htm": "text/html",
    ".html": "text/html",
    ".ics": "text/calendar",
    ".js": "text/javascript",
    ".log": "text/plain",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".txt": "text/plain",
    ".vcf": "text/vcard",
    ".vtt": "text/vtt",
}
_STRUCTURED_TEXT = {
    ".atom": "application/atom+xml",
    ".geojson": "application/geo+json",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".map": "application/json",
    ".rss": "application/rss+xml",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".xhtml": "application/xhtml+xml",
    ".xml": "application/xml",
    ".xsl": "application/xml",
}
_COMPRESSIBLE_BINARY = {
    ".bmp": "image/bmp",
    ".cur": "image/x-icon",
    ".eot": "application/vnd.ms-fontobject",
    ".glb": "model/gltf-binary",
    ".ico": "image/x-icon",
    ".otf": "font/otf",
    ".ttc": "font/collection",
    ".ttf": "font/ttf",
    ".wasm": "application/wasm",
}
_COMPRESSED = {
    ".7z": "application/x-7z-compressed",
    ".aac": "audio/aac",
    ".apng": "image/apng",
    ".avif": "image/avif",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".epub": "application/epub+zip",
    ".flac": "audio/flac",
    ".gif": "image/gif",
    ".gz": "application/gzip",
    ".heic": "image/heic",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".jxl": "image/jxl",
    ".m4a": "audio/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/quicktime",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".oga": "audio/ogg",
    ".ogg": "audio/ogg",
    ".ogv": "video/ogg",
    ".opus": "audio/ogg",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".ppt": "application/vnd.ms-powerpoint",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".wav": "audio/wav",
    ".weba": "audio/webm",
    ".webm": "video/webm",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}

_TYPES = (
    {extension: f"{kind}; charset=utf-8" for extension, kind in _TEXT.items()}
    | _STRUCTURED_TEXT
    | _COMPRESSIBLE_BINARY
    | _COMPRESSED
)

_INERT = frozenset(
    {"image/apng", "image/avif", "image/bmp", "image/gif", "image/jpeg", "image/jxl", "image/png"}
    | {"image/webp", "image/x-icon", "text/plain", "text/vtt"}
    | {kind for kind in _COMPRESSED.values() if kind.startswith(("audio/", "video/"))}
)

_LOADED_BY_PAGES = frozenset({"application/wasm", "text/css", "text/javascript"})


def guess(name: str) -> str:
    """The Content-Type for a file called `name`; text says `charset=utf-8`.

    >>> guess("app.JS"), guess("holiday.jpg"), guess("data.unknown")
    ('text/javascript; charset=utf-8', 'image/jpeg', 'application/octet-stream')
    """
    return _TYPES.get(split_extension(name)[1].lower(), DEFAULT)


def guess_untrusted(name: str) -> str:
    """The Content-Type for a file that a user called `name`: as `guess`, but for scripts, styles
    and WebAssembly. A page loads those only under their own types, also where they are downloads
    otherwise: `<script src="/media/x.js">` would run, in spite of a policy of `script-src 'self'`.

    >>> guess_untrusted("x.js"), guess_untrusted("holiday.jpg")
    ('application/octet-stream', 'image/jpeg')
    """
    found = guess(name)
    return DEFAULT if _is_loaded_by_pages(found) else found


def extensions(*, is_untrusted: bool = False) -> dict[str, list[str]]:
    """Every Content-Type of the table and the extensions that have it, without their dot; for
    users' files those that `guess_untrusted` gives, without the default.

    >>> extensions()["image/jpeg"]
    ['jpeg', 'jpg']
    """
    found: dict[str, list[str]] = {}
    for extension, kind in sorted(_TYPES.items()):
        if not (is_untrusted and _is_loaded_by_pages(kind)):
            found.setdefault(kind, []).append(extension[1:])
    return found


def is_compressible(name: str) -> bool:
    """Whether gzip or brotli can make such a file smaller; unknown types are worth the try.

    >>> is_compressible("app.css"), is_compressible("font.ttf"), is_compressible("font.woff2")
    (True, True, False)
    """
    return split_extension(name)[1].lower() not in _COMPRESSED


def is_inert(content_type: str) -> bool:
    """Whether a browser that obeys `nosniff` can show this type without running anything in it.

    HTML, SVG and XML run scripts; PDF opens a viewer that a sandbox blocks; unknown types may be
    anything. None of them is inert.

    >>> is_inert("image/png"), is_inert("text/plain; charset=utf-8"), is_inert("image/svg+xml")
    (True, True, False)
    """
    return content_type.partition(";")[0] in _INERT


def _is_loaded_by_pages(content_type: str) -> bool:
    return content_type.partition(";")[0] in _LOADED_BY_PAGES
