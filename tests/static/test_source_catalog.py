"""Static files straight from the sources: the same names that collecting gives."""

import os

import pytest

from roots.static.source_catalog import SourceCatalog
from tests.static.project import collect


@pytest.fixture
def catalog(project):
    project.write({"css/app.css": b"body {}", "größe/ü.txt": b"x", "CVS/Root": b"", "a.css~": b""})
    return SourceCatalog()


def place(entry):
    return os.path.join(entry.directory, entry.representations[0].path)


def test_a_source_is_found_by_its_logical_name(catalog, project):
    entry = catalog.find("css/app.css")
    assert place(entry) == os.path.realpath(project.sources / "css" / "app.css")
    assert entry.content_type == "text/css; charset=utf-8"
    assert (entry.logical, entry.filename, entry.is_immutable) == ("css/app.css", "app.css", False)
    assert catalog.find("größe/ü.txt")


def test_what_collecting_leaves_out_is_not_found(catalog, project):
    collect(verbosity=0)
    for name in ("CVS/Root", "a.css~", "css", "css/nowhere.css"):
        assert catalog.find(name) is None
        assert name not in project.manifest().paths


def test_the_first_finder_wins_as_it_does_when_collecting(catalog, project, settings, tmp_path):
    (tmp_path / "other" / "css").mkdir(parents=True)
    (tmp_path / "other" / "css" / "app.css").write_bytes(b"other")
    settings.STATICFILES_DIRS = [tmp_path / "other", project.sources]
    assert place(catalog.find("css/app.css")).startswith(os.path.realpath(tmp_path / "other"))


def test_a_prefix_is_part_of_the_name(catalog, settings, tmp_path):
    (tmp_path / "downloads").mkdir()
    (tmp_path / "downloads" / "a.txt").write_bytes(b"a")
    settings.STATICFILES_DIRS = [("dl", tmp_path / "downloads")]
    assert catalog.find("dl/a.txt").logical == "dl/a.txt"
    assert f"FileSystemFinder: {tmp_path}/downloads (as dl/…)" in catalog.explain("dl/b.txt")


def test_a_link_leads_where_collecting_would_follow_it(catalog, project, tmp_path):
    (tmp_path / "shared.css").write_bytes(b"shared")
    (project.sources / "css" / "shared.css").symlink_to(tmp_path / "shared.css")
    collect(verbosity=0)
    assert place(catalog.find("css/shared.css")) == os.path.realpath(tmp_path / "shared.css")
    assert project.stored("css/shared.css") == b"shared"


@pytest.mark.parametrize("trap", ["fifo", "dangling", "loop"])
def test_what_is_no_file_is_not_found(catalog, project, trap):
    if trap == "fifo":
        os.mkfifo(project.sources / trap)
    else:
        (project.sources / trap).symlink_to(trap if trap == "loop" else "nowhere")
    assert catalog.find(trap) is None


def test_a_miss_says_who_looked_where_and_what_comes_next_to_it(catalog, project):
    assert catalog.explain("css/ap.css") == (
        "No source of static files has 'css/ap.css'. Did you mean 'css/app.css'? These were "
        f"looked through:\n  FileSystemFinder: {project.sources}\n"
    )


def test_a_miss_says_that_the_name_is_never_collected(catalog):
    assert catalog.explain("CVS/Root") == (
        "collectstatic leaves out every 'CVS', so this is served nowhere.\n"
    )


def test_sources_that_cannot_be_listed_leave_the_hint_out(catalog, project):
    (project.sources / "loop").symlink_to(project.sources)
    assert "Did you mean" not in catalog.explain("css/ap.css")
