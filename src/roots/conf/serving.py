"""The settings of the serving layer."""

from dataclasses import dataclass

from roots.conf.kinds import BODY_LIMITS, BOOLEAN, HEADERS, ORIGIN, PROXY, SERVED_BY, whole_number
from roots.conf.option import option

Headers = tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, kw_only=True)
class ServingSettings:
    """What a project may say of how its roots are served."""

    serve_static: bool = option(
        True, BOOLEAN, "Serve `STATIC_ROOT` under `STATIC_URL` from the WSGI or ASGI wrapper."
    )
    serve_media: bool = option(
        True, BOOLEAN, "Serve `MEDIA_ROOT` under `MEDIA_URL` from the WSGI or ASGI wrapper."
    )
    served_by: tuple[tuple[str, str], ...] = option(
        (),
        SERVED_BY,
        "Who serves a root where this project cannot show it, as a proxy kept in another "
        'repository: `{"static": "nginx", "media": "s3"}`. Changes nothing but what `manage.py '
        "doctor` says, which verifies of it what it can.",
    )
    logical_max_age_s: int = option(
        60,
        whole_number(0),
        "Seconds a browser may keep a static file asked for by its logical name.",
    )
    headers: tuple[tuple[str, tuple[tuple[str, Headers], ...]], ...] = option(
        (),
        HEADERS,
        'Headers of your own, by root and pattern: `{"static": {"fonts/*": {"Timing-Allow-Origin": '
        '"*"}}}`. See [Serving](serving.md#headers-of-your-own).',
    )
    memory_cache_bytes: int = option(
        64 * 1024 * 1024,
        whole_number(0),
        "Memory each process may use for hot static files (up to 1 MiB each); 0 for none.",
    )
    offload: str | None = option(
        None,
        PROXY,
        "The proxy in front that sends private files, signed or handed over by views, where the "
        "process that runs Django should not: see [Private media](private-media.md#offloading).",
    )
    media_origin: str | None = option(
        None,
        ORIGIN,
        "The origin that users' files have for themselves, as `'https://media.example.org'`: they "
        "are answered there alone, and nothing else is. See "
        "[Private media](private-media.md#an-origin-of-its-own).",
    )
    max_body_bytes: int | tuple[tuple[str, int | None], ...] | None = option(
        None,
        BODY_LIMITS,
        "Bytes a request's body may have; larger ones are answered 413 before Django has parsed "
        'them. By path, where the longest prefix counts: `{"/": 10 << 20, "/upload/": 2 << 30}`.',
    )
