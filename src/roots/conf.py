"""The optional `ROOTS` setting: one dict in, one frozen, validated object out.

The dataclass below is the only list of settings there is: the reader, the error texts and the
table in docs/settings.md all come from it.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import Field, dataclass, field, fields
from functools import cache
from typing import Any, Literal, cast

from roots.errors import ConfigError
from roots.kinds import (
    BODY_LIMITS,
    BOOLEAN,
    COLUMNS,
    GLOBS,
    HEADERS,
    LISTS,
    NAMES,
    PATTERNS,
    PLACE,
    POLICY,
    PROXY,
    SEVERITY,
    Kind,
    choices,
    whole_number,
)

Headers = tuple[tuple[str, str | None], ...]
Severity = Literal["error", "warn", "ignore"]
ENCODINGS = ("gzip", "br", "zstd")
HASHED_NAMES = (
    # webpack, Parcel: `main.3f2a91c0.js`; dates and words are not enough
    r"[.-](?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{8,64}(?:\.\w+){1,3}$",
    # Vite, Rollup: `app-BxY12_9z.js`, `app-HRnAnZit.js`; `my-DateTime.js` and `Noto-Regular2.ttf`
    # are made of words
    (
        r"-(?=[\w-]{8}(?:\.\w+){1,3}$)(?=[\w-]*[A-Z])(?=[\w-]*[a-z])"
        r"(?!(?:(?:[A-Z]?[a-z]{2,}|[A-Z][a-z]|[0-9]+)[_-]?)+\.)"
    ),
    # esbuild: `chunk-5QK2ZBTL.js`; `a-README22.txt` is none
    r"-(?![A-Z]+[2-7]*\.)(?=[2-7]*[A-Z])[A-Z2-7]{8}(?:\.\w+){1,3}$",
)


def option(default: object, kind: Kind, meaning: str) -> Any:
    """A field of `Configuration`: its default, the values it takes, and what it means."""
    return field(default=default, metadata={"kind": kind, "meaning": meaning})


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """Every `ROOTS` setting, lower-cased."""

    serve_static: bool = option(
        True, BOOLEAN, "Serve `STATIC_ROOT` under `STATIC_URL` from the WSGI or ASGI wrapper."
    )
    serve_media: bool = option(
        True, BOOLEAN, "Serve `MEDIA_ROOT` under `MEDIA_URL` from the WSGI or ASGI wrapper."
    )
    encodings: tuple[str, ...] = option(
        ENCODINGS,
        choices(*ENCODINGS),
        "Compressed variants `collectstatic` makes. `zstd` is left out where neither Python 3.14 "
        "nor the `zstd` extra is there; `[]` makes none.",
    )
    build_cache: str | os.PathLike[str] | bool | None = option(
        True,
        PLACE,
        "Where compressed variants are kept for the next build, of any project: a directory, or "
        "`True` for `django-roots/build` in the user's cache directory, or `None` for nowhere. The "
        "environment variable `ROOTS_BUILD_CACHE` wins; empty, it means nowhere.",
    )
    build_cache_bytes: int = option(
        512 << 20,
        whole_number(0),
        "Bytes the build cache may take; beyond, what was not used for longest is deleted.",
    )
    keep_releases: int = option(
        3,
        whole_number(0),
        "Releases before the current one whose files keep serving, for pages that are open or in "
        "somebody's cache. What was current less than a day ago is kept anyway.",
    )
    hashed_names: tuple[str, ...] = option(
        HASHED_NAMES,
        PATTERNS,
        "Regular expressions, searched for in logical names, that tell which files a bundler named "
        "after their content. Such a file keeps its name and its bytes, and is served as "
        "immutable. See [With other packages](composition.md).",
    )
    duplicates: Severity = option(
        "warn",
        SEVERITY,
        "What `collectstatic` does about two sources of one name; the first finder's is collected.",
    )
    node_packages: tuple[tuple[str, Sequence[str]], ...] = option(
        (),
        LISTS,
        "Files of npm packages to collect, where `roots.static.finders.NodePackagesFinder` is "
        'among `STATICFILES_FINDERS`: `{"htmx.org": ["dist/htmx.min.js"]}`.',
    )
    missing_references: Severity = option(
        "error",
        SEVERITY,
        "What `collectstatic` does about a `url()` or `@import` of your own files that names no "
        "file.",
    )
    missing_references_in_packages: Severity = option(
        "warn", SEVERITY, "The same, for files of installed packages, and for every source map."
    )
    missing_entries: Severity = option(
        "warn",
        SEVERITY,
        "What `{% static %}` does about a name the manifest does not have: raise, or give the "
        "un-hashed URL with or without one log line.",
    )
    rewrite_javascript: bool = option(
        False,
        BOOLEAN,
        "Write stored names into the imports of scripts, for pages without `{% importmap %}`. A "
        "change then renames everything that imports it.",
    )
    import_map: tuple[tuple[str, str], ...] = option(
        (),
        NAMES,
        'What scripts may import by a bare name, as in `{"lit": "vendor/lit/index.js"}`: logical '
        "names or URLs. With a slash at the end of both, whole directories.",
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
        "The proxy in front that sends what views hand over with `roots.serve.send`, where the "
        "process that runs Django should not: see [Private media](private-media.md#offloading).",
    )
    max_body_bytes: int | tuple[tuple[str, int | None], ...] | None = option(
        None,
        BODY_LIMITS,
        "Bytes a request's body may have; larger ones are answered 413 before Django has parsed "
        'them. By path, where the longest prefix counts: `{"/": 10 << 20, "/upload/": 2 << 30}`.',
    )
    keep_unnamed: tuple[str, ...] = option(
        (),
        GLOBS,
        "Media files that may be there though no `FileField` names them, as in `['newsletter/*']`: "
        "`manage.py media` never takes them for orphans.",
    )
    trash_days: int = option(
        7,
        whole_number(0),
        "Days a media file that no row names any more stays in the trash, from where `manage.py "
        "media restore` takes it back; 0 deletes it at once.",
    )
    upload_policy: Any = option(
        None,
        POLICY,
        "What uploads are accepted where no field says so: Django's own `FileField` and "
        "`ImageField`, and files saved by code. See [Uploads](uploads.md).",
    )
    durable_uploads: bool = option(
        True,
        BOOLEAN,
        "Wait until an upload is on the disk (`fsync`) before its name is given out, so that a "
        "power cut cannot leave a row that names an empty file.",
    )
    keep_files: tuple[str, ...] = option(
        (),
        COLUMNS,
        "Models and fields whose files stay when a row is deleted or gets another file: "
        '`["shop.Invoice", "blog.Post.cover"]`.',
    )


def read(roots: object) -> Configuration:
    """`roots`, the project's `ROOTS` dict, checked key by key.

    Raises ConfigError naming every wrong key, what it takes, what was found and the nearest name.
    """
    if not isinstance(roots, Mapping):
        raise ConfigError(f"ROOTS must be a dict of settings, but is {roots!r}.")
    options = {declared.name.upper(): declared for declared in fields(Configuration)}
    problems = [problem for key, value in roots.items() if (problem := _fault(key, value, options))]
    if problems:
        raise ConfigError("\n".join(problems))
    return Configuration(**{key.lower(): _frozen(value) for key, value in roots.items()})


@cache
def configuration() -> Configuration:
    """This project's `ROOTS`, read once; tests that override settings get a fresh reading."""
    from django.conf import settings
    from django.core.signals import setting_changed

    setting_changed.connect(_forget, dispatch_uid="roots.conf")
    return read(getattr(settings, "ROOTS", {}))


