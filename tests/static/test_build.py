import os
import shutil

import pytest

from roots.atomic import Modes
from roots.errors import BuildError, StorageError
from roots.static import manifest, memory, release
from roots.static.build import Builder
from roots.static.catalog import StaticCatalog
from roots.static.outcome import Options
from roots.static.plan import plan, plan_plain
from roots.static.scan import Policy
from roots.static.sources import discover
from tests.static.project import SMALL_TREE


@pytest.fixture
def build(project):
    def build(is_fingerprinted=True, encodings=("br",), modes=Modes(), **flags):  # noqa: B008
        sources, known = discover([]).sources, memory.load(project.root)
        if is_fingerprinted:
            planned = plan(sources, "/static/", Policy(), known)
        else:
            planned = plan_plain(sources, known)
        assert planned.errors == ()
        builder = Builder(project.root, modes, tuple(encodings), lambda line, verbosity: None)
        return builder.build(planned, Options(**flags))

    project.write(SMALL_TREE)
    return build


def test_a_release_holds_every_file_under_both_names(project, build):
    outcome = build()
    project.assert_whole()
    assert outcome.copied == sorted(SMALL_TREE)
    assert outcome.post_processed == project.manifest().paths
    for name in SMALL_TREE:
        assert (project.root / name).read_bytes() == (project.sources / name).read_bytes()


def test_equal_bytes_are_one_file_with_two_names(project, build):
    build()
    stored = project.root / project.manifest().paths["img/logo.png"]
    assert (project.root / "img/logo.png").samefile(stored)
    rewritten = project.root / project.manifest().paths["css/app.css"]
    assert not (project.root / "css/app.css").samefile(rewritten)


def test_building_again_writes_nothing(project, build):
    build()
    before = project.snapshot()
    outcome = build()
    assert project.snapshot() == before
    assert (outcome.copied, outcome.post_processed) == ([], {})
    assert outcome.unmodified == sorted(SMALL_TREE)


def test_what_was_damaged_or_deleted_is_written_again(project, build):
    build()
    (project.root / project.manifest().paths["css/base.css"]).unlink()
    (project.root / "css/base.css").unlink()
    (project.root / project.manifest().paths["css/app.css"]).write_text("cut")
    (project.root / "js/app.js.map").write_text("cut")
    build()
    project.assert_whole()
    for name in SMALL_TREE:
        assert (project.root / name).read_bytes() == (project.sources / name).read_bytes()


def test_a_changed_source_with_an_older_time_is_collected(project, build):
    build()
    project.write({"css/base.css": "a { color: blue }\n" * 50})
    os.utime(project.sources / "css/base.css", (1, 1))
    assert build().copied == ["css/base.css"]
    assert b"blue" in (project.root / "css/base.css").read_bytes()


def test_earlier_releases_are_kept_with_their_files(project, build):
    build()
    first = (project.root / "staticfiles.json").read_bytes()
    project.write({"img/logo.png": "new"})
    build()
    build()
    (kept,) = release.kept(project.root)
    assert kept.read_bytes() == first
    assert (project.root / "img" / "logo.png").read_bytes() == b"new"


def test_two_hosts_write_the_same_manifest(project, build, tmp_path):
    build()
    first = (project.root / "staticfiles.json").read_bytes()
    shutil.rmtree(project.root)
    for path in project.sources.rglob("*"):
        os.utime(path, (1, 1))
    build()
    assert (project.root / "staticfiles.json").read_bytes() == first


def test_a_dry_run_writes_nothing_and_tells_what_would_be_done(project, build):
    told = build(dry_run=True)
    assert not project.root.exists()
    assert build() == told
    before = project.snapshot()
    project.write({"css/base.css": "x"})
    told = build(dry_run=True, clear=True)
    assert project.snapshot() == before
    assert build(clear=True) == told


