r"""Text, and what a browser would make of it.

The authority is WHATWG MIME Sniffing, section 7.1, which browsers follow where nothing tells them
not to sniff. This goes further on the safe side: it reads UTF-16, looks behind comments and
prologues, and knows more elements.
"""

import codecs
import re

from roots.media.content.formats import PLAIN, XML

_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\x0c\r\x1b")
_BINARY = re.compile(f"[{re.escape(_CONTROLS.decode())}]")
_SPACE = " \t\n\x0c\r\ufeff"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ELEMENTS = re.compile(
    r"<(html|head|script|iframe|h[1-6]|div|font|table|a|style|title|b|body|br|p|img|form|meta|link"
    r"|object|embed|applet|video|audio|input|button|details|template|math|center|base|frameset"
    r"|frame|marquee|ul|ol|pre|span|section|article|main|nav|header|footer|textarea|select|noscript"
    r"|plaintext|isindex|picture|source|canvas|dialog|image|bgsound|layer)[\s/>]",
    re.IGNORECASE,
)
_START_TAG = re.compile(r"<(?:[\w.-]+:)?(?P<name>[A-Za-z_][\w.-]*)(?P<rest>[^<]*)")
_NAME_END = re.compile(r"[\s>\[]")
_FEEDS = {"rss", "feed", "rdf"}
_MESSAGE = re.compile(
    r"(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*)*?"
    r"(MIME-Version:|Content-Type:[ \t]*(?:multipart|message)/)",
    re.IGNORECASE,
)


def of_text(head: bytes) -> str | None:
    """The content type of a file that begins with `head`, None where it is not text.

    >>> of_text(b"  <!-- hello --><svg onload=alert(1)>"), of_text(b"a < b"), of_text(b"\\0\\1")
    ('image/svg+xml', 'text/plain', None)
    """
    text = _decoded(head).lstrip(_SPACE)
    is_binary = _is_binary(text)
    if text.startswith("<"):
        found = _of_markup(text)
        # Browsers look at the first tag before they look for bytes that no text has.
        return None if is_binary and found == PLAIN else found
    if is_binary:
        return None
    if text.startswith("#!"):
        return "text/x-shellscript"
    return "multipart/related" if _MESSAGE.match(text) else PLAIN


def _is_binary(text: str) -> bool:
    """Whether there are characters that no text has; for most texts without looking at each."""
    if text.isascii():
        return len(text.encode().translate(None, _CONTROLS)) < len(text)
    return _BINARY.search(text) is not None


def _decoded(head: bytes) -> str:
    """`head` as characters. Anything unmarked that is not UTF-8 is taken for Latin-1: all that
    matters here is ASCII."""
    encoding = _encoding(head)
    if encoding == "utf-8" and head.isascii():
        return head.decode("ascii")
    try:
        return codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return head.decode("latin-1" if encoding == "utf-8" else encoding, "replace")


def _encoding(head: bytes) -> str:
    """By byte order mark, or by the zeros that UTF-16 puts beside ASCII."""
    start = head[:64]
    if b"\0" not in start and start[:1] < b"\xef":  # most texts by far
        return "utf-8"
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding
    if len(start) >= 4 and not any(start[1::2]) and all(start[0::2]):
        return "utf-16-le"
    if len(start) >= 4 and not any(start[0::2]) and all(start[1::2]):
        return "utf-16-be"
    return "utf-8"


def _of_markup(text: str) -> str:
    if text[:5].lower() == "<?php" or text.startswith("<?="):
        return "application/x-httpd-php"
    is_xml, doctype, rest = _prologue(text)
    tag = _START_TAG.match(rest)
    if tag and (found := _of_root(tag["name"].lower(), tag["rest"], is_xml=is_xml)):
        return found
    if doctype == "svg":
        return "image/svg+xml"
    if is_xml or doctype not in ("", "html"):
        return XML
    is_page = doctype == "html" or text.startswith("<!--") or _ELEMENTS.match(rest)
    return "text/html" if is_page else PLAIN


def _of_root(name: str, rest: str, *, is_xml: bool) -> str | None:
    """By the outermost element, where it tells."""
    if name == "svg":
        return "image/svg+xml"
    if name == "html":
        return "application/xhtml+xml" if is_xml or "xmlns" in rest else "text/html"
    return XML if name in _FEEDS or "xmlns" in rest else None


def _prologue(text: str) -> tuple[bool, str, str]:
    """What stands before the outermost element: whether it says XML, the document type's name, and
    what follows. A part that does not end leaves nothing to follow."""
    is_xml, doctype = False, ""
    while True:
        text = text.lstrip(_SPACE)
        if text.startswith("<!--"):
            text = _after(text, "-->")
        elif text.startswith("<?"):
            is_xml = is_xml or text[2:5].lower() == "xml"
            text = _after(text, "?>")
        elif text[:9].lower() == "<!doctype":
            doctype = _NAME_END.split(text[9:].lstrip(), maxsplit=1)[0].lower()
            text = _after_doctype(text)
        else:
            return is_xml, doctype, text


def _after(text: str, end: str) -> str:
    return text.partition(end)[2]


_DOCTYPE_PARTS = re.compile(r"\"[^\"]*\"|'[^']*'|<!--.*?-->|[\[\]>]", re.DOTALL)


def _after_doctype(text: str) -> str:
    """Behind its `>`; an internal subset in brackets has others, and quotes hide both."""
    depth = 0
    for part in _DOCTYPE_PARTS.finditer(text):
        depth += {"[": 1, "]": -1}.get(part.group(), 0)
        if part.group() == ">" and depth <= 0:
            return text[part.end() :]
    return ""
