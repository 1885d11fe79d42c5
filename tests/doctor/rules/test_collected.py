"""Mistakes about files that are lost, on the way into STATIC_ROOT or within it."""

import os
import time

import pytest

MANIFEST_STORAGE = (
    'STORAGES["staticfiles"]["BACKEND"] = '
    '"django.contrib.staticfiles.storage.ManifestStaticFilesStorage"'
)
LATER_S = 3600


def add_app(project, name: str, files: dict[str, str], place: str = "") -> None:
    """An app after those there are, with these static files."""
    project.write({f"{place}{name}/__init__.py": ""})
    project.write({f"{place}{name}/static/{path}": text for path, text in files.items()})
    project.settings(f'INSTALLED_APPS.append("{name}")')


def slugs(project) -> set[str]:
    return {each["slug"] for each in project.findings()}


def make_older(project, path: str) -> None:
    """Let everything but `path` have been there an hour ago."""
    then = time.time() - LATER_S
    for folder, _, names in os.walk(project.directory):
        for name in names:
            os.utime(os.path.join(folder, name), (then, then))
    os.utime(project.directory / path)


@pytest.mark.parametrize("name", ["gone", "manage.py"])
def test_a_source_that_is_not_there(project, name):
    project.settings(f'STATICFILES_DIRS = [BASE_DIR / "{name}"]')
    finding = project.only("staticfiles-dir-missing")
    assert finding["severity"] == "warning"
    assert finding["where"].endswith("config/settings.py:20")


@pytest.mark.parametrize("value", ['"static"', "None", 'BASE_DIR / "static"'])
def test_sources_that_are_no_list(project, value):
    project.settings(f"STATICFILES_DIRS = {value}")
    assert "which is no list" in project.only("staticfiles-dir-missing")["what"]
    assert "rule-failed" not in project.slugs()


def test_a_path_instead_of_a_list_is_not_taken_for_the_whole_disk(project):
    project.settings(
        "from django.core.files.storage import FileSystemStorage\n"
        'FileSystemStorage.listdir = lambda self, _: self.location == "/" and 1 / 0 or ([], [])\n'
        'STATICFILES_DIRS = str(BASE_DIR / "static")'
    )
    assert "rule-failed" not in project.slugs()


@pytest.mark.parametrize("entry", ['("a",)', '("a", "b", "c")', "5", '("a", None)'])
def test_an_entry_that_names_no_directory(project, entry):
    project.settings(f"STATICFILES_DIRS = [{entry}]")
    assert "which is neither a directory" in project.only("staticfiles-dir-missing")["what"]
    assert "rule-failed" not in project.slugs()


def test_two_apps_have_a_file_of_one_name(project):
    project.write({"shop/static/css/app.css": "a {}"})
    add_app(project, "blog", {"css/app.css": "b {}"})
    finding = project.only("app-static-not-namespaced")
    assert "shop and blog both have css/app.css; that of shop is collected" in finding["what"]
    assert "blog/static/blog/css/app.css" in finding["fix"]
    assert finding["where"].endswith("blog/static/css/app.css")


def test_a_file_of_another_app_is_replaced_on_purpose(project):
    project.write({"shop/static/blog/app.css": "a {}"})
    add_app(project, "blog", {"blog/app.css": "b {}"})
    assert "app-static-not-namespaced" not in slugs(project)


def test_an_app_that_stands_too_late_replaces_nothing(project):
    add_app(project, "blog", {"shop/app.css": "b {}"})
    assert "that of shop is collected" in project.only("app-static-not-namespaced")["what"]


@pytest.mark.parametrize("text", ["b {}", "a {}"])
def test_equal_files_and_files_of_the_project_itself_are_no_mistake(project, text):
    project.write({"shop/static/css/app.css": "a {}"})
    add_app(project, "blog", {"css/app.css": text})
    if text != "a {}":
        project.write({"assets/css/app.css": "c {}"})
        project.settings('STATICFILES_DIRS = [BASE_DIR / "assets"]')
    assert "app-static-not-namespaced" not in slugs(project)


