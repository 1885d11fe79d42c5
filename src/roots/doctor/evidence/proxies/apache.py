"""Reads Apache's configuration."""

import re
from collections.abc import Iterator

from roots.doctor.evidence.proxies.directive import Directive, walk
from roots.doctor.evidence.proxies.mount import Mount, slashed

_WORD = re.compile(r"\"((?:\\.|[^\"\\])*)\"|'((?:\\.|[^'\\])*)'|([^\s\"']\S*)")


def parse(text: str) -> tuple[Directive, ...]:
    """What a file says, in order, names in lower case; a section is a directive with a block.

    >>> parse("<VirtualHost *:80>\\n  Alias /static /srv/s\\n</VirtualHost>")[0].block[0].name
    'alias'
    """
    return _block(iter(_lines(text)))


def mounts(directives: tuple[Directive, ...]) -> Iterator[Mount]:
    """The directories that aliases lead to, and what of a document root is not passed on.

    >>> list(mounts(parse("Alias /static/ /srv/s/")))
    [Mount(prefix='/static/', directory='/srv/s', line=1)]
    """
    said = list(walk(directives))
    roots = [each.arguments[0] for each in said if each.name == "documentroot" and each.arguments]
    for each in said:
        match each.name, each.arguments:
            case "alias", (prefix, directory):
                yield Mount(slashed(prefix), _known(directory), each.line)
            case "aliasmatch", (pattern, directory):
                prefix = pattern.lstrip("^").partition("(")[0]
                yield Mount(slashed(prefix), _known(directory.partition("$")[0]), each.line)
            case "proxypass", (prefix, "!") if roots:
                directory = roots[-1].rstrip("/") + slashed(prefix)[:-1]
                yield Mount(slashed(prefix), _known(directory), each.line)
            case "documentroot", (directory,) if not _is_passed_on(said):
                yield Mount("/", _known(directory), each.line)


def _is_passed_on(said: list[Directive]) -> bool:
    """Whether the whole site is somebody else's."""
    return any(
        each.name in ("proxypass", "wsgiscriptalias", "proxypassmatch", "rewriterule")
        and each.arguments[:1] != ()
        and slashed(each.arguments[0].strip("^$(.*)")) == "/"
        for each in said
    )


def _known(directory: str) -> str | None:
    """`directory`, unless a variable in it says where it is."""
    return None if "${" in directory else (directory.rstrip("/") or "/")


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines with their numbers; one that ends with a backslash goes on in the next."""
    begun, number = "", 1
    for current, line in enumerate(text.splitlines(), 1):
        number = number if begun else current
        if line.endswith("\\"):
            begun += line[:-1]
            continue
        yield number, (begun + line).strip()
        begun = ""


def _block(lines: Iterator[tuple[int, str]]) -> tuple[Directive, ...]:
    """Directives up to the tag that closes them, or the end."""
    directives: list[Directive] = []
    for number, line in lines:
        if line.startswith("</"):
            break
        is_section = line.startswith("<")
        words = _words(line.strip("<>") if is_section else line)
        if not words or line.startswith("#"):
            continue
        block = _block(lines) if is_section else ()
        directives.append(Directive(words[0].lower(), tuple(words[1:]), number, block))
    return tuple(directives)


def _words(line: str) -> list[str]:
    found = (word.groups() for word in _WORD.finditer(line))
    return [next(text for text in groups if text is not None) for groups in found]
