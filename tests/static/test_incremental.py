"""What an unchanged source costs, and what is noticed all the same."""

import os
import shutil
import time

import pytest

from roots.static import memory
from roots.static.source import Source
from tests.static.project import SMALL_TREE, collect, make


@pytest.fixture
def project(tmp_path, settings, monkeypatch):
    """Its sources count as old from the start: nobody wants to wait for that."""
    monkeypatch.setattr(memory, "RACY_NS", -(10**9))
    project = make(tmp_path, settings)
    project.write(SMALL_TREE)
    collect()
    return project


@pytest.fixture
def reads(monkeypatch):
    """Names of the sources that are opened."""
    names = []
    read = Source.read

    def listed(self, reader):
        names.append(self.name)
        return read(self, reader)

    monkeypatch.setattr(Source, "read", listed)
    return names


def test_unchanged_sources_are_not_opened(project, reads):
    before = project.snapshot()
    out, _ = collect()
    assert "0 static files copied" in out
    assert reads == []
    assert project.snapshot() == before


def test_a_changed_file_is_opened_and_so_is_what_refers_to_it(project, reads):
    project.write({"img/logo.png": "new"})
    collect()
    assert sorted(set(reads)) == ["css/app.css", "img/logo.png"]
    project.assert_whole()
    assert b"logo." in project.stored("css/app.css")


def test_a_change_with_the_same_size_and_time_is_noticed(project):
    path = project.sources / "css" / "base.css"
    facts = path.stat()
    path.write_bytes(path.read_bytes().replace(b"red ", b"blue"))
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    collect()
    assert b"blue" in project.stored("css/base.css")


def test_a_reference_that_leads_nowhere_any_more_is_told_though_its_file_is_unchanged(project):
    (project.sources / "img" / "logo.png").unlink()
    with pytest.raises(Exception, match=r"app\.css:2: '\.\./img/logo\.png\?v=1#x' names no coll"):
        collect()


def test_a_young_source_is_read_again(project, reads, monkeypatch):
    monkeypatch.setattr(memory, "RACY_NS", 60 * 10**9)
    project.write({"js/app.js": "young"})
    collect()
    reads.clear()
    collect()
    assert reads == ["js/app.js"]


@pytest.mark.parametrize("damage", ["", "{", None])
def test_without_its_record_everything_is_read_and_the_same_comes_out(project, reads, damage):
    before = (project.root / "staticfiles.json").read_bytes()
    (project.root / memory.NAME).unlink()
    if damage is not None:
        (project.root / memory.NAME).write_text(damage)
    out, err = collect()
    assert ("0 static files copied" in out, err) == (True, "")
    assert set(reads) == set(SMALL_TREE)
    assert (project.root / "staticfiles.json").read_bytes() == before
    reads.clear()
    collect()
    assert reads == []


def test_a_collected_file_that_somebody_wrote_to_is_made_anew(project):
    for name in ("css/app.css", project.manifest().paths["css/app.css"]):
        path = project.root / name
        path.write_bytes(b"x" * path.stat().st_size)
    collect()
    project.assert_whole()
    assert (project.root / "css/app.css").read_text() == SMALL_TREE["css/app.css"]


def test_a_variant_that_somebody_wrote_to_is_made_anew(project):
    path = project.root / (project.manifest().paths["css/base.css"] + ".br")
    whole = path.read_bytes()
    path.write_bytes(b"x" * len(whole))
    collect()
    assert path.read_bytes() == whole


def test_verify_reads_everything_and_finds_what_no_look_can(project, reads):
    state = project.root / memory.NAME
    path = project.root / project.manifest().paths["css/app.css"]
    path.write_bytes(b"x" * path.stat().st_size)
    tomorrow = time.time_ns() + 86400 * 10**9
    os.utime(state, ns=(tomorrow, tomorrow))  # as if the disk had changed it, and not a process
    collect()
    with pytest.raises(AssertionError):
        project.assert_whole()
    reads.clear()
    collect("--verify")
    project.assert_whole()
    assert set(reads) == set(SMALL_TREE)


def test_a_copied_root_is_read_once_and_is_right(project, settings, tmp_path, reads):
    shutil.copytree(project.root, tmp_path / "copy")
    settings.STATIC_ROOT = project.root = tmp_path / "copy"
    (project.root / "css" / "base.css").write_bytes(b"x" * len(SMALL_TREE["css/base.css"]))
    out, _ = collect()
    assert reads == []
    assert "1 static file copied" in out
    before = project.snapshot()
    collect()
    assert project.snapshot() == before
