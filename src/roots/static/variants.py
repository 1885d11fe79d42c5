"""Compressed variants of stored files, made once for each content."""

import contextlib
import os
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple, cast

from roots import atomic, digests, mediatypes
from roots.atomic import Modes
from roots.progress import Progress, Silent

SUFFIXES = {"br": ".br", "gzip": ".gz", "zstd": ".zst"}
MAX_BYTES = 32 << 20  # of a file worth holding in memory, with its variants, to compress it
BIG_BYTES = 256 << 10
MAX_SHARE = 0.95  # of the original's size; a variant bigger than that is not worth its file
_MOST_THREADS = 8
_BROTLI_WINDOW = 24


class Encoder(NamedTuple):
    """One way to compress: equal encoders make equal bytes of equal bytes."""

    encoding: str
    level: int

    @property
    def identity(self) -> str:
        """What the bytes it makes depend on: encoding, level, version and window of the library."""
        return f"{self.encoding}-{self.level}-{_VERSION[self.encoding](_library(self.encoding))}"

    def encode(self, data: bytes) -> bytes:
        """`data`, compressed; the same bytes on every host with the same libraries."""
        return _ENCODE[self.encoding](data, self.level)


Compress = Callable[[str, Encoder, bytes], bytes]


def available(encodings: Iterable[str]) -> tuple[str, ...]:
    """Those of `encodings` this Python can make, sorted."""
    return tuple(sorted(name for name in encodings if any(map(_is_installed, _LIBRARIES[name]))))


def is_wanted(name: str, size: int) -> bool:
    """Whether a stored file of `size` bytes called `name` is worth the try."""
    return 0 < size <= MAX_BYTES and mediatypes.is_compressible(name)


def encoder(encoding: str, name: str, size: int) -> Encoder:
    """The encoder of `encoding` for a file like `name` of `size` bytes.

    Brotli 10 takes 40 % of the time of 11 and 0.5 % more bytes, which is worth it where files are
    big. Only developers load source maps. Whoever takes zstd takes brotli too, which is smaller.
    """
    levels = _FOR_BIG if size > BIG_BYTES else _BEST
    return Encoder(encoding, (_FOR_DEVELOPERS if name.endswith(".map") else levels)[encoding])


def compress(digest: str, encoder: Encoder, data: bytes) -> bytes:  # noqa: ARG001
    """`data`, whose digest is `digest`, by `encoder`, without a cache."""
    return encoder.encode(data)


def is_of(path: Path, encoding: str, digest: str) -> bool:
    """Whether the file at `path` gives the bytes with `digest` when `encoding` is undone."""
    try:
        return digests.of_bytes(_DECODE[encoding](path.read_bytes())) == digest
    except Exception:  # noqa: BLE001 (each library has errors of its own for damaged bytes)
        return False


def complete(
    root: Path,
    contents: Mapping[str, str],
    encodings: Sequence[str],
    known: Mapping[str, Mapping[str, int]],
    modes: Modes,
    compress: Compress = compress,
    progress: Progress | None = None,
) -> dict[str, dict[str, int]]:
    """See that stored files below `root`, given as digests by name, have their variants.

    Returns sizes by name and encoding, of those worth their file. `known` are the sizes of what
    need not be made, 0 for what is not worth its file; equal contents are compressed once. Threads
    share the work (the libraries let go of the interpreter), with at most one file for each in
    memory. Raises StorageError as `atomic.write` does.
    """
    found = dict(known)
    jobs: dict[str, list[str]] = defaultdict(list)
    for name, digest in contents.items():
        if any(encoding not in known[name] for encoding in encodings):
            jobs[digest].append(name)
    with ThreadPoolExecutor(min(_MOST_THREADS, os.cpu_count() or 1)) as pool:
        work = partial(_make, root, encodings=encodings, modes=modes, compress=compress)
        futures = {digest: pool.submit(work, digest, names) for digest, names in jobs.items()}
        progress = progress or Silent()
        progress.phase("Compressing", len(jobs))
        try:
            for digest, future in futures.items():
                found |= dict.fromkeys(jobs[digest], future.result())
                progress.advance(jobs[digest][0])
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return {
        name: {encoding: size for encoding in encodings if (size := sizes[encoding])}
        for name, sizes in found.items()
    }


def _make(
    root: Path,
    digest: str,
    names: Sequence[str],
    *,
    encodings: Sequence[str],
    modes: Modes,
    compress: Compress,
) -> dict[str, int]:
    data = (root / names[0]).read_bytes()
    sizes = dict.fromkeys(encodings, 0)
    for encoding in encodings:
        small = compress(digest, encoder(encoding, names[0], len(data)), data)
        if len(small) <= len(data) * MAX_SHARE:
            sizes[encoding] = len(small)
            for name in names:
                atomic.write(root / (name + SUFFIXES[encoding]), small, modes)
    return sizes


def _gzip(data: bytes, level: int) -> bytes:
    stream = zlib.compressobj(level, wbits=31)  # no name and no time in the header
    return stream.compress(data) + stream.flush()


def _brotli(data: bytes, level: int) -> bytes:
    compressed: bytes = _library("br").compress(data, quality=level, lgwin=_BROTLI_WINDOW)
    return compressed


def _zstd(data: bytes, level: int) -> bytes:
    compressed: bytes = _library("zstd").compress(data, level)
    return compressed


def _unbrotli(data: bytes) -> bytes:
    return cast(bytes, _library("br").decompress(data))


def _ungzip(data: bytes) -> bytes:
    return zlib.decompress(data, wbits=31)


def _unzstd(data: bytes) -> bytes:
    return cast(bytes, _library("zstd").decompress(data))


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # not even its package
        return False


@cache
def _library(encoding: str) -> Any:
    """The module that makes `encoding`, or None; most runs find all made, and import none."""
    for name in _LIBRARIES[encoding]:
        with contextlib.suppress(ImportError):
            return import_module(name)
    return None


_LIBRARIES = {"br": ["brotli"], "gzip": ["zlib"], "zstd": ["compression.zstd", "backports.zstd"]}
_ENCODE: Mapping[str, Callable[[bytes, int], bytes]] = {
    "br": _brotli,
    "gzip": _gzip,
    "zstd": _zstd,
}
_VERSION: Mapping[str, Callable[[Any], str]] = {
    "br": lambda library: f"{library.__version__}w{_BROTLI_WINDOW}",
    "gzip": lambda library: f"zlib{library.ZLIB_RUNTIME_VERSION}",
    "zstd": lambda library: ".".join(map(str, library.zstd_version_info)),
}
_DECODE: Mapping[str, Callable[[bytes], bytes]] = {
    "br": _unbrotli,
    "gzip": _ungzip,
    "zstd": _unzstd,
}
_BEST = {"br": 11, "gzip": 9, "zstd": 12}
_FOR_BIG = _BEST | {"br": 10}
_FOR_DEVELOPERS = {"br": 9, "gzip": 6, "zstd": 9}
