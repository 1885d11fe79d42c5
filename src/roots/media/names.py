r"""From the name a client sent to one that is safe to store, and still recognisable.

Spaces and Unicode stay: the download gets its name back through `fingerprint.parse`. What goes is
what attacks a file system, a web server or a reader's eye.
"""

import re
import unicodedata
from functools import lru_cache

from roots import fingerprint
from roots.errors import UploadRejected
from roots.paths import MAX_NAME_BYTES, is_servable

_DRIVE = re.compile(r"[A-Za-z]:")
_RESERVED_CHARACTERS = str.maketrans(dict.fromkeys('\\/:*?"<>|', "_"))
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JOINERS = "\u200c\u200d"  # part of how Persian, Indic scripts and emoji are spelled
_EXTENSION = re.compile(r"\.[0-9A-Za-z]{1,16}\Z")
_DEVICE = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\.|\Z)", re.IGNORECASE
)
_EXECUTABLE = re.compile(
    r"\.(?=\s*(php[0-9]*|phps|pht|phtml|phar|inc|cgi|fcgi|pl|pm|py|pyc|pyo|rb|sh|bash|lua|tcl"
    r"|asp|aspx|asa|asax|ascx|ashx|asmx|cer|cdx|jsp|jspx|jspf|jsw|jsv|jhtml|cfm|cfml|cfc"
    r"|shtml|shtm|stm|htaccess|htpasswd)\s*(\.|\Z))",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    r"(?:(?!(?:con|prn|aux|nul|(?:com|lpt)[0-9])[./])[0-9A-Za-z_-]{1,100}/){0,9}"
    r"(?!(?:con|prn|aux|nul|(?:com|lpt)[0-9])(?:\.|\Z))[0-9A-Za-z_-]{1,100}(?:\.[0-9a-z]{1,16})?",
    re.IGNORECASE,
)
_HAS_CAPITALS = re.compile(r"\.[0-9a-z]*[A-Z]")


@lru_cache(maxsize=256)  # fields and storages all want to be sure, one after the other
def clean(name: str) -> str:
    r"""`name`, a relative path of parts joined by `/`, made safe; twice is the same as once.

    The result `is_servable`. Raises UploadRejected (the client's fault) with code `nul`,
    `absolute`, `traversal`, `empty` or `too_long`; backslashes count as separators here, because
    some systems read them so (CVE-2021-45452, CVE-2024-39330).

    >>> clean("Été 2024\u202egpj.JPG"), clean("docs/.htaccess"), clean("a.php.jpg")
    ('Été 2024gpj.jpg', 'docs/htaccess', 'a_php.jpg')
    >>> clean("../../etc/passwd")
    Traceback (most recent call last):
    roots.errors.UploadRejected: The file name '../../etc/passwd' leads out of its folder.
    """
    if _PLAIN.fullmatch(name) and not _HAS_CAPITALS.search(name):
        return name  # nothing to do for most names, and it is done for every upload
    _refuse_escapes(name)
    *folders, last = name.split("/")
    parts = [_clean_folder(folder) for folder in folders if folder not in ("", ".")]
    cleaned = "/".join([*parts, _clean_basename(last)])
    return _within_path_limits(cleaned, name)


def compose(
    name: str, digest: str, length: int = fingerprint.LENGTH, max_chars: int | None = None
) -> str:
    """The stored name of `name`, already `clean`, for content whose digest is `digest`.

    Carries `length` digits. The stem is trimmed until the last part fits 255 bytes of UTF-8 and the
    whole fits `max_chars` characters (a column's max_length; None: no limit). Raises
    UploadRejected, code `too_long`, where not even one character of the stem fits.

    >>> compose("docs/a long story.txt", "3f2a91c0d4e7aa", max_chars=25)
    'docs/a l.3f2a91c0d4e7.txt'
    """
    if len(name) + length < min(max_chars or MAX_NAME_BYTES, MAX_NAME_BYTES) and name.isascii():
        return fingerprint.stamp(name, digest, length)
    folder, slash, last = name.rpartition("/")
    stem, extension = _split(last)
    room_bytes = MAX_NAME_BYTES - length - 1 - len(extension)
    room_chars = None
    if max_chars is not None:
        room_chars = max_chars - len(folder + slash + extension) - length - 1
    trimmed = _defuse(_trim(stem, room_bytes, room_chars))
    if not trimmed:
        raise UploadRejected(
            f"The file name {name!r} does not fit {max_chars} characters once it carries "
            f"{length} digits of its content; raise max_length on the field.",
            code="too_long",
        )
    stored = fingerprint.stamp(folder + slash + trimmed + extension, digest, length)
    return _within_path_limits(stored, name)


def _refuse_escapes(name: str) -> None:
    parts = name.replace("\\", "/").split("/")
    if "\0" in name:
        raise UploadRejected(f"The file name {name!r} contains NUL.", code="nul")
    if name[:1] in ("/", "\\") or _DRIVE.match(name):
        raise UploadRejected(f"The file name {name!r} is not relative.", code="absolute")
    if ".." in parts:
        raise UploadRejected(f"The file name {name!r} leads out of its folder.", code="traversal")
    if parts[-1] in ("", "."):
        raise UploadRejected(f"The file name {name!r} names no file.", code="empty")


def _clean_part(part: str) -> str:
    composed = unicodedata.normalize("NFC", _visible(part)).translate(_RESERVED_CHARACTERS)
    stripped = " ".join(composed.split()).lstrip(". ").rstrip(". ") or "unnamed"
    return f"_{stripped}" if _DEVICE.match(stripped) else stripped


def _visible(part: str) -> str:
    kept: list[str] = []
    for character in part:
        is_spelling = character in _JOINERS and bool(kept) and not kept[-1].isascii()
        if is_spelling or unicodedata.category(character) not in _INVISIBLE:
            kept.append(character)
    return "".join(kept)


def _clean_folder(folder: str) -> str:
    return _trim(_clean_part(folder), MAX_NAME_BYTES)


def _clean_basename(last: str) -> str:
    stem, extension = _split(_clean_part(last))
    trimmed = _trim(stem, MAX_NAME_BYTES - len(extension)) + extension
    stem, extension = _split(trimmed)  # trimming `a.txt and more` may leave an extension
    return _defuse(stem) + extension.lower()


def _split(last: str) -> tuple[str, str]:
    """Like `split_extension`, except that `Mr. Smith` has no extension: it is all stem."""
    stem, extension = fingerprint.split_extension(last)
    return (stem, extension) if _EXTENSION.match(extension) else (last, "")


def _defuse(stem: str) -> str:
    """Keep Apache from running `a.php.jpg`: its handlers look at every extension of a name."""
    return _EXECUTABLE.sub("_", stem)


def _trim(text: str, max_bytes: int, max_chars: int | None = None) -> str:
    """The longest start of `text` within both limits that ends with a whole character."""
    most = len(text) if max_chars is None else max(max_chars, 0)
    cut = len(text[:most].encode()[:max_bytes].decode(errors="ignore"))
    if cut == len(text):
        return text
    whole = cut
    while whole and unicodedata.category(text[whole]).startswith("M"):
        whole -= 1
    return text[: whole or cut].rstrip(". ")


def _within_path_limits(result: str, name: str) -> str:
    if is_servable(result):
        return result
    raise UploadRejected(f"The file name {name[:80]!r}… is too long for a path.", code="too_long")
