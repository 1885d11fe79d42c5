import pytest

from roots.atomic import Modes
from roots.static import manifest, release
from roots.static.manifest import Manifest, Record


def a_release(version):
    name = f"a.{version:012}.css"
    return Manifest({"a.css": name}, {name: Record(f"{version:064}", 1)})


def swap(root, version):
    release.swap(root, a_release(version), Modes())


def test_the_newest_kept_release_comes_first(tmp_path):
    for version in range(12):
        swap(tmp_path, version)
    assert manifest.load(release.manifest_path(tmp_path)) == a_release(11)
    assert [manifest.load(path) for path in release.kept(tmp_path)] == [
        a_release(version) for version in range(10, -1, -1)
    ]


def test_the_same_release_again_changes_nothing(tmp_path):
    swap(tmp_path, 1)
    before = release.manifest_path(tmp_path).stat()
    swap(tmp_path, 1)
    assert release.manifest_path(tmp_path).stat() == before
    assert release.kept(tmp_path) == []


def test_a_run_killed_between_keeping_and_swapping_keeps_nothing_twice(tmp_path):
    swap(tmp_path, 1)
    release._keep(tmp_path, release.manifest_path(tmp_path).read_bytes(), Modes())
    swap(tmp_path, 2)
    assert len(release.kept(tmp_path)) == 1


def test_a_withdrawn_release_is_kept(tmp_path):
    swap(tmp_path, 1)
    release.withdraw(tmp_path, Modes())
    assert manifest.load(release.manifest_path(tmp_path)) is None
    assert [manifest.load(path) for path in release.kept(tmp_path)] == [a_release(1)]


@pytest.mark.parametrize("name", ["notes.txt", "x.json", ".roots-0123456789abcdef"])
def test_other_files_beside_kept_releases_are_ignored(tmp_path, name):
    swap(tmp_path, 1)
    swap(tmp_path, 2)
    (tmp_path / ".roots" / "releases" / name).write_text("")
    assert [path.name for path in release.kept(tmp_path)] == ["000001.json"]
