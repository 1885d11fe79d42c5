"""What pages must know of stylesheets and scripts besides their names."""

import base64
import hashlib
import posixpath
from typing import IO, NamedTuple

from roots.digests import CHUNK_BYTES
from roots.static.manifest import Module

SCRIPTS = {".js", ".mjs"}
_SUFFIXES = {".css", *SCRIPTS}


class Facts(NamedTuple):
    """The integrity of a file (W3C Subresource Integrity), and what it imports; see `Record`."""

    integrity: str = ""
    module: Module | None = None


NONE = Facts()


def of_bytes(name: str, data: bytes) -> Facts:
    """The facts of `data` in a file called `name`; none but of stylesheets and scripts.

    >>> of_bytes("a.css", b"").integrity[:20]
    'sha384-OLBgp1GsljhM2'
    >>> of_bytes("a.js", b"import './b.js'; import('lit')").module
    Module(static=('./b.js',), dynamic=('lit',))
    """
    suffix = posixpath.splitext(name)[1].lower()
    if suffix not in _SUFFIXES:
        return NONE
    return Facts(_integrity(data), _module(suffix, data) if suffix in SCRIPTS else None)


def of_stream(name: str, stream: IO[bytes]) -> Facts:
    """The facts of a script or stylesheet too big to be held: its imports are not looked for."""
    suffix = posixpath.splitext(name)[1].lower()
    if suffix not in _SUFFIXES:
        return NONE
    hasher = hashlib.sha384()
    stream.seek(0)
    while chunk := stream.read(CHUNK_BYTES):
        hasher.update(chunk)
    return Facts(_as_integrity(hasher.digest()))


def of_edited(original: Facts, data: bytes) -> Facts:
    """The facts of `data`, made by edits that touched no import of a file with `original` ones."""
    return original._replace(integrity=_integrity(data)) if original.integrity else original


def _integrity(data: bytes) -> str:
    return _as_integrity(hashlib.sha384(data).digest())


def _as_integrity(digest: bytes) -> str:
    return "sha384-" + base64.b64encode(digest).decode()


def _module(suffix: str, data: bytes) -> Module | None:
    from roots.static import imports  # most runs read no script; compiling its tokenizer takes long

    found, is_module = imports.of(data)
    specifiers = {
        role: tuple(sorted({each.reference.url for each in found if each.role == role}))
        for role in ("static", "dynamic")
    }
    if not is_module and not specifiers["dynamic"] and suffix != ".mjs":
        return None
    return Module(specifiers["static"], specifiers["dynamic"])
