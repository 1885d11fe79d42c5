"""Finds what a script imports, as references: spans of bytes and the names or URLs they say.

The words `import` and `export` are found first; a file without them is not looked at any further.
Each is taken for one only where `javascript` finds code. What is not a literal is not followed.
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from roots.static import names
from roots.static.javascript import BLANK, COMMENT, NAME, PLAIN_TEMPLATE, STRING, Script
from roots.static.references import Reference

Role = Literal["static", "dynamic", "url"]


class Import(NamedTuple):
    """A reference of a script, and what it is for.

    `static` is loaded before the script runs, `dynamic` when it asks: `import()` and
    `import.meta.resolve()`. Both are specifiers, which import maps apply to (HTML, 8.1.6.2). `url`
    is `new URL("…", import.meta.url)`, say for a worker, which they do not apply to.
    """

    reference: Reference
    role: Role


class Imports(NamedTuple):
    """What a script imports, in order of position, and whether its syntax makes it a module."""

    found: tuple[Import, ...] = ()
    is_module: bool = False


def of(data: bytes) -> Imports:
    """The imports of the script in `data`. Linear; never raises.

    >>> [(i.role, i.reference.url) for i in of(b"import a from './a.js' // import './b.js'").found]
    [('static', './a.js')]
    >>> of(b"export default 1").is_module, of(b"import('./a.js')").is_module
    (True, False)
    """
    found: list[Import] = []
    is_module = False
    for word, literal in _phrases(data):
        match word.lastgroup:
            case "imported" | "exported" as group:
                found.append(_import(data, word.span(group), "static"))
            case "dynamic" | "resolve" as group:
                found.append(_import(data, word.span(group), "dynamic"))
            case "meta" if _is_url(data, literal, word.start()):
                found.append(_import(data, literal, "url"))
        is_module |= word.lastgroup != "dynamic"
    return Imports(tuple(found), is_module)


def references_of(data: bytes) -> list[Reference]:
    """The imports of the script in `data` that are URLs, so that they can lead to another file.

    >>> [r.url for r in references_of(b"import './a.js'; import 'lit'")]
    ['./a.js']
    """
    return [
        reference
        for reference, role in of(data).found
        if role == "url" or names.URL_LIKE.match(reference.url)
    ]


def _phrases(data: bytes) -> Iterator[tuple[re.Match[bytes], tuple[int, int]]]:
    """What `import` and `export` are part of, each with the last literal before it."""
    script = Script(data)
    for position, literal in _words(data, script):
        phrase = _PHRASE.match(data, position)
        if phrase and not script.is_property(position):
            yield phrase, literal


def _words(data: bytes, script: Script) -> Iterator[tuple[int, tuple[int, int]]]:
    waiting = [word.start() - _BEFORE_PORT for word in _WORD.finditer(data)][::-1]
    literal = (0, 0)
    if not waiting:
        return
    for start, end in script.opaque():
        while waiting and waiting[-1] < start:
            yield waiting.pop(), literal
        while waiting and waiting[-1] < end:
            waiting.pop()
        if not waiting:
            return
        if data[start] in b"\"'`":
            literal = start, end
    for position in reversed(waiting):
        yield position, literal


def _is_url(data: bytes, literal: tuple[int, int], meta: int) -> bool:
    """Whether `import.meta.url` at `meta` is the base in a `new URL()` of `literal`."""
    start, end = literal
    return bool(
        _LITERAL.fullmatch(data, start, end)
        and _COMMA.fullmatch(data, end, meta)
        and _NEW_URL.search(data[max(0, start - _FAR_BACK) : start])
    )


def _import(data: bytes, span: tuple[int, int], role: Role) -> Import:
    start, end = span[0] + 1, span[1] - 1
    url = _ESCAPE.sub(_unescaped, data[start:end].decode("utf-8", "replace"))
    return Import(Reference(start, end, url, "script"), role)


def _unescaped(escape: re.Match[str]) -> str:
    digits = escape[1] or escape[2] or escape[3]
    if digits is None:
        return _CONTROLS.get(escape[4], escape[4])
    code = int(digits, 16)
    return chr(code) if code < 0xD800 or 0xDFFF < code < 0x110000 else "\ufffd"


_CONTROLS = dict(zip("nrtbfv0", "\n\r\t\b\f\v\0", strict=True)) | dict.fromkeys(
    ("\n", "\r\n", "\r", "\u2028", "\u2029"), ""
)
_ESCAPE = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,8})\}|(\r\n|[\s\S]))"
)
_FAR_BACK = 200  # bytes from `new` to the URL's quote, with comments


_DECLARED = rb"(?:default|const|let|var|function|class|async)(?!" + NAME + rb")"
_OPERAND = rb"\s*+(?:\(\s*+[\"'`/]|\.|/[*/])"
_CLAUSE_OR_NAME = rb"\s*+(?:[{*\"']|" + NAME + rb"++\s*+(?:[,/]|from))"


def _word(word: bytes, followed_by: bytes) -> bytes:
    """`word`, whose last letters were just read, with no more of a name on either side; a no-break
    space and a BOM are no names.

    What it must be `followed_by` tells code from prose, and so do quotes and an @ before it, so
    that most scripts need no tokens.
    """
    starts = rb"|".join(
        look + word + rb")"
        for look in (rb"(?<![\w$#@\"'`\\\x80-\xff]", rb"(?<=\xc2\xa0", rb"(?<=\xef\xbb\xbf")
    )
    return rb"(?<=" + word + rb")(?:" + starts + rb")(?!" + NAME + rb")(?=" + followed_by + rb")"


# It starts with what both words have in common, so that the engine leaps from one to the next.
_WORD = re.compile(
    rb"port(?:"
    + _word(b"import", _OPERAND + rb"|(?<!-import)" + _CLAUSE_OR_NAME)
    + rb"|" + _word(b"export", rb"\s*+(?:[{*/]|" + _DECLARED + rb")")
    + rb")"
)  # fmt: skip
_BEFORE_PORT = len(b"im")
_TEXT = rb"(?:" + STRING + rb"|" + PLAIN_TEMPLATE + rb")"
_LITERAL = re.compile(_TEXT)
_COMMA = re.compile(BLANK + rb"," + BLANK)
_NEW_URL = re.compile(
    rb"(?<![\w$.#\\\x80-\xff])new(?!" + NAME + rb")" + BLANK
    + rb"(?:(?:globalThis|window|self)" + BLANK + rb"\." + BLANK + rb")?URL"
    + BLANK + rb"\(" + BLANK + rb"\Z"
)  # fmt: skip

_NAMED = rb"\{(?:[^{}()\"'`/;=]|" + COMMENT + rb"|" + STRING + rb")*+\}"
_NAMESPACE = rb"\*" + BLANK + rb"as" + BLANK + NAME + rb"++"
_CLAUSE = (
    rb"(?:" + NAME + rb"++(?:" + BLANK + rb"," + BLANK + rb"(?:" + _NAMED + rb"|" + _NAMESPACE
    + rb"))?+|" + _NAMED + rb"|" + _NAMESPACE + rb")"
)  # fmt: skip
_EXPORTED = (
    rb"(?:" + _NAMED + rb"|\*(?:" + BLANK + rb"as" + BLANK
    + rb"(?:" + STRING + rb"|" + NAME + rb"++))?+)"
)  # fmt: skip


def _member(name: bytes) -> bytes:
    return (
        rb"\." + BLANK + rb"meta" + BLANK + rb"\." + BLANK + name + rb"(?!" + NAME + rb")" + BLANK
    )


def _argument(group: bytes) -> bytes:
    return rb"\(" + BLANK + rb"(?P<" + group + rb">" + _TEXT + rb")" + BLANK + rb"[,)]"


_FROM = BLANK + rb"from" + BLANK
_PHRASE = re.compile(
    rb"import" + BLANK + rb"(?:"
    + _argument(b"dynamic")
    + rb"|" + _member(b"resolve") + _argument(b"resolve")
    + rb"|(?P<meta>" + _member(b"url") + rb",?" + BLANK + rb"\))"
    + rb"|(?P<module>\.)"
    + rb"|(?:" + _CLAUSE + _FROM + rb")?+(?P<imported>" + STRING + rb"))"
    + rb"|export" + BLANK + rb"(?:" + _EXPORTED + _FROM + rb"(?P<exported>" + STRING + rb")"
    + rb"|(?P<exports>[{*]|" + _DECLARED + rb"))"
)  # fmt: skip
