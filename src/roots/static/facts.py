"""What pages must know of stylesheets and scripts besides their names, learnt from stored bytes."""

import base64
import hashlib
import posixpath
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from roots import atomic
from roots.static.manifest import Manifest, Module

MAX_MODULE_BYTES = 64 << 20  # a script this big is data, and is not looked into
_SCRIPTS = {".js", ".mjs"}
_SUFFIXES = {".css", *_SCRIPTS}


class Facts(NamedTuple):
    """The integrity of a file (W3C Subresource Integrity), and what it imports; see `Record`."""

    integrity: str = ""
    module: Module | None = None


NONE = Facts()


def complete(root: Path, digests: Mapping[str, str], previous: Manifest) -> dict[str, Facts]:
    """Facts of the stylesheets and scripts among the stored files below `root`, given by digest.

    What `previous` recorded of the same bytes is taken over; equal bytes are read once.
    Raises StorageError where a file cannot be read.
    """
    found: dict[str, Facts] = {}
    by_content: dict[tuple[str, str], Facts] = {}
    for name, digest in digests.items():
        suffix = posixpath.splitext(name)[1].lower()
        if suffix in _SUFFIXES:
            facts = _known(name, digest, previous) or by_content.get((digest, suffix))
            found[name] = by_content[digest, suffix] = facts or _read(root, name)
    return found


def of_bytes(name: str, data: bytes) -> Facts:
    """The facts of `data`, stored as `name`.

    >>> of_bytes("a.css", b"").integrity[:20]
    'sha384-OLBgp1GsljhM2'
    >>> of_bytes("a.js", b"import './b.js'; import('lit')").module
    Module(static=('./b.js',), dynamic=('lit',))
    """
    integrity = "sha384-" + base64.b64encode(hashlib.sha384(data).digest()).decode()
    is_script = posixpath.splitext(name)[1].lower() in _SCRIPTS
    return Facts(integrity, _module(name, data) if is_script else None)


def _known(name: str, digest: str, previous: Manifest) -> Facts | None:
    record = previous.files.get(name)
    if record is None or record.digest != digest or not record.integrity:
        return None
    return Facts(record.integrity, record.module)


def _read(root: Path, name: str) -> Facts:
    with atomic.blaming_environment(root / name):
        return of_bytes(name, (root / name).read_bytes())


def _module(name: str, data: bytes) -> Module | None:
    if len(data) > MAX_MODULE_BYTES:
        return None
    from roots.static import imports  # most runs read no script; compiling its tokenizer takes long

    found, is_module = imports.of(data)
    specifiers = {
        role: tuple(sorted({each.reference.url for each in found if each.role == role}))
        for role in ("static", "dynamic")
    }
    if not is_module and not specifiers["dynamic"] and not name.lower().endswith(".mjs"):
        return None
    return Module(specifiers["static"], specifiers["dynamic"])
