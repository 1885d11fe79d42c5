"""Reads a Caddyfile."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from roots.doctor.evidence.proxies.directive import Directive
from roots.doctor.evidence.proxies.mount import Mount, slashed

_WORD = re.compile(r'"((?:\\.|[^"\\])*)"|`([^`]*)`|([^\s"`]\S*)')
_GROUPS = ("handle", "route", "handle_path")


def parse(text: str) -> tuple[Directive, ...]:
    """What a Caddyfile says, in order; a site is a directive called by its address.

    >>> parse('shop.example {\\n  root * "/srv/a b"\\n}')[0].block[0].arguments
    ('*', '/srv/a b')
    """
    return _block(iter(enumerate(text.splitlines(), 1)))


def mounts(directives: tuple[Directive, ...]) -> Iterator[Mount]:
    """The directories its file servers serve.

    >>> site = "handle_path /static/* {\\n root * /srv/s\\n file_server\\n}"
    >>> list(mounts(parse(site)))
    [Mount(prefix='/static/', directory='/srv/s', line=3)]
    """
    yield from _mounts(directives, _Place())
    for site in directives:
        if site.name not in _GROUPS:
            yield from _mounts(site.block, _Place())


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in a site: below which prefixes, what was taken off paths, which roots by matcher."""

    prefixes: tuple[str, ...] = ("/",)
    stripped: str | None = None
    roots: Mapping[str, str] = field(default_factory=dict)
    named: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def _mounts(block: tuple[Directive, ...], place: _Place) -> Iterator[Mount]:
    place = _learned(block, place)
    for each in block:
        matcher = _matcher(each)
        inner = replace(place, prefixes=_prefixes(matcher, place)) if matcher else place
        if each.name in _GROUPS:
            if each.name == "handle_path":
                inner = replace(inner, stripped=inner.prefixes[0])
            yield from _mounts(each.block, inner)
        elif each.name == "file_server":
            for root in each.inner("root"):
                inner = replace(inner, roots={**inner.roots, "*": root.arguments[0]})
            yield from (_mount(prefix, inner, matcher, each.line) for prefix in inner.prefixes)


def _learned(block: tuple[Directive, ...], place: _Place) -> _Place:
    """`place`, and what this block says of it wherever it says it: Caddy sorts directives."""
    roots, named, stripped = dict(place.roots), dict(place.named), place.stripped
    for each in block:
        match each.name, each.arguments:
            case "root", (path,):
                roots["*"] = path
            case "root", (matcher, path):
                roots[matcher] = path
            case "uri", ("strip_prefix", prefix):
                stripped = slashed(prefix)
            case name, ("path", *patterns) if name.startswith("@"):
                named[name] = tuple(map(_prefix, patterns))
    return replace(place, roots=roots, named=named, stripped=stripped)


def _matcher(directive: Directive) -> str:
    first = directive.arguments[0] if directive.arguments else ""
    return first if first.startswith(("/", "@")) else ""


def _prefixes(matcher: str, place: _Place) -> tuple[str, ...]:
    if matcher.startswith("@"):
        return place.named.get(matcher, ())
    return (_prefix(matcher),)


def _prefix(pattern: str) -> str:
    return slashed(pattern.rstrip("*"))


def _mount(prefix: str, place: _Place, matcher: str, line: int) -> Mount:
    directory = place.roots.get(matcher, place.roots.get("*"))
    if directory is None or "{" in directory:
        return Mount(prefix, None, line)
    rest = prefix.removeprefix(place.stripped) if place.stripped else prefix
    return Mount(prefix, (directory.rstrip("/") + slashed(rest)).rstrip("/") or "/", line)


def _block(lines: Iterator[tuple[int, str]]) -> tuple[Directive, ...]:
    """Directives up to the brace that closes them, or the end."""
    directives: list[Directive] = []
    for number, line in lines:
        words = _words(line)
        if words == ["}"]:
            break
        if not words:
            continue
        block = _block(lines) if words[-1] == "{" else ()
        name, *arguments = [word for word in words if word != "{"] or ["{"]
        directives.append(Directive(name, tuple(arguments), number, block))
    return tuple(directives)


def _words(line: str) -> list[str]:
    found: list[str] = []
    for word in _WORD.finditer(line):
        if word[0].startswith("#"):
            break
        found.append(next(text for text in word.groups() if text is not None))
    return found
