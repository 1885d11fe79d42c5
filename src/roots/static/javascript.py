"""Tells the code of a script from what only looks like code: comments, strings, templates, regexes.

Tokenised as ECMAScript 2025 says (12.6 to 12.9), over bytes. Whether a slash divides or starts a
regular expression depends on what stands before it; that is looked up only where a slash is. Only
characters that open or close something are looked at; the regular-expression engine skips the
rest, and every repetition is possessive, so the work is linear.
"""

import re
from collections.abc import Generator, Iterator

COMMENT = rb"(?:/\*[^*]*+(?:\*(?!/)[^*]*+)*+(?:\*/)?+|//[^\n\r]*+)"
BLANK = rb"(?:\s|\xc2\xa0|\xef\xbb\xbf|" + COMMENT + rb")*+"
NAME = rb"[\w$\\\x80-\xff]"
_ESCAPED = rb"\\(?:\r\n|[\s\S])"
_TEMPLATE_TEXT = rb"(?:[^`\\$]|" + _ESCAPED + rb"|\$(?!\{))*+"
_INNER_DOUBLE = rb'"(?:[^"\\\n\r]|' + _ESCAPED + rb")*+"
_INNER_SINGLE = rb"'(?:[^'\\\n\r]|" + _ESCAPED + rb")*+"
STRING = rb"(?:" + _INNER_DOUBLE + rb'"|' + _INNER_SINGLE + rb"')"
PLAIN_TEMPLATE = rb"`" + _TEMPLATE_TEXT + rb"`"

_NOTHING_SPECIAL = rb"[^(){}\"'`/]*+"
_TOKEN = re.compile(
    rb"|".join(
        [
            _INNER_DOUBLE + rb'"?+',
            _INNER_SINGLE + rb"'?+",
            rb"\((?:" + _NOTHING_SPECIAL + rb"\))?+",
            rb"\)",
            rb"\{(?:" + _NOTHING_SPECIAL + rb"\})?+",
            rb"\}",
            COMMENT + rb"|/",
            rb"`" + _TEMPLATE_TEXT + rb"(?:`|\$\{)?+",
        ]
    )
)
_TEMPLATE_REST = re.compile(_TEMPLATE_TEXT + rb"(?:`|\$\{)?+")
_IN_CLASS = rb"\[(?:[^\]\\\n\r]|\\[^\n\r])*+\]"
_REGEX = re.compile(rb"/(?:[^/\\\[\n\r]|\\[^\n\r]|" + _IN_CLASS + rb")++/[\w$]*+")

_WHITESPACE = frozenset(b" \t\n\r\v\f")
_IN_NAMES = frozenset(
    byte for byte in range(256) if byte >= 0x80 or chr(byte).isalnum() or byte in b"_$"
)
# After these an operand stands, so a slash starts a regular expression and a brace an object.
_BEFORE_OPERAND = frozenset(
    b"await case delete do else extends in instanceof new of return throw typeof void yield".split()
)
_BEFORE_BLOCK = frozenset({b"do", b"else"})
_BEFORE_CONDITION = frozenset({b"for", b"if", b"while", b"with"})
_AWAIT, _FOR = frozenset({b"await"}), frozenset({b"for"})
_LONGEST_WORD = 10


