"""What stands in STATIC_ROOT and did not come from collectstatic."""

import contextlib
import os
from collections.abc import Collection, Iterator
from pathlib import Path

from roots import digests, fingerprint
from roots.doctor.evidence.releases import Collected
from roots.errors import StorageError
from roots.static import manifest, release, variants
from roots.static.tree import Tree

_SUFFIXES = tuple(variants.SUFFIXES.values())
_COMPILED_FROM = (".scss", ".sass", ".less", ".styl", ".ts", ".coffee")
_WHILE_COPYING_S = 60
"""A copied tree has the times of its copying: what is younger than the rest came later."""


def of(collected: Collected, sources: Collection[str]) -> Iterator[tuple[str, bool]]:
    """Names of files that no source and no release knows, and whether they came after the last
    collectstatic: others may be what it once collected from a source that is gone."""
    known = {name for each in _manifests(collected) for name in (*each.files, *each.paths)}
    known |= {*sources, collected.manifest_path.name}
    collected_s = _mtime_s(str(collected.manifest_path))
    for name in Tree(collected.root).names():
        if name in known or name.startswith(".") or "/." in name:
            continue
        base = name.rpartition(".")[0] if name.endswith(_SUFFIXES) else name
        if base in known or _comes_from(name, sources) or _comes_from(base, sources):
            continue
        age_s = _mtime_s(os.path.join(collected.root, name)) - collected_s
        yield name, bool(collected_s) and age_s > _WHILE_COPYING_S


def altered(collected: Collected) -> Iterator[str]:
    """Stored names whose bytes are not those that the manifest tells of."""
    made_s, start = _mtime_s(str(collected.manifest_path)), f"{collected.root}/"
    for name, record in (collected.manifest.files if collected.manifest else {}).items():
        with contextlib.suppress(OSError):  # that a file is missing is another mistake
            facts = os.stat(start + name)
            if record.size < 0 or (facts.st_size == record.size and facts.st_mtime <= made_s):
                continue
            if facts.st_size != record.size or _digest(start + name) != record.digest:
                yield name


def _digest(path: str) -> str:
    return digests.of_file(Path(path))


def _comes_from(name: str, sources: Collection[str]) -> bool:
    """Whether it is a source's name, with or without a digest of any storage, or made of one."""
    stored = fingerprint.parse(name)
    logical = stored.logical if stored else name
    stem = fingerprint.split_extension(logical.removesuffix(".map"))[0]
    return logical in sources or any(stem + each in sources for each in _COMPILED_FROM)


def _manifests(collected: Collected) -> Iterator[manifest.Manifest]:
    if collected.manifest:
        yield collected.manifest
    for path in release.kept(collected.root):
        with contextlib.suppress(StorageError):
            if earlier := manifest.load(path):
                yield earlier


def _mtime_s(path: str) -> float:
    try:
        return os.lstat(path).st_mtime
    except OSError:
        return 0.0
