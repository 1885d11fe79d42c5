"""The optional `ROOTS` setting: one dict in, one frozen, validated object out.

The dataclass below is the only list of settings there is: the reader, the error texts and the
table in docs/settings.md all come from it.
"""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from functools import cache
from typing import Any, Literal, NamedTuple, cast

from roots.errors import ConfigError

Severity = Literal["error", "warn", "ignore"]
ENCODINGS = ("gzip", "br", "zstd")


class Kind(NamedTuple):
    """A kind of value: how it is described to the operator, and how it is told apart."""

    wanted: str
    accepts: Callable[[object], bool]


def choice(*values: str) -> Kind:
    """One of `values`."""
    return Kind("one of " + ", ".join(map(repr, values)), lambda found: found in values)


def choices(*values: str) -> Kind:
    """A list or tuple of some of `values`, each at most once."""

    def accepts(found: object) -> bool:
        if not isinstance(found, list | tuple):
            return False
        return all(found.count(value) <= 1 for value in values) and all(v in values for v in found)

    return Kind("a list of any of " + ", ".join(map(repr, values)), accepts)


def whole_number(least: int) -> Kind:
    """An int of at least `least`."""
    return Kind(
        f"a whole number of at least {least}",
        lambda found: isinstance(found, int) and not isinstance(found, bool) and found >= least,
    )


BOOLEAN = Kind("True or False", lambda found: isinstance(found, bool))
SEVERITY = choice("error", "warn", "ignore")


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
    logical_max_age_s: int = option(
        60,
        whole_number(0),
        "Seconds a browser may keep a static file asked for by its logical name.",
    )
    memory_cache_bytes: int = option(
        64 * 1024 * 1024,
        whole_number(0),
        "Memory each process may use for hot static files (up to 1 MiB each); 0 for none.",
    )
    durable_uploads: bool = option(
        True,
        BOOLEAN,
        "Wait until an upload is on the disk (`fsync`) before its name is given out, so that a "
        "power cut cannot leave a row that names an empty file.",
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
        default = (
            list(declared.default) if isinstance(declared.default, tuple) else declared.default
        )
        rows.append(
            f'| `"{declared.name.upper()}"` | {kind.wanted} | `{default!r}` '
            f"| {declared.metadata['meaning']} |"
        )
    return "\n".join(rows) + "\n"


def _fault(key: object, value: object, options: Mapping[str, Field[Any]]) -> str | None:
    if key not in options:
        nearest = difflib.get_close_matches(str(key).upper(), options, n=1, cutoff=0.5)
        hint = f"Did you mean {nearest[0]!r}?" if nearest else f"It takes {', '.join(options)}."
        return f"ROOTS has no setting {key!r}. {hint}"
    kind: Kind = options[cast(str, key)].metadata["kind"]
    if kind.accepts(value):
        return None
    return f"ROOTS[{key!r}] must be {kind.wanted}, but is {value!r}."


def _frozen(value: object) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _forget(*, setting: str, **_: object) -> None:
    if setting == "ROOTS":
        configuration.cache_clear()
