"""The URL patterns of a project, read without running a view or a converter."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern, RegexPattern, RoutePattern

_SERVES = {"django.views.static", "django.contrib.staticfiles.views"}
_OPTIONAL = frozenset("*?{")
_SPECIAL = frozenset(".[]()|+$^") | _OPTIONAL


@dataclass(frozen=True, slots=True)
class Pattern:
    """A URL pattern with a view. `route` is all of it, as written; `literal` what every URL it
    takes begins with, as `/media/library/`."""

    route: str
    literal: str
    callback: Any

    @property
    def view(self) -> str:
        """The dotted name of its view."""
        view = getattr(self.callback, "view_class", self.callback)
        view = getattr(view, "func", view)  # of a partial
        return f"{view.__module__}.{getattr(view, '__qualname__', type(view).__name__)}"

    @property
    def is_serving_files(self) -> bool:
        """Whether its view is Django's `serve`, as that of `static()`."""
        return self.view.rpartition(".")[0] in _SERVES


def patterns(urlconf: str) -> Iterator[Pattern]:
    """Every pattern of the project, in order. Raises whatever importing its URLconf does."""
    yield from _below(get_resolver(urlconf), "", "/", is_literal=True)


def taker(urlconf: str, path: str) -> Pattern | None:
    """The first pattern that takes the URL `path`, as far as its expressions tell: what converters
    refuse is not known. None where none does."""
    return next(_taking(get_resolver(urlconf).url_patterns, path.lstrip("/"), ""), None)


def literal_of_route(route: str) -> str:
    """What every URL of `path(route)` begins with.

    >>> literal_of_route("media/<path:name>"), literal_of_route("about/")
    ('media/', 'about/')
    """
    return route.partition("<")[0]


def literal_of_regex(regex: str) -> str:
    r"""What every URL of `re_path(regex)` begins with.

    >>> literal_of_regex(r"^media/(?P<name>.*)$"), literal_of_regex(r"^static\-files/?$")
    ('media/', 'static-files')
    >>> literal_of_regex(r"media/"), literal_of_regex(r"^a|b")
    ('', '')
    """
    if not regex.startswith("^") or "|" in re.sub(r"\(.*\)", "", regex):
        return ""
    found = ""
    tokens = re.findall(r"\\.|.", regex[1:], re.DOTALL)
    for token, following in zip(tokens, [*tokens[1:], ""], strict=True):
        is_class = len(token) == 2 and token[1].isalnum()
        if token in _SPECIAL or is_class or following in _OPTIONAL:
            break
        found += token[-1]
    return found


def _below(
    resolver: URLResolver, route: str, literal: str, *, is_literal: bool
) -> Iterator[Pattern]:
    for each in resolver.url_patterns:
        text, begin, is_whole = _read(each.pattern)
        start = literal + begin if is_literal else literal
        if isinstance(each, URLResolver):
            yield from _below(each, route + text, start, is_literal=is_literal and is_whole)
        elif isinstance(each, URLPattern):
            yield Pattern(route + text, start, each.callback)


def _read(pattern: Any) -> tuple[str, str, bool]:
    """A pattern as written, what all it takes begins with, and whether that is all it says."""
    if isinstance(pattern, RoutePattern):
        route = str(pattern)
        return route, literal_of_route(route), "<" not in route
    if isinstance(pattern, RegexPattern):
        regex = str(pattern)
        literal = literal_of_regex(regex)
        return regex, literal, re.escape(literal) == regex[1:] or literal == regex[1:]
    return str(pattern), "", False  # LocalePrefixPattern, or a project's own


def _taking(patterns: list[Any], path: str, route: str) -> Iterator[Pattern]:
    for each in patterns:
        if isinstance(each.pattern, LocalePrefixPattern):
            prefix = each.pattern.language_prefix
            end = len(prefix) if path.startswith(prefix) else None
        else:
            found = _regex(each.pattern).search(path)
            end = found.end() if found else None
        if end is None:
            continue
        text = route + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _taking(each.url_patterns, path[end:], text)
        else:
            yield Pattern(text, "", each.callback)


def _regex(pattern: Any) -> re.Pattern[str]:
    regex: re.Pattern[str] = pattern.regex
    return regex
