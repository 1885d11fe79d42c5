"""What somebody sees who runs `manage.py collectstatic`."""

import pytest
from django.contrib import admin
from django.contrib.staticfiles.management.commands import collectstatic as stock
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.management import CommandError, call_command

from roots.static.names import target
from roots.static.references import in_css
from tests.static.project import SMALL_TREE, collect, make


@pytest.fixture
def project(tmp_path, settings):
    project = make(tmp_path, settings)
    project.write(SMALL_TREE)
    return project


def test_the_closing_line_is_djangos(project):
    out, err = collect()
    assert out.endswith(f"\n\n5 static files copied to '{project.root}', 5 post-processed.\n")
    assert err == ""
    out, _ = collect()
    assert out.endswith(f"\n\n0 static files copied to '{project.root}', 5 unmodified.\n")


def test_django_admin_is_collected_whole(project, settings):
    settings.STATICFILES_DIRS = [project.sources, f"{admin.__path__[0]}/static"]
    settings.ROOTS = {"ENCODINGS": ["gzip"]}
    _, err = collect()
    assert err == ""
    project.assert_whole()
    stored = project.manifest().files
    targets = [
        target(sheet, reference.url, "/static/")
        for sheet in stored
        if sheet.startswith("admin/") and sheet.endswith(".css")
        for reference in in_css((project.root / sheet).read_bytes())
    ]
    assert len(targets) > 20
    assert set(targets) - {None} <= set(stored)


def test_a_dry_run_says_what_it_would_do_and_writes_nothing(project):
    out, _ = collect("--dry-run")
    assert f"Pretending to copy '{project.sources}/css/app.css'" in out
    assert "5 static files copied" in out
    assert not project.root.exists()


def test_verbosity_2_tells_each_file(project):
    out, _ = collect(verbosity=2)
    assert f"Copying '{project.sources}/css/app.css'" in out
    assert f"Post-processed 'css/app.css' as '{project.manifest().paths['css/app.css']}'" in out
    out, _ = collect(verbosity=2)
    assert "Skipping 'css/app.css' (not modified)" in out


def test_clear_deletes_what_no_source_has(project):
    collect()
    (project.root / "stray.txt").write_text("")
    out, _ = collect("--clear", verbosity=2)
    assert "Deleting 'stray.txt'" in out
    assert not (project.root / "stray.txt").exists()
    project.assert_whole()


def test_clear_on_a_dry_run_only_pretends(project):
    collect()
    (project.root / "stray.txt").write_text("")
    out, _ = collect("--clear", "--dry-run", verbosity=2)
    assert "Pretending to delete 'stray.txt'" in out
    assert (project.root / "stray.txt").exists()


def test_ignored_files_are_not_collected(project):
    project.write({"a.css~": "", ".env": "", "css/extra.scss": ""})
    collect("--ignore", "*.scss")
    assert sorted(project.manifest().paths) == sorted(SMALL_TREE)


def test_default_ignores_can_be_left_out(project):
    project.write({"notes~": ""})
    collect("--no-default-ignore")
    assert "notes~" in project.manifest().paths


def test_without_post_processing_there_are_plain_files(project):
    out, _ = collect("--no-post-process")
    assert out == f"\n5 static files copied to '{project.root}'.\n"
    assert not (project.root / "staticfiles.json").exists()


def test_link_makes_symbolic_links(project):
    out, _ = collect("--link")
    assert "5 static files symlinked" in out
    assert (project.root / "css/app.css").is_symlink()
    project.assert_whole()


def test_missing_references_are_listed_all_at_once(project):
    project.write({"a.css": "x {}\nurl(gone.png)", "b.css": "url(/static/away.png)"})
    with pytest.raises(CommandError) as caught:
        collect()
    text = str(caught.value)
    assert f"{project.sources}/a.css:2: 'gone.png' names no collected file" in text
    assert f"{project.sources}/b.css:1: '/static/away.png' names no collected file" in text
    assert not project.root.exists()


def test_missing_references_of_packages_are_warnings_in_one_line_each(project, settings, tmp_path):
    packaged = tmp_path / "site-packages" / "shop"
    packaged.mkdir(parents=True)
    (packaged / "shop.css").write_text("url(gone.png)")
    (packaged / "broken.css").symlink_to("nowhere.css")
    settings.STATICFILES_DIRS = [project.sources, packaged]
    _, err = collect()
    assert [line[:9] for line in err.splitlines()] == ["Warning: "] * 2
    assert f"{packaged}/shop.css:1: 'gone.png' names no collected file" in err
    assert "This symbolic link leads nowhere" in err
    project.assert_whole()


def test_a_broken_link_of_ones_own_stops_the_collection(project):
    (project.sources / "broken.css").symlink_to("nowhere.css")
    with pytest.raises(CommandError, match=r"broken\.css: This symbolic link leads nowhere"):
        collect()


def test_a_looping_link_stops_the_collection(project):
    (project.sources / "css" / "loop").symlink_to("..")
    with pytest.raises(CommandError, match="leads to a directory above itself"):
        collect()


def test_duplicates_are_told_with_both_paths(project, settings, tmp_path):
    other = tmp_path / "other"
    (other / "css").mkdir(parents=True)
    (other / "css" / "app.css").write_text("")
    settings.STATICFILES_DIRS = [project.sources, other]
    out, _ = collect()
    assert "Found another file with the destination path 'css/app.css'" in out
    assert f"{other}/css/app.css is ignored" in out
    assert f"{project.sources}/css/app.css is collected" in out


def test_an_unset_static_root_says_what_to_set(project, settings):
    settings.STATIC_ROOT = None
    with pytest.raises(CommandError, match="Set it to a directory of its own"):
        collect()


def test_a_file_as_static_root_is_told(project):
    project.root.write_text("")
    with pytest.raises(CommandError, match="which is a file"):
        collect()


def test_a_wrong_setting_is_told(project, settings):
    settings.ROOTS = {"ENCODING": []}
    with pytest.raises(CommandError, match="Did you mean 'ENCODINGS'"):
        collect()


def test_the_stock_command_with_our_storage_makes_the_same_release(project, tmp_path, settings):
    collect()
    ours = (project.root / "staticfiles.json").read_bytes()
    settings.STATIC_ROOT = project.root = tmp_path / "by-stock"
    call_command(stock.Command(), interactive=False, verbosity=0)
    assert (project.root / "staticfiles.json").read_bytes() == ours
    project.assert_whole()
    settings.STATIC_ROOT = tmp_path / "rehearsed"
    call_command(stock.Command(), interactive=False, verbosity=0, dry_run=True)
    assert not (tmp_path / "rehearsed").exists()


def test_the_stock_command_tells_missing_references_too(project):
    project.write({"a.css": "url(gone.png)"})
    with pytest.raises((CommandError, Exception), match=r"a\.css:1: 'gone\.png' names no"):
        call_command(stock.Command(), interactive=False, verbosity=0)


def test_our_command_with_another_storage_is_djangos(project, settings):
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }
    (project.sources / "js" / "app.js").write_text("")
    collect()
    content = (project.root / "staticfiles.json").read_text()
    assert '"files"' not in content
    assert '"css/app.css"' in content


def test_djangos_own_storage_reads_our_manifest(project):
    collect()
    theirs = ManifestStaticFilesStorage(location=project.root)
    for name, stored in project.manifest().paths.items():
        assert theirs.stored_name(name) == stored
