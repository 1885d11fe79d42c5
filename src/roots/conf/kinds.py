"""The kinds of values a setting takes: how each is described to the operator, and told apart."""

import os
import re
from collections.abc import Callable
from typing import NamedTuple

from roots.serve.handover.offload import PROXIES


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


def _are_patterns(found: object) -> bool:
    try:
        return isinstance(found, list | tuple) and all(re.compile(each) for each in found)
    except (re.error, TypeError):
        return False


PATTERNS = Kind("a list of regular expressions", _are_patterns)
GLOBS = Kind(
    "a list of patterns as in a shell",
    lambda found: isinstance(found, list | tuple) and all(isinstance(each, str) for each in found),
)
PLACE = Kind(
    "a path, `True` or `None`",
    lambda found: found is None or isinstance(found, bool | str | os.PathLike),
)
NAMES = Kind(
    "a dict of names to names, with a slash at the end of both or neither",
    lambda found: isinstance(found, dict) and all(map(_is_pair_of_names, found.items())),
)
LISTS = Kind(
    "a dict of names to lists of paths",
    lambda found: (
        isinstance(found, dict) and all(isinstance(each, list | tuple) for each in found.values())
    ),
)
COLUMNS = Kind(
    "a list of 'app.Model' or 'app.Model.field'",
    lambda found: (
        isinstance(found, list | tuple)
        and all(isinstance(each, str) and each.count(".") in (1, 2) for each in found)
    ),
)
BOOLEAN = Kind("True or False", lambda found: isinstance(found, bool))


def _is_number_or_none(found: object) -> bool:
    return found is None or whole_number(0).accepts(found)


BODY_LIMITS = Kind(
    "a whole number, a dict of path prefixes (as '/upload/') to whole numbers, or None",
    lambda found: (
        all(isinstance(p, str) and p.startswith("/") for p in found)
        and all(map(_is_number_or_none, found.values()))
        if isinstance(found, dict)
        else _is_number_or_none(found)
    ),
)
ROOT_NAMES = ("static", "media", "private")


def _are_headers(found: object) -> bool:
    return isinstance(found, dict) and all(
        isinstance(name, str) and isinstance(value, str | None) for name, value in found.items()
    )


HEADERS = Kind(
    "a dict of 'static', 'media' or 'private' to dicts of patterns to dicts of headers",
    lambda found: (
        isinstance(found, dict)
        and all(
            root in ROOT_NAMES
            and isinstance(patterns, dict)
            and all(isinstance(pattern, str) for pattern in patterns)
            and all(map(_are_headers, patterns.values()))
            for root, patterns in found.items()
        )
    ),
)
SERVERS = (
    "roots", "whitenoise", "servestatic",
    "nginx", "apache", "caddy", "traefik",
    "s3", "gcs", "azure", "cdn", "other",
)  # fmt: skip
SERVED_BY = Kind(
    f"a dict of 'static' or 'media' to {choice(*SERVERS).wanted}",
    lambda found: (
        isinstance(found, dict)
        and all(root in ("static", "media") for root in found)
        and all(server in SERVERS for server in found.values())
    ),
)
SEVERITY = choice("error", "warn", "ignore")
POLICY = Kind(
    "a policy, such as `Documents()`, or `None`",
    lambda found: found is None or hasattr(found, "alternatives"),
)
QUOTAS = Kind(
    "a dict of 'owner', 'storage' or 'app.Model.field' to whole numbers",
    lambda found: (
        isinstance(found, dict)
        and all(key in ("owner", "storage") or str(key).count(".") == 2 for key in found)
        and all(map(whole_number(0).accepts, found.values()))
    ),
)
SCANNER = Kind(
    "a scanner, such as `ClamAV()`, or `None`",
    lambda found: found is None or callable(getattr(found, "scan", None)),
)
PROXY = Kind(
    f"{choice(*PROXIES).wanted}, or `None`", lambda found: found is None or found in PROXIES
)


_ORIGIN = re.compile(r"https?://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?", re.IGNORECASE)
ORIGIN = Kind(
    "an origin, as 'https://media.example.org' without a slash at the end, or `None`",
    lambda found: found is None or bool(isinstance(found, str) and _ORIGIN.fullmatch(found)),
)


def _is_pair_of_names(pair: tuple[object, object]) -> bool:
    match pair:
        case (str(name), str(target)) if name and target:
            return name.endswith("/") == target.endswith("/")
    return False
