import json
import os
import time

import pytest

from roots.atomic import Modes
from roots.static import manifest, release, sweep
from roots.static.manifest import Manifest, Record
from tests.static.project import SMALL_TREE, collect

DAY_S = 86_400


@pytest.fixture
def root(tmp_path):
    """Five releases of one changing and one lasting file, each replaced a day after the other."""
    for version in range(5):
        put(tmp_path, version)
    age(tmp_path)
    return tmp_path


def put(root, version):
    name = f"a.{version:012}.css"
    records = {
        name: Record(f"{version:064}", 10, (("gzip", 5),)),
        "b.0123456789ab.css": Record("b" * 64, 7),
    }
    for file in (name, name + ".gz", "b.0123456789ab.css", "a.css"):
        (root / file).write_text(str(version))
    new = Manifest({"a.css": name, "b.css": "b.0123456789ab.css"}, records)
    release.swap(root, new, Modes())


def age(root):
    for days, path in enumerate(release.kept(root), start=1):
        os.utime(path, (time.time() - days * DAY_S,) * 2)


def files(root):
    return sorted(path.name for path in root.iterdir() if path.is_file())


def test_releases_are_listed_with_what_only_they_need(root):
    found = sweep.releases(root)
    assert [each.number for each in found] == [5, 4, 3, 2, 1]
    assert found[0].replaced_at_s is None
    assert sweep.own_bytes(found) == [15] * 5


def test_what_is_beyond_the_kept_ones_goes_and_what_others_need_stays(root):
    retired = sweep.retire(root, keep=2, now_s=time.time())
    assert sorted(retired.numbers) == [1, 2]
    assert retired.freed_bytes == 30
    assert [path.stem for path in release.kept(root)] == ["000004", "000003"]
    assert "b.0123456789ab.css" in files(root)
    assert "a.css" in files(root)
    assert not [name for name in files(root) if "000000000001" in name]
    assert len([name for name in files(root) if name.startswith("a.0")]) == 6


def test_what_is_younger_than_a_day_stays(root):
    assert sweep.retire(root, keep=0, now_s=time.time() - 2.5 * DAY_S).numbers == (1,)
    assert len(release.kept(root)) == 3


def test_files_that_no_record_names_stay(root):
    (root / "robots.txt").write_text("")
    sweep.retire(root, keep=0, now_s=time.time(), min_age_s=0)
    assert "robots.txt" in files(root)


def test_a_file_that_became_a_logical_name_stays(root):
    current = manifest.load(root / manifest.NAME)
    new = Manifest({**current.paths, "a.000000000000.css": "b.0123456789ab.css"}, current.files)
    release.swap(root, new, Modes())
    sweep.retire(root, keep=0, now_s=time.time() + DAY_S)
    assert "a.000000000000.css" in files(root)


def test_a_killed_retirement_is_finished_by_the_next(root, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(sweep, "plan", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            sweep.retire(root, keep=2, now_s=time.time())
    assert len(release.kept(root)) == 2
    assert "a.000000000000.css" in files(root)
    assert sweep.retire(root, keep=2, now_s=time.time()).freed_bytes == 30
    assert "a.000000000000.css" not in files(root)
    assert sweep.retire(root, keep=2, now_s=time.time()) == sweep.Retired()


def test_a_damaged_record_goes_and_takes_nothing_along(root):
    release.kept(root)[-1].write_text("{")
    os.utime(release.kept(root)[-1], (1, 1))
    retired = sweep.retire(root, keep=3, now_s=time.time())
    assert (retired.numbers, retired.files) == ((1,), ())


def test_without_a_current_release_nothing_goes(root):
    (root / manifest.NAME).unlink()
    assert sweep.retire(root, keep=0, now_s=time.time()) == sweep.Retired()


def test_a_manifest_of_djangos_own_can_be_retired(tmp_path):
    (tmp_path / "a.0123456789ab.css").write_text("a")
    (tmp_path / manifest.NAME).write_text(
        json.dumps({"paths": {"a.css": "a.0123456789ab.css"}, "version": "1.1", "hash": ""})
    )
    put(tmp_path, 1)
    assert sweep.retire(tmp_path, keep=0, now_s=time.time() + 1, min_age_s=0).numbers == (1,)
    assert "a.0123456789ab.css" not in files(tmp_path)


def test_collecting_retires_what_nobody_can_be_looking_at(project, settings):
    settings.ROOTS = {"KEEP_RELEASES": 1, "ENCODINGS": ["gzip"]}
    project.write(SMALL_TREE)
    first = None
    for version in range(4):
        project.write({"css/base.css": f"a {{ order: {version} }}\n" * 50})
        collect()
        first = first or project.manifest().paths["css/base.css"]
        age(project.root)
    assert [path.stem for path in release.kept(project.root)] == ["000003"]
    assert not (project.root / first).exists()
    assert not (project.root / (first + ".gz")).exists()
    project.assert_whole()
