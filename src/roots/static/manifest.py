"""The record of a release: `staticfiles.json` in STATIC_ROOT.

Django's ManifestStaticFilesStorage can read it; what it does not know (`files`, `encodings`) is
ours. The same sources give the same bytes on every host: nothing in it tells time, place or order.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from roots import digests
from roots.errors import StorageError

NAME = "staticfiles.json"
_VERSION = "1.1"
_READABLE_VERSIONS = {"1.0", "1.1"}
_DENSE = (",", ":")
_BATCH = 1000
_T = TypeVar("_T")


class Module(NamedTuple):
    """What a script imports, as written in its bytes: `./picker.js` or `lit`, sorted.

    `static` is loaded before it runs, `dynamic` when it asks.
    """

    static: tuple[str, ...] = ()
    dynamic: tuple[str, ...] = ()


class Record(NamedTuple):
    """What is known of a stored file: the digest and size of its bytes, sizes of its variants.

    A manifest that Django wrote knows neither: an empty digest, a size of -1. `integrity` (W3C
    Subresource Integrity) is known of stylesheets and scripts, `module` of scripts that are one or
    import one.
    """

    digest: str = ""
    size: int = -1
    variants: tuple[tuple[str, int], ...] = ()
    integrity: str = ""
    module: Module | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """One release: stored names by logical name, and a record of each stored file.

    `encodings` were tried on every file; one that is not among a file's variants was not worth it.
    Every stored name has a record.
    """

    paths: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Record] = field(default_factory=dict)
    encodings: tuple[str, ...] = ()

    def dump(self) -> bytes:
        """The file's bytes, the same for equal manifests."""
        digest = digests.of_bytes(b"".join(_dumped(self.paths, str, (", ", ": "))))
        parts = [
            b'{"encodings":', _dense(sorted(self.encodings)),
            b',"files":', *_dumped(self.files, _as_json),
            b',"hash":', _dense(digest[:12]),
            b',"paths":', *_dumped(self.paths, str),
            b',"version":', _dense(_VERSION), b"}",
        ]  # fmt: skip
        return b"".join(parts)


EMPTY = Manifest()


def load(path: Path) -> Manifest | None:
    """The manifest at `path`; None where there is none.

    Raises StorageError where the file is damaged or of a format from the future.
    """
    try:
        return parse(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise StorageError(
            f"{path} is not a manifest of static files ({error}). Run collectstatic to write a new "
            "one."
        ) from error


def parse(data: bytes | str) -> Manifest:
    """The manifest in `data`. Raises ValueError, TypeError or KeyError where it is none."""
    content = json.loads(data, object_hook=_compact)
    if content["version"] not in _READABLE_VERSIONS:
        raise ValueError(f"its version is {content['version']!r}")
    files = content.get("files") or dict.fromkeys(content["paths"].values(), Record())
    names = {name: name for name in files}  # one string for a name, not one for each mention
    paths = {logical: names.get(stored, stored) for logical, stored in content["paths"].items()}
    return Manifest(paths, files, tuple(content.get("encodings", ())))


def _dumped(
    content: Mapping[str, _T], as_json: Callable[[_T], Any], separators: tuple[str, str] = _DENSE
) -> Iterator[bytes]:
    """`content` with sorted keys. In pieces: the encoder holds each comma as an object of its own,
    which for a hundred thousand files are a hundred megabytes."""
    names = sorted(content)
    yield b"{"
    for start in range(0, len(names), _BATCH):
        some = {name: as_json(content[name]) for name in names[start : start + _BATCH]}
        text = json.dumps(some, sort_keys=True, separators=separators)[1:-1]
        yield (separators[0] * bool(start) + text).encode()
    yield b"}"


def _dense(content: Any) -> bytes:
    return json.dumps(content, separators=_DENSE).encode()


def _as_json(record: Record) -> dict[str, Any]:
    content: dict[str, Any] = {"digest": record.digest, "size": record.size}
    if record.variants:
        content["variants"] = dict(record.variants)
    if record.integrity:
        content["integrity"] = record.integrity
    if record.module is not None:
        content["imports"] = record.module.static
        content |= {"dynamic": record.module.dynamic} if record.module.dynamic else {}
    return content


def _compact(content: dict[str, Any]) -> Any:
    """Records straight from the parser: a tuple takes a third of a dict's memory."""
    if isinstance(content.get("size"), int):  # among paths, a file called "size" has a str
        variants = tuple(content.get("variants", {}).items())
        digest, integrity = sys.intern(content["digest"]), sys.intern(content.get("integrity", ""))
        return Record(digest, content["size"], variants, integrity, _module(content))
    return content


def _module(content: dict[str, Any]) -> Module | None:
    if "imports" not in content:
        return None
    return Module(tuple(content["imports"]), tuple(content.get("dynamic", ())))
