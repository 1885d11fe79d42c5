"""Headers that a project adds to its files, by pattern: `ROOTS["HEADERS"]`.

A rule may say what a browser may do with a file; what describes the bytes that are sent is not a
rule's to say.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import translate

from roots.errors import ConfigError

Setting = Mapping[str, Mapping[str, str | None]]

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110 section 5.6.2
_VALUE = re.compile(r"[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?")  # section 5.5
_OF_THE_CONNECTION = frozenset(
    {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding"}
    | {"upgrade", "proxy-authenticate", "proxy-authorization"}
)
_OF_THE_BYTES = frozenset(
    {"accept-ranges", "allow", "content-encoding", "content-length", "content-range"}
    | {"content-type", "date", "etag", "last-modified", "vary"}
)
_NEVER_REMOVED = frozenset({"cache-control", "x-content-type-options"})


@dataclass(frozen=True, slots=True)
class HeaderRule:
    """What files whose logical name matches `pattern` are sent with.

    `headers` has each value by its lower-case name, with the name as it was written; None takes a
    header away that the policy has.
    """

    pattern: re.Pattern[str]
    headers: tuple[tuple[str, str, str | None], ...]


@dataclass(frozen=True, slots=True)
class HeaderRules:
    """The rules of one root; where several match a name, the last that names a header counts."""

    rules: tuple[HeaderRule, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.rules)

    def applied(
        self, logical: str, headers: Iterable[tuple[str, str]]
    ) -> tuple[tuple[str, str], ...]:
        """`headers` as the rules for the file `logical` have them.

        >>> rules = read("static", {"fonts/*": {"Timing-Allow-Origin": "*"}, "*.js": {"B": None}})
        >>> rules.applied("fonts/a.woff2", [("B", "1")])
        (('B', '1'), ('Timing-Allow-Origin', '*'))
        >>> rules.applied("js/main.js", [("B", "1")])
        ()
        """
        merged: dict[str, tuple[str, str | None]] = {
            name.lower(): (name, value) for name, value in headers
        }
        for rule in self.rules:
            if rule.pattern.match(logical):
                merged |= {key: (name, value) for key, name, value in rule.headers}
        return tuple((name, value) for name, value in merged.values() if value is not None)

    def without(self, name: str) -> "HeaderRules":
        """The same rules, but for the header `name` (lower case)."""
        return HeaderRules(
            tuple(
                HeaderRule(rule.pattern, tuple(each for each in rule.headers if each[0] != name))
                for rule in self.rules
            )
        )

    def sets(self, name: str, logical: str) -> bool:
        """Whether a rule for the file `logical` gives or takes the header `name` (lower case)."""
        return any(
            name == key
            for rule in self.rules
            if rule.pattern.match(logical)
            for key, _, _ in rule.headers
        )


NO_RULES = HeaderRules()


def read(root: str, setting: Setting) -> HeaderRules:
    """The rules in `ROOTS["HEADERS"][root]`: headers by pattern, as in `fonts/*` or `*.js`, where
    `*` stands for slashes too. Raises ConfigError for a header that is not a rule's to set."""
    return HeaderRules(
        tuple(
            HeaderRule(re.compile(translate(pattern)), tuple(_headers(root, pattern, headers)))
            for pattern, headers in setting.items()
        )
    )


def _headers(
    root: str, pattern: str, headers: Mapping[str, str | None]
) -> Iterable[tuple[str, str, str | None]]:
    for name, value in headers.items():
        if problem := _fault(name, value):
            raise ConfigError(f'ROOTS["HEADERS"]["{root}"]["{pattern}"] sets {name!r}: {problem}')
        yield name.lower(), name, value


def _fault(name: str, value: str | None) -> str | None:
    lower = name.lower()
    if not _TOKEN.fullmatch(name):
        return "that is no name of a header. Use letters, digits and hyphens."
    if lower in _OF_THE_CONNECTION:
        return "it belongs to the connection, and the server alone sets it. Take it out."
    if lower in _OF_THE_BYTES:
        return "it describes the bytes that are sent, which only the layer knows. Take it out."
    if lower == "set-cookie":
        return "a cache would hand one visitor's cookie to all. Set cookies in a Django view."
    if value is None:
        return "it cannot be taken away. Give it a value." if lower in _NEVER_REMOVED else None
    if not _VALUE.fullmatch(value):
        return f"{value!r} must be one line of printable ASCII that neither begins nor ends blank."
    return None
