"""Finds what CSS and JavaScript refer to, as spans of bytes, and writes new URLs into those spans.

CSS is tokenised as CSS Syntax Level 3 says, over bytes: whatever lies outside a span stays as it
is, in any encoding. Only tokens that can hold or hide a reference are looked at; the rest is
skipped by the regular-expression engine. Every repetition is possessive, so scanning is linear.
Function names written with escapes (`\\75rl(x)`) are legal, but nobody writes them: not followed.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple
from urllib.parse import quote

Kind = Literal["bare", "quoted", "map", "script"]


@dataclass(frozen=True, slots=True)
class Reference:
    """A URL in a file: `data[start:end]` is how it is written, `url` what it says.

    `kind` is where it stands: `bare` in `url(x)`, `quoted` in a string, `map` in a
    `sourceMappingURL` comment (ECMA-426), `script` in a string or template of a script.
    """

    start: int
    end: int
    url: str
    kind: Kind


class Edit(NamedTuple):
    """Bytes to stand in the place of `data[start:end]`."""

    start: int
    end: int
    replacement: bytes


def in_css(data: bytes) -> list[Reference]:
    """References of a stylesheet, in order of their position.

    >>> [r.url for r in in_css(b'@import "a.css"; b { background: URL( b.png ) } /* url(c) */')]
    ['a.css', 'b.png']
    """
    return [*_css_references(data), *_source_map(data, _CSS_SOURCE_MAP)]


def in_javascript(data: bytes) -> list[Reference]:
    """The source map of a script, where its very last comment names one; else nothing.

    A comment anywhere else may be inside a string or a template, and ECMA-426 ignores it.

    >>> [r.url for r in in_javascript(b"let a = 1\\n//# sourceMappingURL=a.js.map\\n")]
    ['a.js.map']
    """
    return list(_source_map(data, _JS_SOURCE_MAP))


def write(reference: Reference, url: str) -> bytes:
    """`url` as it must be spelled in the place of `reference`: ASCII, escaped for its context.

    >>> write(Reference(0, 0, "", "bare"), "a b.png"), write(Reference(0, 0, "", "map"), "é.map")
    (b'a%20b.png', b'%C3%A9.map')
    """
    if reference.kind == "map":
        return quote(url, safe="/~!()'?#&=%+,;:@$[]").encode()
    ascii_only = quote(url, safe=_PRINTABLE).encode()
    return _SPECIAL[reference.kind].sub(rb"\\\g<0>", ascii_only)


def rewrite(data: bytes, edits: Iterable[Edit]) -> bytes:
    """`data` with `edits`, which must not overlap, made; every other byte as it was."""
    parts: list[bytes] = []
    position = 0
    for edit in sorted(edits):
        parts += data[position : edit.start], edit.replacement
        position = edit.end
    return b"".join([*parts, data[position:]])


def line_at(data: bytes, position: int) -> int:
    """The number, from 1, of the line that `position` is on."""
    return data.count(b"\n", 0, position) + 1


def excerpt(data: bytes, position: int, width: int = 200) -> str:
    """The text of the line `position` is on, cut to `width` bytes around it where it is longer."""
    start = data.rfind(b"\n", 0, position) + 1
    end = data.find(b"\n", position)
    end = len(data) if end < 0 else end
    if end - start > width:
        start = max(start, position - width // 2)
        end = min(end, start + width)
    return data[start:end].decode("utf-8", "replace").strip()


def _css_references(data: bytes) -> Iterator[Reference]:
    position, depth = 0, 0  # of parentheses, from the one that opened an image-set()
    while token := _token(depth > 0).search(data, position):
        position = token.end()
        match token.lastgroup:
            case "bare":
                yield _reference(data, *token.span("bare"), "bare")
            case "quoted" | "sourced" | "imported" as group:
                yield from _string(data, *token.span(group))
            case "set" | "set_of_old" | "open":
                depth += 1
            case "close":
                depth -= 1
            case None if depth == 1 and data[token.start()] in b"\"'":
                yield from _string(data, *token.span())


def _string(data: bytes, start: int, end: int) -> Iterator[Reference]:
    """What a string token says; nothing where a newline broke it off (a bad string)."""
    if end - start > 1 and data[end - 1] == data[start]:
        yield _reference(data, start + 1, end - 1, "quoted")
    elif end == len(data):
        yield _reference(data, start + 1, end, "quoted")


def _source_map(data: bytes, comment: re.Pattern[bytes]) -> Iterator[Reference]:
    marker = data.rfind(b"sourceMappingURL=")
    start = max(data.rfind(b"/*", 0, marker), data.rfind(b"//", 0, marker)) if marker > 0 else -1
    if start >= 0 and (found := comment.match(data, start)):
        yield _reference(data, *found.span(found.lastindex or 0), "map")


def _reference(data: bytes, start: int, end: int, kind: Kind) -> Reference:
    raw = data[start:end]
    try:
        written = raw.decode()
    except UnicodeDecodeError:
        written = raw.decode("cp1252", "replace")  # what the web means by latin-1
    url = written if kind == "map" else _ESCAPE.sub(_unescaped, written)
    return Reference(start, end, url, kind)


def _unescaped(escape: re.Match[str]) -> str:
    digits, other = escape.groups()
    if digits is None:
        return "" if other in _NEWLINES else other
    code = int(digits, 16)
    return chr(code) if 0 < code < 0xD800 or 0xDFFF < code < 0x110000 else "\ufffd"


_NEWLINES = {"", "\n", "\r\n", "\r", "\f"}
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})(?:\r\n|[ \t\r\n\f])?|(\r\n|[\s\S]|\Z))")
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))
_SPECIAL = {
    "bare": re.compile(rb"[\"'()\\]"),
    "quoted": re.compile(rb"[\"'\\]"),
    "script": re.compile(rb"[\"'`$\\]"),
}

_SPACE = rb"[ \t\r\n\f]"
_NAME = rb"[-\w\x80-\xff]"
_COMMENT = rb"/\*[^*]*+(?:\*(?!/)[^*]*+)*+(?:\*/)?+"
_BLANK = rb"(?:" + _SPACE + rb"|" + _COMMENT + rb")*+"
_ESCAPED = rb"\\(?:\r\n|[\s\S])?+"
_DOUBLE = rb'"(?:[^"\\\n\r\f]|' + _ESCAPED + rb')*+"?+'
_SINGLE = rb"'(?:[^'\\\n\r\f]|" + _ESCAPED + rb")*+'?+"
_STRING = rb"(?:" + _DOUBLE + rb"|" + _SINGLE + rb")"
_HEX = rb"[0-9a-fA-F]{1,6}+" + _SPACE + rb"?+"
_BARE = rb"(?:[^\"'()\\\x00-\x20\x7f]|\\(?:" + _HEX + rb"|[^\n\r\f]))*+"
_BARE_END = _SPACE + rb"*+(?:\)|\Z)"
_BAD_URL = rb"(?:[^)\\]|" + _ESCAPED + rb")*+\)?+"
_STRING_END = _SPACE + rb"*+\)?+"
_URL = (
    _SPACE + rb"*+(?:(?P<quoted>" + _STRING + rb")" + _STRING_END
    + rb"|(?P<bare>" + _BARE + rb")" + _BARE_END + rb"|" + _BAD_URL + rb")"
)  # fmt: skip


def _function(name: bytes) -> bytes:
    """An open parenthesis right after `name`, a whole identifier, in any case.

    Looking back from the parenthesis, not forward from the name, lets the engine skip letters.
    """
    letters = b"".join(
        b"[%c%c]" % (c, c - 32) if 97 <= c <= 122 else re.escape(b"%c" % c) for c in name
    )
    return rb"\((?<=" + letters + rb"\()(?<![-\w\x80-\xff@#\\]" + letters + rb"\()"


def _at_rule(name: bytes) -> bytes:
    return rb"@(?i:" + name + rb")(?!" + _NAME + rb")" + _BLANK


# Each alternative starts with a literal byte, not with a group, so that the engine can leap to the
# next of them: that is seven times as fast.
_TOKENS = [
    _COMMENT,
    _DOUBLE,
    _SINGLE,
    rb"\\(?:" + _HEX + rb"|[\s\S])?+" + _NAME + rb"*+\(?+",
    _function(b"url") + _URL,
    _function(b"src") + _BLANK + rb"(?P<sourced>" + _STRING + rb")" + _STRING_END,
    _at_rule(b"import") + rb"(?P<imported>" + _STRING + rb")",
    # the URL of a namespace is a name: nobody fetches it
    _at_rule(b"namespace") + rb"(?:" + _NAME + rb"++(?<!url)" + _BLANK + rb")?+(?:"
    + _STRING + rb"|(?i:url)\(" + _URL.replace(b"?P<quoted>", b"?:").replace(b"?P<bare>", b"?:")
    + rb")",
    _function(b"image-set") + rb"(?P<set>)",
    _function(b"-webkit-image-set") + rb"(?P<set_of_old>)",
]  # fmt: skip


@cache
def _token(is_in_set: bool) -> re.Pattern[bytes]:
    """The tokenizer, compiled for the first stylesheet: most runs of collectstatic read none."""
    parentheses = [rb"\((?P<open>)", rb"\)(?P<close>)"] if is_in_set else []
    return re.compile(rb"|".join([*_TOKENS, *parentheses]))


_MAP_URL = rb"sourceMappingURL=[ \t]*+((?:[^\s'\"`*]|\*(?!/))++)[ \t]*+"
_CSS_SOURCE_MAP = re.compile(rb"/\*[#@][ \t]*+" + _MAP_URL + rb"\*/" + _BLANK + rb"\Z")
_JS_SOURCE_MAP = re.compile(
    rb"(?://[#@][ \t]*+" + _MAP_URL + rb"|/\*[#@][ \t]*+" + _MAP_URL + rb"\*/)\s*+\Z"
)
