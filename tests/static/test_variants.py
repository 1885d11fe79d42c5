import gzip
import random

import brotli
import pytest

from roots import digests
from roots.atomic import Modes
from roots.static import variants

TEXT = b"a { color: red }\n" * 100
NOISE = random.Random(1).randbytes(2000)


def complete(root, encodings=("br", "gzip"), known=None, compress=variants.compress):
    contents = {
        path.name: digests.of_file(path) for path in root.iterdir() if path.suffix == ".css"
    }
    known = known or {name: {} for name in contents}
    return variants.complete(root, contents, encodings, known, Modes(), compress)


def test_variants_stand_beside_the_file_and_give_its_bytes_back(tmp_path):
    (tmp_path / "a.css").write_bytes(TEXT)
    sizes = complete(tmp_path)
    assert brotli.decompress((tmp_path / "a.css.br").read_bytes()) == TEXT
    assert gzip.decompress((tmp_path / "a.css.gz").read_bytes()) == TEXT
    assert sizes == {
        "a.css": {
            "br": (tmp_path / "a.css.br").stat().st_size,
            "gzip": (tmp_path / "a.css.gz").stat().st_size,
        }
    }


def test_zstd_gives_the_bytes_back(tmp_path):
    if variants.available(["zstd"]) == ():
        pytest.skip("neither compression.zstd nor backports.zstd is installed")
    (tmp_path / "a.css").write_bytes(TEXT)
    complete(tmp_path, ["zstd"])
    assert variants._library("zstd").decompress((tmp_path / "a.css.zst").read_bytes()) == TEXT


def test_gzip_tells_no_time_and_no_name():
    header = variants.encoder("gzip", "a.css", 1).encode(TEXT)[:10]
    assert header[3:8] == bytes(5)


def test_a_variant_that_saves_too_little_is_not_kept(tmp_path):
    (tmp_path / "a.css").write_bytes(NOISE)
    assert complete(tmp_path) == {"a.css": {}}
    assert [path.name for path in tmp_path.iterdir()] == ["a.css"]


def test_equal_contents_are_compressed_once(tmp_path):
    for name in ("a.css", "b.css"):
        (tmp_path / name).write_bytes(TEXT)
    calls = []

    def compress(digest, encoder, data):
        calls.append((digest, encoder.encoding))
        return variants.compress(digest, encoder, data)

    sizes = complete(tmp_path, compress=compress)
    assert len(calls) == 2
    assert sizes["a.css"] == sizes["b.css"]
    assert (tmp_path / "a.css.br").read_bytes() == (tmp_path / "b.css.br").read_bytes()


def test_what_is_known_is_not_made_again(tmp_path):
    (tmp_path / "a.css").write_bytes(TEXT)
    (tmp_path / "noise.css").write_bytes(NOISE)
    sizes = complete(tmp_path)

    def refuse(digest, encoder, data):
        raise AssertionError("compressed again")

    known = {"a.css": sizes["a.css"], "noise.css": {"br": 0, "gzip": 0}}
    assert complete(tmp_path, known=known, compress=refuse) == sizes
    with pytest.raises(AssertionError):
        complete(tmp_path, known=known | {"a.css": {"gzip": 1}}, compress=refuse)


@pytest.mark.parametrize("encoding", variants.available(["br", "gzip", "zstd"]))
def test_a_variant_is_told_from_one_that_was_damaged(tmp_path, encoding):
    path = tmp_path / "a.variant"
    small = variants.encoder(encoding, "a.css", len(TEXT)).encode(TEXT)
    path.write_bytes(small)
    assert variants.is_of(path, encoding, digests.of_bytes(TEXT))
    assert not variants.is_of(path, encoding, digests.of_bytes(NOISE))
    path.write_bytes(small[:-3])
    assert not variants.is_of(path, encoding, digests.of_bytes(TEXT))


def test_pictures_and_huge_and_empty_files_are_not_worth_the_try():
    assert variants.is_wanted("a.css", 10)
    assert not variants.is_wanted("a.png", 10)
    assert not variants.is_wanted("a.css", 0)
    assert not variants.is_wanted("a.json", variants.MAX_BYTES + 1)


def test_source_maps_get_less_effort_than_what_everybody_loads():
    assert variants.encoder("br", "a.js.map", 10).level < variants.encoder("br", "a.js", 10).level
