"""Reads nginx's configuration, and the templates that configurations are made of."""

import re
from collections.abc import Iterator
from itertools import product

from roots.doctor.evidence.proxies.directive import Directive
from roots.doctor.evidence.proxies.mount import Mount, slashed

_FILLED_IN = re.compile(r"\{%.*?%\}|<%.*?%>|\{#.*?#\}", re.DOTALL)  # of Jinja, ERB
_PLACEHOLDER = re.compile(r"\{\{.*?\}\}")
_TOKEN = re.compile(
    r"""(?P<space>\s+|\#[^\n]*)|"(?P<double>(?:\\.|[^"\\])*)"|'(?P<single>(?:\\.|[^'\\])*)'"""
    r"""|(?P<mark>[{};])|(?P<word>(?:\$\{[^}]*\}|\\.|[^\s{};])+)""",
    re.DOTALL,
)
_PASSES_ON = ("proxy_pass", "uwsgi_pass", "fastcgi_pass", "scgi_pass", "grpc_pass", "return")
_LITERAL = re.compile(r"\^/?((?:[\w./-]|\\[./-])*)(?:\(([\w|./-]+)\))?((?:[\w./-]|\\[./-])*)")
_Token = tuple[str, str, int]


def parse(text: str) -> tuple[Directive, ...]:
    """What a file says, in order; what cannot be made sense of is left out.

    >>> parse("server { listen 80; }")[0].block[0].arguments
    ('80',)
    """
    text = _FILLED_IN.sub(lambda found: "\n" * found[0].count("\n"), text)
    return _block(_tokens(_PLACEHOLDER.sub("$placeholder", text)))


def mounts(directives: tuple[Directive, ...]) -> Iterator[Mount]:
    """The directories its locations serve.

    >>> list(mounts(parse("location /static/ { alias /srv/s/; }")))
    [Mount(prefix='/static/', directory='/srv/s', line=1)]
    """
    yield from _mounts(directives, None)


def _mounts(directives: tuple[Directive, ...], root: str | None) -> Iterator[Mount]:
    for each in directives:
        if each.name == "root" and each.arguments:
            root = each.arguments[0]
    for each in directives:
        if each.name == "location" and each.arguments:
            yield from _of_location(each, root)
        elif each.block:
            yield from _mounts(each.block, root)


def _of_location(location: Directive, root: str | None) -> Iterator[Mount]:
    said = {each.name: each.arguments[0] for each in location.block if each.arguments}
    *_, pattern = location.arguments
    is_expression = location.arguments[0] in ("~", "~*")
    prefixes = _literals(pattern) if is_expression else [pattern]
    is_passed_on = any(name in said for name in _PASSES_ON)
    if location.arguments[0] != "=" and not is_passed_on:
        for prefix in prefixes:
            yield from _mount(prefix, said.get("alias"), said.get("root", root), location.line)
    yield from _mounts(location.block, root)


def _mount(prefix: str, alias: str | None, root: str | None, line: int) -> Iterator[Mount]:
    if alias is not None:
        yield Mount(slashed(prefix), _known(re.sub(r"\$\d+/?$", "", alias)), line)
    elif root is not None:
        yield Mount(slashed(prefix), _known(root.rstrip("/") + slashed(prefix)), line)


def _known(directory: str) -> str | None:
    """`directory`, unless a variable in it says where it is."""
    return None if "$" in directory else (directory.rstrip("/") or "/")


def _literals(pattern: str) -> list[str]:
    """The prefixes that a regular expression begins with.

    >>> _literals(r"^/(static|media)/(.*)$"), _literals(r"\\.css$")
    (['/static/', '/media/'], [])
    """
    found = _LITERAL.match(pattern)
    if found is None:
        return []
    before, among, after = found.groups()
    parts = product([before], (among or "").split("|"), [after])
    return ["/" + "".join(each).replace("\\", "").lstrip("/") for each in parts]


def _tokens(text: str) -> Iterator[_Token]:
    line = 1
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or ""
        if kind != "space":
            yield kind, found[kind], line
        line += found[0].count("\n")


def _block(tokens: Iterator[_Token]) -> tuple[Directive, ...]:
    """Directives up to the brace that closes them, or the end."""
    directives: list[Directive] = []
    words: list[_Token] = []
    for token in tokens:
        if token[0] != "mark":
            words.append(token)
            continue
        if token[1] == "}":
            break
        block = _block(tokens) if token[1] == "{" else ()
        if words:
            (_, name, line), *arguments = words
            directives.append(Directive(name, tuple(each[1] for each in arguments), line, block))
        words = []
    return tuple(directives)
