"""The optional `ROOTS` setting: one dict in, one frozen, validated object out.

The fields of `Configuration` are the only list of settings there is: the reader, the error texts
and the table in docs/settings.md all come from it.
"""

from collections.abc import Mapping
from dataclasses import Field, dataclass, fields
from functools import cache
from typing import Any, cast

from roots.conf.kinds import HEADERS, LISTS, NAMES, QUOTAS, SERVED_BY, Kind
from roots.conf.media import MediaSettings
from roots.conf.serving import Headers, ServingSettings
from roots.conf.static import Severity, StaticSettings
from roots.errors import ConfigError

__all__ = ["Configuration", "Headers", "Severity", "configuration", "read", "table"]


@dataclass(frozen=True, kw_only=True)
class Configuration(MediaSettings, StaticSettings, ServingSettings):  # told from last to first
    """Every `ROOTS` setting, lower-cased."""


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
    return dict(value) if kind in (NAMES, LISTS, HEADERS, SERVED_BY, QUOTAS) else list(value)


def _forget(*, setting: str, **_: object) -> None:
    if setting == "ROOTS":
        configuration.cache_clear()
