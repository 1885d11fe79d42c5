"""Reads as much YAML as compose files are written in.

Known are mappings and lists, in blocks and in brackets, quotes, comments, long texts, anchors and
merge keys; every scalar is text. Tags, several documents and complex keys are not.
"""

import re
from typing import Any, NamedTuple

_KEY = re.compile(
    r"""(?:"([^"]*)"|'([^']*)'|([^\s"'\[{#&*!|>%@`-][^#]*?|-[^\s#][^#]*?))\s*:(?=\s|$)"""
)
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_NAMED = re.compile(r"&(\S+)\s*")
_LONG = re.compile(r"[|>][+-]?\d?$")


class Unreadable(ValueError):
    """The text is no YAML, or more of it than is known here."""


class _Line(NamedTuple):
    indent: int
    text: str


def read(text: str) -> Any:
    """What `text` says: dicts, lists and strings; None for nothing. Raises Unreadable.

    >>> read("web:\\n  ports: [80, '443']\\n  build: .")
    {'web': {'ports': ['80', '443'], 'build': '.'}}
    """
    lines = [_line(each) for each in text.splitlines()]
    reader = _Reader([each for each in lines if each.text not in ("", "---")])
    found = reader.node(0)
    if reader.lines:
        raise Unreadable(f"{reader.lines[0].text!r} stands where nothing can stand")
    return found


def _line(text: str) -> _Line:
    stripped = _uncommented(text).rstrip()
    return _Line(len(stripped) - len(stripped.lstrip()), stripped.strip())


def _uncommented(text: str) -> str:
    """`text` without its comment; a # in quotes is none."""
    for found in _COMMENT.finditer(text):
        before = text[: found.start()]
        if before.count('"') % 2 == 0 and before.count("'") % 2 == 0:
            return before
    return text


class _Reader:
    """Takes lines away from the front as it makes sense of them."""

    def __init__(self, lines: list[_Line]) -> None:
        self.lines = lines
        self.anchors: dict[str, Any] = {}

    def node(self, least: int) -> Any:
        """The block that begins at the next line, if that is indented by `least`; else None."""
        if not self.lines or self.lines[0].indent < least:
            return None
        line = self.lines[0]
        if line.text == "-" or line.text.startswith("- "):
            return self.items(line.indent)
        if _KEY.match(line.text):
            return self.mapping(line.indent)
        return self.value(self.lines.pop(0).text, line.indent)

    def items(self, indent: int) -> list[Any]:
        found = []
        while self._is_next(indent) and self.lines[0].text[:2] in ("-", "- "):
            inner = self.lines.pop(0).text[1:]
            if not inner.strip():
                found.append(self.node(indent + 1))
                continue
            offset = indent + 1 + len(inner) - len(inner.lstrip())
            self.lines.insert(0, _Line(offset, inner.strip()))
            found.append(self.node(offset))
        return found

    def mapping(self, indent: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while self._is_next(indent) and (key := _KEY.match(self.lines[0].text)):
            rest = self.lines.pop(0).text[key.end() :].strip()
            name = next(each for each in key.groups() if each is not None)
            value = self.value(rest, indent)
            if name == "<<":
                found = {**_merged(value), **found}
            else:
                found[name] = value
        return found

    def value(self, text: str, indent: int) -> Any:
        """What stands behind a key, or below it."""
        if named := _NAMED.match(text):
            value = self.value(text[named.end() :], indent)
            self.anchors[named[1]] = value
            return value
        if not text:
            is_list = self._is_next(indent) and self.lines[0].text[:2] in ("-", "- ")
            return self.node(indent if is_list else indent + 1)
        if _LONG.match(text):
            return " ".join(self._deeper(indent))
        if text.startswith("*"):
            return self._alias(text)
        if text[0] in "[{":
            return self._flow(" ".join([text, *self._until_closed(text)]))
        return _scalar(" ".join([text, *self._deeper(indent)]))

    def _is_next(self, indent: int) -> bool:
        return bool(self.lines) and self.lines[0].indent == indent

    def _deeper(self, indent: int) -> list[str]:
        found = []
        while self.lines and self.lines[0].indent > indent:
            found.append(self.lines.pop(0).text)
        return found

    def _until_closed(self, text: str) -> list[str]:
        found: list[str] = []
        while self.lines and sum(map(text.count, "[{")) > sum(map(text.count, "]}")):
            found.append(self.lines.pop(0).text)
            text += found[-1]
        return found

    def _alias(self, text: str) -> Any:
        if text[1:] not in self.anchors:
            raise Unreadable(f"nothing is called {text[1:]!r}")
        return self.anchors[text[1:]]

    def _flow(self, text: str) -> Any:
        if text[-1:] != {"[": "]", "{": "}"}[text[0]]:
            raise Unreadable(f"{text!r} is not closed")
        parts = [part.strip() for part in _parts(text[1:-1])]
        if text[0] == "[":
            return [self._inline(part) for part in parts if part]
        pairs = (part.partition(":") for part in parts if part)
        return {_scalar(key.strip()): self._inline(value.strip()) for key, _, value in pairs}

    def _inline(self, text: str) -> Any:
        if text.startswith("*"):
            return self._alias(text)
        return self._flow(text) if text[:1] in ("[", "{") else _scalar(text)


def _merged(value: Any) -> dict[str, Any]:
    """What a merge key takes over: of several mappings, the first that has a key counts."""
    mappings = value if isinstance(value, list) else [value]
    if not all(isinstance(each, dict) for each in mappings):
        raise Unreadable(f"{value!r} cannot be merged")
    return {name: inner for each in reversed(mappings) for name, inner in each.items()}


def _parts(text: str) -> list[str]:
    """`text` at the commas that are not inside quotes or brackets."""
    return re.findall(r"""(?:"[^"]*"|'[^']*'|\[[^\]]*\]|\{[^}]*\}|[^,"'\[{]|["'\[{])+""", text)


def _scalar(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1]
    return text
