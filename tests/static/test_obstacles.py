"""Files where directories must be, and the reverse: what an earlier run left there."""

import os

import pytest
from django.core.management import CommandError

from roots.static import sweep
from roots.static.catalog import StaticCatalog
from tests.static.project import collect


def replace(project, old, new):
    """Let the sources below the top-level name of `old` be those in `new`."""
    for name in sorted(old, reverse=True):
        (project.sources / name).unlink()
    for directory in sorted(project.sources.rglob("*"), reverse=True):
        directory.rmdir()
    project.write(new)


def test_a_file_becomes_a_directory(project):
    project.write({"logo": "old"})
    collect()
    old = project.manifest().paths["logo"]
    replace(project, ["logo"], {"logo/small.png": "s"})
    collect()
    project.assert_whole()
    assert (project.root / "logo" / "small.png").read_text() == "s"
    assert (project.root / old).read_text() == "old"  # pages of the old release ask for it
    assert StaticCatalog(project.root).find(old).is_immutable


def test_a_link_that_was_collected_becomes_a_directory(project):
    project.write({"logo": "old"})
    collect("--link")
    replace(project, ["logo"], {"logo/small.png": "s"})
    collect("--link")
    project.assert_whole()
    assert (project.root / "logo" / "small.png").is_symlink()


def test_a_directory_becomes_a_file_when_no_release_needs_it_any_more(project):
    project.write({"logo/small.css": "a {}", "logo/deep/big.css": "b {}"})
    collect()
    old = project.manifest().paths["logo/small.css"]
    replace(project, ["logo/small.css", "logo/deep/big.css"], {"logo": "new"})
    out, _ = collect()
    assert "is still a directory of an earlier release" in out
    assert project.stored("logo") == b"new"
    assert (project.root / old).read_text() == "a {}"
    assert not (project.root / "logo" / "small.css").exists()
    sweep.retire(project.root, 0, now_s=0, min_age_s=-(10**10))
    assert not (project.root / old).exists()
    collect()
    assert (project.root / "logo").read_text() == "new"
    project.assert_whole()


def test_a_dry_run_moves_nothing_out_of_the_way(project):
    project.write({"logo": "old"})
    collect()
    replace(project, ["logo"], {"logo/small.png": "s"})
    before = project.snapshot()
    collect("--dry-run")
    assert project.snapshot() == before


def test_clearing_makes_way_for_anything_but_a_release(project):
    project.write({"css/a.css": "a {}", "logo": "l"})
    collect()
    (project.root / "img").write_text("by hand")
    replace(project, ["css/a.css", "logo"], {"img/b.png": "b"})
    collect("--clear")
    project.assert_whole()
    assert (project.root / "img" / "b.png").read_text() == "b"


@pytest.mark.parametrize("is_link", [True, False])
def test_a_file_that_no_release_knows_stays(project, tmp_path, is_link):
    project.write({"css/a.css": "a {}"})
    project.root.mkdir()
    (tmp_path / "elsewhere").mkdir()
    if is_link:
        (project.root / "css").symlink_to(tmp_path / "elsewhere")
    else:
        (project.root / "css").write_text("by hand")
    with pytest.raises(CommandError, match="must be a directory, but is a link or a file that no"):
        collect()
    assert os.path.lexists(project.root / "css")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_directory_with_files_that_no_release_knows_stays(project):
    project.write({"logo": "l"})
    (project.root / "logo").mkdir(parents=True)
    (project.root / "logo" / "mine.txt").write_text("by hand")
    with pytest.raises(CommandError, match=r"no release knows what is in it \('logo/mine\.txt'\)"):
        collect()
    assert (project.root / "logo" / "mine.txt").read_text() == "by hand"


def test_an_empty_directory_is_in_nobodys_way(project):
    project.write({"logo": "l"})
    (project.root / "logo" / "deep").mkdir(parents=True)
    collect()
    assert (project.root / "logo").read_text() == "l"


def test_a_stored_file_of_a_release_is_never_moved(project):
    project.write({"app-BxY12_9z.js": "old"})
    collect()
    replace(project, ["app-BxY12_9z.js"], {"app-BxY12_9z.js/a.css": "a {}"})
    with pytest.raises(CommandError, match="a release that still serves has a file of that name"):
        collect()
    assert project.stored("app-BxY12_9z.js") == b"old"


def test_sources_that_need_a_name_for_a_file_and_a_directory_are_told(project, settings, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "logo").write_text("l")
    settings.STATICFILES_DIRS = [project.sources, tmp_path / "other"]
    project.write({"logo/small.png": "s"})
    with pytest.raises(CommandError, match=r"other/logo: .*directory of this name.*small\.png"):
        collect()
