import json

import pytest
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage

from roots.errors import StorageError
from roots.static.manifest import EMPTY, Manifest, Module, Record, load, parse

RELEASE = Manifest(
    {
        "size": "size.111111111111",
        "a.css": "a.222222222222.css",
        "a.js": "a.333333333333.js",
        "b.js": "b.444444444444.js",
    },
    {
        "size.111111111111": Record("1" * 64, 0),
        "a.222222222222.css": Record("2" * 64, 900, (("br", 80), ("gzip", 90)), "sha384-x"),
        "a.333333333333.js": Record("3" * 64, 9, (), "sha384-y", Module(("./b.js",), ("lit",))),
        "b.444444444444.js": Record("4" * 64, 9, (), "sha384-z", Module()),
    },
    ("br", "gzip"),
)


def test_a_manifest_is_read_back_as_it_was_written():
    assert parse(RELEASE.dump()) == RELEASE
    assert parse(EMPTY.dump()) == EMPTY


def test_equal_manifests_have_equal_bytes_whatever_their_order():
    turned = Manifest(
        dict(reversed(RELEASE.paths.items())), dict(reversed(RELEASE.files.items())), ("gzip", "br")
    )
    assert turned.dump() == RELEASE.dump()


def test_djangos_own_storage_reads_ours(tmp_path):
    (tmp_path / "staticfiles.json").write_bytes(RELEASE.dump())
    storage = ManifestStaticFilesStorage(location=tmp_path)
    assert storage.stored_name("a.css") == "a.222222222222.css"


def test_a_manifest_that_django_wrote_has_names_but_knows_no_content():
    found = parse(b'{"paths": {"a.css": "a.0123456789ab.css"}, "version": "1.1", "hash": "x"}')
    assert found.files == {"a.0123456789ab.css": Record("", -1)}


def test_no_manifest_is_none(tmp_path):
    assert load(tmp_path / "staticfiles.json") is None


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"{}", b'{"version": "2.0", "paths": {}}', b'{"version": "1.1"}', b"\xff"],
)
def test_a_damaged_manifest_is_an_error_that_says_what_to_do(tmp_path, content):
    path = tmp_path / "staticfiles.json"
    path.write_bytes(content)
    with pytest.raises(StorageError, match=r"is not a manifest .* Run collectstatic") as caught:
        load(path)
    assert str(path) in str(caught.value)


def test_many_files_are_written_as_if_they_were_written_at_once():
    paths = {f"é {number}.css": f"é {number}.0.css" for number in range(2500)}
    files = {name: Record("d" * 64, 1) for name in paths.values()}
    data = Manifest(paths, files, ("br",)).dump()
    assert data == json.dumps(json.loads(data), sort_keys=True, separators=(",", ":")).encode()
    assert parse(data) == Manifest(paths, files, ("br",))