def test_clearing_leaves_the_new_release_and_the_one_it_replaces(project, build):
    build()
    (project.root / "stray.txt").write_text("")
    (project.root / "dangling").symlink_to("nowhere")
    old = project.manifest().paths["css/base.css"]
    project.write({"css/base.css": "x"})
    outcome = build(clear=True)
    project.assert_whole()
    assert {"stray.txt", "dangling", "css/base.css"} <= set(outcome.deleted)
    assert outcome.copied == sorted(SMALL_TREE)
    assert not (project.root / "stray.txt").exists()
    assert not os.path.lexists(project.root / "dangling")
    assert (project.root / old).exists()  # running servers know it for another second
    assert len(release.kept(project.root)) == 1
    project.write({"css/base.css": "y"})
    build(clear=True)
    project.assert_whole()
    assert not (project.root / old).exists()
    assert len(release.kept(project.root)) == 1


def test_collecting_without_fingerprints_withdraws_the_release(project, build):
    build()
    stored = project.manifest().paths["css/base.css"]
    build(is_fingerprinted=False)
    assert manifest.load(release.manifest_path(project.root)) is None
    assert StaticCatalog(project.root).find(stored).is_immutable


def test_without_fingerprints_there_are_plain_files_only(project, build):
    outcome = build(is_fingerprinted=False)
    files = {str(p.relative_to(project.root)) for p in project.root.rglob("*") if p.is_file()}
    assert files == {*SMALL_TREE, release.LOCK}
    assert outcome.post_processed == {}


def test_links_lead_to_the_sources_and_stored_files_are_real(project, build):
    build()
    build(link=True)
    project.assert_whole()
    assert os.readlink(project.root / "css/app.css") == str(project.sources / "css/app.css")
    assert not (project.root / project.manifest().paths["css/app.css"]).is_symlink()
    assert build(link=True).copied == []
    assert build().copied == sorted(SMALL_TREE)
    assert not (project.root / "css/app.css").is_symlink()


def test_modes_are_exact_whatever_the_umask(project, build):
    old = os.umask(0o077)
    try:
        build(modes=Modes(0o640, 0o750))
    finally:
        os.umask(old)
    for path in project.root.rglob("*"):
        if path.name != "lock":
            assert path.stat().st_mode & 0o777 == (0o750 if path.is_dir() else 0o640), path


def test_bytes_that_are_not_utf8_stay_as_they_are(project, build):
    latin = "@charset 'iso-8859-1'; /* größe */ a { b: url(ü.png) } \xff".encode("latin-1")
    project.write({"css/latin.css": latin, "css/ü.png": b"png", "css/empty.css": b""})
    build()
    stored = project.manifest().paths["css/ü.png"].removeprefix("css/ü.png"[:5])
    expected = latin.replace(b"\xfc.png", b"%C3%BC" + stored.encode())
    assert project.stored("css/latin.css") == expected
    assert project.stored("css/empty.css") == b""


def test_a_source_that_changes_after_it_was_planned_stops_the_build(project, build):
    build()
    before = (project.root / "staticfiles.json").read_bytes()
    project.write({"css/base.css": "b", "js/app.js": "x"})
    planned = plan(discover([]).sources, "/static/", Policy())
    project.write({"js/app.js": "y"})
    with pytest.raises(BuildError, match=r"js/app\.js: This file changed"):
        Builder(project.root, Modes(), (), lambda line, verbosity: None).build(planned, Options())
    assert (project.root / "staticfiles.json").read_bytes() == before
    project.assert_whole()
    assert project.temporaries() == []


def test_leftovers_of_killed_runs_are_removed(project, build):
    build()
    (project.root / "css" / ".roots-0123456789abcdef").write_text("half a fi")
    build()
    assert project.temporaries() == []


def test_a_manifest_of_djangos_own_is_replaced_and_kept(project, build):
    project.root.mkdir()
    (project.root / "staticfiles.json").write_text(
        '{"paths": {"css/app.css": "css/app.0123456789ab.css"}, "version": "1.1", "hash": ""}'
    )
    build()
    project.assert_whole()
    assert len(release.kept(project.root)) == 1


def test_a_damaged_manifest_does_not_stop_the_build(project, build):
    project.root.mkdir()
    (project.root / "staticfiles.json").write_text('{"paths')
    build()
    project.assert_whole()


def test_a_second_build_waits_for_the_first_and_says_so(project):
    waits = []
    with (
        release.locked(project.root, Modes(), waits.append),
        pytest.raises(StorageError, match=r"Another collectstatic has been working in"),
        release.locked(project.root, Modes(), lambda: waits.append(1), timeout_s=0.2),
    ):
        pass
    assert waits == [1]