def test_one_folder_that_two_finders_see_is_no_mistake(project):
    project.write({"shop/static/css/app.css": "a {}"})
    project.settings('STATICFILES_DIRS = [BASE_DIR / "shop" / "static"]')
    assert "app-static-not-namespaced" not in slugs(project)


def test_between_packages_it_is_a_note(project):
    project.settings('import sys\nsys.path.append(str(BASE_DIR / "site-packages"))')
    for name in ("first", "second"):
        add_app(project, name, {"vendor/x.js": name}, place="site-packages/")
    assert project.only("app-static-not-namespaced")["severity"] == "info"


@pytest.mark.parametrize("storage", ["", MANIFEST_STORAGE])
def test_what_was_collected_is_no_stranger(project, storage):
    project.settings(storage)
    project.collect()
    project.write({"shop/static/shop/app.css": "body { color: white }\n"})
    project.collect()
    assert "static-root-foreign-files" not in slugs(project)


@pytest.mark.parametrize("storage", ["", MANIFEST_STORAGE])
def test_a_file_that_was_put_there_after_the_last_collectstatic(project, storage):
    project.settings(storage)
    project.collect()
    project.write({"staticfiles/logo.png": "by hand"})
    make_older(project, "staticfiles/logo.png")
    finding = project.only("static-root-foreign-files")
    assert finding["severity"] == "warning"
    assert "after the last collectstatic: logo.png" in finding["what"]


def test_what_is_left_of_a_source_that_is_gone_is_a_note(project):
    project.settings(MANIFEST_STORAGE)
    project.write({"shop/static/shop/old.css": ""})
    project.collect()
    (project.directory / "shop/static/shop/old.css").unlink()
    project.collect()
    finding = project.only("static-root-foreign-files")
    assert finding["severity"] == "info"
    assert "shop/old.css" in finding["what"]


def test_earlier_releases_are_no_strangers(project):
    project.write({"shop/static/shop/old.css": ""})
    project.collect()
    (project.directory / "shop/static/shop/old.css").unlink()
    project.collect()
    assert "static-root-foreign-files" not in slugs(project)


@pytest.mark.parametrize("storage", ["", MANIFEST_STORAGE])
def test_a_collected_file_that_was_changed_there(project, storage):
    project.settings(storage)
    project.collect()
    (name,) = (
        each.relative_to(project.directory)
        for each in project.directory.glob(
            "staticfiles/shop/app.*.css" if not storage else "staticfiles/shop/app.css"
        )
    )
    (project.directory / name).unlink()  # it may be a link to its other name
    project.write({str(name): "body { color: blue; }\n"})
    make_older(project, str(name))
    finding = project.only("static-root-foreign-files")
    assert finding["severity"] == "warning"
    assert "differs from what was collected there" in finding["what"]
    assert "manifest-stale" not in slugs(project)


def test_a_copied_tree_has_new_times_and_no_strangers(project):
    project.collect()
    for path in project.directory.glob("staticfiles/**/*.css"):
        os.utime(path, (time.time() + 5, time.time() + 5))
    assert "static-root-foreign-files" not in slugs(project)


def test_a_plain_storage_has_no_record_so_strangers_are_a_note(stock):
    stock.collect()
    stock.write({"staticfiles/logo.png": "by hand"})
    make_older(stock, "staticfiles/logo.png")
    assert stock.only("static-root-foreign-files")["severity"] == "info"


def test_a_collected_file_of_a_plain_storage_that_is_newer_and_another(stock):
    stock.collect()
    stock.write({"staticfiles/shop/app.css": "body { color: navy }\n"})
    make_older(stock, "staticfiles/shop/app.css")
    assert "shop/app.css differs" in stock.only("static-root-foreign-files")["what"]


def test_a_static_root_that_is_not_there_has_no_strangers(project):
    assert "static-root-foreign-files" not in slugs(project)


@pytest.mark.parametrize("storage", ["", MANIFEST_STORAGE])
def test_a_source_may_be_called_like_a_variant(project, storage):
    project.settings(storage)
    project.write({"shop/static/shop/data.tar.gz": "packed by hand"})
    project.collect()
    assert "static-root-foreign-files" not in slugs(project)