class Script:
    """The bytes of a script, read from the start as `opaque` is iterated."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._comments: dict[int, int] = {}  # where it started, by where it ended
        self._open: list[int] = []  # brackets; `${` in its place is negative
        self._closed = 0  # where the bracket that was closed last had been opened
        self._regex_end = 0

    def opaque(self) -> Iterator[tuple[int, int]]:
        """Spans of comments, strings, regular expressions and the texts of templates, in order.

        >>> list(Script(b"a = 'b' / c / `d${/e/}f`").opaque())
        [(4, 7), (14, 18), (18, 21), (22, 24)]
        """
        position = len(self.data.split(b"\n", 1)[0]) if self.data.startswith(b"#!") else 0
        while position >= 0:
            position = yield from self._opaque_from(position)

    def is_property(self, position: int) -> bool:
        """Whether a dot or a # makes a property of the name at `position`.

        What is before it must have been read already.
        """
        before = self.before(position)
        if self.data.endswith(b"#", 0, before):
            return True
        return self.data.endswith(b".", 0, before) and not self.data.endswith(b"...", 0, before)

    def before(self, position: int) -> int:
        """Where what precedes `position` ends, with whitespace and comments left out."""
        while True:
            while position and self.data[position - 1] in _WHITESPACE:
                position -= 1
            if position not in self._comments:
                return position
            position = self._comments[position]

    def _opaque_from(self, position: int) -> Generator[tuple[int, int], None, int]:
        """As `opaque`; returns where to go on after a token that is not one of `_TOKEN`, or -1."""
        data = self.data
        for token in _TOKEN.finditer(data, position):
            start, end = token.span()
            match data[start]:
                case 0x28 | 0x7B:  # ( {
                    self._see_opening(start, end)
                case 0x29:  # )
                    self._closed = self._close()
                case 0x7D:  # }
                    self._closed = self._close()
                    if self._closed < 0:
                        return (yield from self._template_text(end))
                case 0x2F if end - start > 1:  # /
                    self._comments[end] = start
                    yield start, end
                case 0x2F if regex := self._regex(start):
                    yield regex.span()
                    return regex.end()
                case 0x22 | 0x27 | 0x60:  # quotes
                    yield start, end
                    if data[start] == 0x60 and data.endswith(b"${", start, end):
                        self._open.append(~start)
        return -1

    def _see_opening(self, start: int, end: int) -> None:
        if end - start == 1:
            self._open.append(start)
        else:  # its own end came with it, and nothing special between
            self._closed = start

    def _close(self) -> int:
        return self._open.pop() if self._open else 0

    def _template_text(self, position: int) -> Generator[tuple[int, int], None, int]:
        end = _TEMPLATE_REST.match(self.data, position).end()  # type: ignore[union-attr]
        yield position, end
        if self.data.endswith(b"${", position, end):
            self._open.append(~position)
        return end

    def _regex(self, position: int) -> re.Match[bytes] | None:
        """The regular expression at `position`; None where the slash there divides."""
        regex = _REGEX.match(self.data, position) if self._starts_operand(position) else None
        if regex is not None:
            self._regex_end = regex.end()
        return regex

    def _starts_operand(self, position: int) -> bool:
        before = self.before(position)
        last = self.data[before - 1] if before else 0x3B
        if last in _IN_NAMES:
            return self._is_word(before, _BEFORE_OPERAND)
        match last:
            case 0x29:  # )
                return self._is_condition(self._closed)
            case 0x7D:  # }
                return not self._is_object(self._closed)
            case 0x2F:  # / is an operator, or the end of the last regular expression
                return before != self._regex_end
            case 0x2B | 0x2D:  # + -
                return self.data[before - 2 : before] not in (b"++", b"--")
            case 0x2E:  # 1. / 2
                return self.data.endswith(b"...", 0, before)
        return last not in b"]\"'`"

    def _is_condition(self, position: int) -> bool:
        """Whether the parenthesis at `position` opens the head of a statement, not an operand."""
        before = self.before(position)
        if self._is_word(before, _AWAIT):
            before = self.before(before - len(b"await"))
            return self._is_word(before, _FOR)
        return self._is_word(before, _BEFORE_CONDITION)

    def _is_object(self, position: int) -> bool:
        """Whether the brace at `position` opens an object literal.

        After a colon it may be one, or the block of a `case`; after a parenthesis, the body of a
        function, or a block. Nobody divides an object or a function, but minified code does put a
        regular expression after a block.
        """
        before = self.before(position)
        if before and self.data[before - 1] in _IN_NAMES:
            return self._is_word(before, _BEFORE_OPERAND - _BEFORE_BLOCK)
        return before > 0 and self.data[before - 1] in b"(,=[!&|?+-*/%^~<"

    def _is_word(self, end: int, words: frozenset[bytes]) -> bool:
        """Whether one of `words` ends at `end`, as a word of the language, not as a property."""
        start = end
        while start and self.data[start - 1] in _IN_NAMES and end - start <= _LONGEST_WORD:
            start -= 1
        return self.data[start:end] in words and not self.is_property(start)
