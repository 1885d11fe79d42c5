import os
import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from roots import digests
from roots.static import cache, storage, variants
from roots.static.cache import BuildCache
from roots.static.variants import Encoder
from tests.static.project import SMALL_TREE, collect

TEXT = b"a { color: red }\n" * 100
GZIP = Encoder("gzip", 9)


@pytest.fixture
def warnings():
    return []


@pytest.fixture
def build_cache(tmp_path, warnings):
    return BuildCache(tmp_path / "cache", 1 << 20, warnings.append)


def compress(build_cache, data, encoder=GZIP):
    return build_cache.compress(digests.of_bytes(data), encoder, data)


def entries(build_cache):
    return [path for path in build_cache.directory.rglob("*") if path.is_file()]


def test_what_was_compressed_once_comes_from_the_cache(build_cache):
    first = compress(build_cache, TEXT)
    assert build_cache.hits == 0
    assert compress(build_cache, TEXT) == first == GZIP.encode(TEXT)
    assert build_cache.hits == 1


def test_another_effort_or_library_is_another_entry(build_cache, monkeypatch):
    compress(build_cache, TEXT)
    compress(build_cache, TEXT, Encoder("gzip", 1))
    monkeypatch.setitem(variants._VERSION, "gzip", lambda library: "zlib99")
    compress(build_cache, TEXT)
    assert (build_cache.hits, len(entries(build_cache))) == (0, 3)


@pytest.mark.parametrize("damage", [b"", b"x", b"x" * 200])
def test_a_damaged_entry_is_made_anew(build_cache, damage):
    whole = compress(build_cache, TEXT)
    (entry,) = entries(build_cache)
    entry.write_bytes(damage)
    assert compress(build_cache, TEXT) == whole
    assert build_cache.hits == 0
    assert compress(build_cache, TEXT) == whole
    assert build_cache.hits == 1


def test_what_was_not_used_for_longest_goes_first(build_cache):
    noise = [random.Random(number).randbytes(1000) for number in range(3)]
    for age, data in enumerate(noise):
        compress(build_cache, data)
        newest = max(entries(build_cache), key=lambda path: path.stat().st_mtime_ns)
        os.utime(newest, (1000 + age, 1000 + age))
    compress(build_cache, noise[0])
    build_cache.max_bytes = 2500
    build_cache.trim()
    assert len(entries(build_cache)) == 2
    build_cache.hits = 0
    compress(build_cache, noise[0])
    compress(build_cache, noise[2])
    assert build_cache.hits == 2


def test_leftovers_of_killed_builds_go_when_they_are_old(build_cache):
    compress(build_cache, TEXT)
    old, young = (build_cache.directory / f".roots-{name}" for name in ("old", "young"))
    for path in (old, young):
        path.write_text("half")
    os.utime(old, (1, 1))
    build_cache.trim()
    assert (old.exists(), young.exists()) == (False, True)


def test_a_cache_that_cannot_be_written_is_told_once(build_cache, warnings):
    build_cache.directory.write_text("a file")
    assert compress(build_cache, TEXT) == GZIP.encode(TEXT)
    compress(build_cache, TEXT + TEXT)
    (warning,) = warnings
    assert "The build cache cannot be used" in warning
    assert "is a file where a directory must be" in warning
    build_cache.trim()


def test_many_builds_may_use_it_at_once(build_cache):
    texts = [TEXT * number for number in range(1, 9)] * 5
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda data: compress(build_cache, data), texts))
    assert found == [GZIP.encode(data) for data in texts]
    build_cache.trim()


@pytest.fixture
def compressions(monkeypatch):
    """Every real compression, as the name of its encoding."""
    made = []
    encode = Encoder.encode

    def listed(self, data):
        made.append(self.encoding)
        return encode(self, data)

    monkeypatch.setattr(Encoder, "encode", listed)
    return made


def test_a_new_static_root_is_filled_from_the_cache(project, settings, tmp_path, compressions):
    settings.ROOTS = {"BUILD_CACHE": str(tmp_path / "cache"), "ENCODINGS": ["gzip"]}
    os.environ.pop(storage.CACHE_VARIABLE)
    try:
        project.write(SMALL_TREE)
        collect()
        assert compressions
        compressions.clear()
        settings.STATIC_ROOT = project.root = tmp_path / "elsewhere"
        collect()
    finally:
        os.environ[storage.CACHE_VARIABLE] = ""
    assert compressions == []
    project.assert_whole()


@pytest.mark.parametrize(("variable", "used"), [("moved", ["moved"]), ("", [])])
def test_the_environment_moves_the_cache_or_turns_it_off(
    project, settings, tmp_path, monkeypatch, variable, used
):
    settings.ROOTS = {"BUILD_CACHE": tmp_path / "cache"}
    monkeypatch.setenv(storage.CACHE_VARIABLE, variable and str(tmp_path / variable))
    project.write(SMALL_TREE)
    collect()
    assert [each for each in ("cache", "moved") if (tmp_path / each).exists()] == used


def test_a_cache_that_cannot_be_written_is_a_warning(project, settings, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(storage.CACHE_VARIABLE, str(tmp_path / "file"))
    project.write(SMALL_TREE)
    out, _ = collect()
    assert "The build cache cannot be used" in out
    project.assert_whole()


def test_it_lies_in_the_users_cache_directory(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache.default_directory() == tmp_path / "django-roots" / "build"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache.default_directory() == tmp_path / ".cache" / "django-roots" / "build"
