"""The settings of the static half: what `collectstatic` makes, and what `{% static %}` says."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from roots.conf.kinds import BOOLEAN, LISTS, NAMES, PATTERNS, PLACE, SEVERITY, choices, whole_number
from roots.conf.option import option
from roots.static.bundled import HASHED_NAMES

Severity = Literal["error", "warn", "ignore"]
ENCODINGS = ("gzip", "br", "zstd")


@dataclass(frozen=True, kw_only=True)
class StaticSettings:
    """What a project may say of its static files."""

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
