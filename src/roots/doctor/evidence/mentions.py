"""URLs of static files and uploads that are written out: in templates, stylesheets, Python."""

import ast
import os
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from roots.doctor.evidence.python import parsed
from roots.doctor.evidence.tree import Tree

_TEMPLATES = ("*.html", "*.htm", "*.djhtml", "*.jinja", "*.jinja2", "*.j2")
_PATTERNS = (*_TEMPLATES, "*.css", "*.py")
_NOT_OURS = re.compile(
    r"(^|/)(tests?|testing|migrations|settings|docs?|vendor|third_party|fixtures|dist|build)(/|\.py$)"
    r"|(^|/)(test_|conftest)[^/]*\.py$|_tests?\.py$|[^/]*settings[^/]*\.py$|\.min\.css$"
    r"|(nginx|caddy|apache|traefik)",
    re.IGNORECASE,
)
_OF_TEMPLATE = re.compile(
    r"\{#.*?#\}|<!--.*?-->|\{%-?\s*(comment|verbatim)\b.*?\{%-?\s*end\1\s*-?%\}", re.DOTALL
)
_OF_STYLESHEET = re.compile(r"/\*.*?\*/", re.DOTALL)


class Mention(NamedTuple):
    """The URL `url`, written out in line `line` of `file`."""

    file: str
    line: int
    url: str


def mentions(tree: Tree, prefixes: Iterable[str], below: str) -> Iterator[Mention]:
    """The URLs below `prefixes` in the files of `tree` in the directory `below`; not in comments,
    settings, tests, and what others wrote."""
    wanted = [each for each in prefixes if each]
    if not wanted:
        return
    start = below.rstrip(os.sep) + os.sep
    for path in tree.named(*_PATTERNS):
        if path.startswith(start) and not _NOT_OURS.search(path[len(start) :]):
            text = tree.text(path)
            if any(prefix in text for prefix in wanted):
                yield from (Mention(path, *found) for found in _found(path, text, wanted))


def in_template(text: str, prefixes: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Lines and URLs, in attributes and wherever else a URL stands in quotes or brackets.

    >>> list(in_template('<img src="/media/a.png"> {# "/media/b.png" #}', ["/media/"]))
    [(1, '/media/a.png')]
    >>> list(in_template('<img src="/media-kit/a.png"> in /media/a.png', ["/media/"]))
    []
    """
    return _in(_OF_TEMPLATE.sub(_blank, text), prefixes)


def in_stylesheet(text: str, prefixes: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Lines and URLs of a stylesheet."""
    return _in(_OF_STYLESHEET.sub(_blank, text), prefixes)


def in_python(text: str, prefixes: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Lines and URLs of a Python file: texts that are one, or have one in quotes. No docstrings.

    >>> list(in_python('URL = "/static/a.css"\\nstartswith("/static/")', ["/static/"]))
    [(1, '/static/a.css')]
    """
    tree = parsed(text)
    wanted = _pattern(prefixes)
    prose = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            for found in wanted.finditer(f'"{node.value}"'):
                yield node.lineno, found[1]


_Finder = Callable[[str, Iterable[str]], Iterator[tuple[int, str]]]
_FINDERS: dict[str, _Finder] = {".py": in_python, ".css": in_stylesheet}


def _found(path: str, text: str, prefixes: Iterable[str]) -> Iterator[tuple[int, str]]:
    return _FINDERS.get(os.path.splitext(path)[1].lower(), in_template)(text, prefixes)


def _in(text: str, prefixes: Iterable[str]) -> Iterator[tuple[int, str]]:
    for found in _pattern(prefixes).finditer(text):
        yield text.count("\n", 0, found.start(1)) + 1, found[1]


def _pattern(prefixes: Iterable[str]) -> re.Pattern[str]:
    """A URL of a file below one of `prefixes`, where a text or a bracket begins."""
    either = "|".join(map(re.escape, prefixes))
    return re.compile(rf"""["'(=]\s*((?:{either})[^\s"'<>()]+)""")


def _blank(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")