def table() -> str:
    """The settings as a Markdown table, for docs/settings.md."""
    rows = ["| setting | takes | default | meaning |", "| --- | --- | --- | --- |"]
    for declared in fields(Configuration):
        kind: Kind = declared.metadata["kind"]
        default = _thawed(kind, declared.default)
        rows.append(
            f'| `"{declared.name.upper()}"` | {kind.wanted} | `{default!r}` '
            f"| {declared.metadata['meaning']} |"
        )
    return "\n".join(rows) + "\n"


def _fault(key: object, value: object, options: Mapping[str, Field[Any]]) -> str | None:
    if key not in options:
        import difflib  # only what is wrong needs it

        nearest = difflib.get_close_matches(str(key).upper(), options, n=1, cutoff=0.5)
        hint = f"Did you mean {nearest[0]!r}?" if nearest else f"It takes {', '.join(options)}."
        return f"ROOTS has no setting {key!r}. {hint}"
    kind: Kind = options[cast(str, key)].metadata["kind"]
    if kind.accepts(value):
        return None
    return f"ROOTS[{key!r}] must be {kind.wanted}, but is {value!r}."


def _frozen(value: object) -> Any:
    """`value` as what can be hashed, and changed by nobody."""
    if isinstance(value, dict):
        return tuple((key, _frozen(inner)) for key, inner in value.items())
    return tuple(map(_frozen, value)) if isinstance(value, list | tuple) else value


def _thawed(kind: Kind, value: object) -> object:
    if not isinstance(value, tuple):
        return value
    return dict(value) if kind in (NAMES, LISTS, HEADERS) else list(value)


def _forget(*, setting: str, **_: object) -> None:
    if setting == "ROOTS":
        configuration.cache_clear()
