"""What `collectstatic` tells of releases, and when it lets them go."""

import io
import json
import re

import pytest
from django.core.management import CommandError

from roots.django import terminal
from roots.static import release
from tests.static.project import SMALL_TREE, collect, make


@pytest.fixture
def project(tmp_path, settings):
    project = make(tmp_path, settings)
    for version in range(4):
        project.write(SMALL_TREE | {"css/base.css": f"a {{ order: {version} }}\n" * 50})
        collect(verbosity=0)
    return project


def test_releases_are_listed_one_a_line(project):
    lines = collect("--releases")[0].splitlines()
    assert len(lines) == 4
    assert re.fullmatch(r" +4  current +5 files, \S+ \S+ only for it", lines[0])
    assert re.fullmatch(r" +3  until \d{4}-\d\d-\d\d \d\d:\d\d  5 files, .* only for it", lines[1])


def test_before_the_first_release_there_is_none_to_list(project, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "empty"
    assert "There is no release in" in collect("--releases")[0]


def test_prune_retires_what_is_young_too_and_collects_nothing(project, settings):
    settings.ROOTS = {"KEEP_RELEASES": 1}
    project.write({"css/base.css": "new"})
    out, _ = collect("--prune", "--dry-run")
    assert "2 releases would be retired: " in out
    assert len(release.kept(project.root)) == 3
    out, _ = collect("--prune")
    assert "2 releases retired: " in out
    assert len(release.kept(project.root)) == 1
    project.assert_whole()
    assert b"order: 3" in project.stored("css/base.css")


def test_the_summary_tells_what_is_new_renamed_and_gone(project):
    (project.sources / "img" / "logo.png").unlink()
    project.write({"css/app.css": "a {}", "css/new.css": "b {}"})
    out, _ = collect()
    assert "Files:    1 new, 1 renamed, 3 unchanged, 1 gone, 0 retired; " in out
    assert re.search(r"^Variants: br \d+ \(.*\), gzip", out, re.MULTILINE)
    assert re.search(r"^Time:     \d+\.\d\d s$", out, re.MULTILINE)


def test_json_is_all_that_is_told(project):
    project.write({"css/new.css": "b {}"})
    out, _ = collect("--json")
    told = json.loads(out)
    assert (told["new"], told["renamed"], told["gone"], told["files"]) == (
        ["css/new.css"],
        {},
        [],
        6,
    )
    assert told["variants"]["br"]["files"] == 3


def test_duplicates_are_an_error_where_that_is_asked_for(project, settings, tmp_path):
    (tmp_path / "other" / "css").mkdir(parents=True)
    (tmp_path / "other" / "css" / "app.css").write_text("")
    settings.STATICFILES_DIRS = [project.sources, tmp_path / "other"]
    settings.ROOTS = {"DUPLICATES": "error"}
    with pytest.raises(CommandError, match=r"other/css/app\.css is ignored"):
        collect()
    settings.ROOTS = {"DUPLICATES": "ignore"}
    assert "another file" not in collect()[0]


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_progress_is_one_line_that_is_gone_in_the_end(monkeypatch):
    monkeypatch.setattr(terminal, "find_spec", lambda name: None)
    stream = Terminal()
    with terminal.showing(stream, is_wanted=True) as progress:
        progress.phase("Compressing", 2)
        progress.advance("css/" + "long" * 20 + ".css")
    assert "Compressing 1/2 …" in stream.getvalue()
    assert stream.getvalue().endswith("\r\x1b[K")


def test_with_rich_there_are_bars():
    pytest.importorskip("rich")
    stream = Terminal()
    with terminal.showing(stream, is_wanted=True) as progress:
        progress.phase("Compressing", 2)
        progress.advance("css/app.css")
        progress.advance("css/b.css")
    assert "Compressing" in stream.getvalue()


@pytest.mark.parametrize(("stream", "is_wanted"), [(io.StringIO(), True), (Terminal(), False)])
def test_nothing_is_shown_where_nobody_looks(stream, is_wanted):
    with terminal.showing(stream, is_wanted=is_wanted) as progress:
        progress.phase("Compressing", 2)
        progress.advance("css/app.css")
    assert stream.getvalue() == ""
