"""Mistakes about where static files come from."""

import pytest

ELSEWHERE = 'MEDIA_ROOT = "/srv/shop/media"\n'


def listing(project, *entries: str) -> None:
    project.write({"static/site.css": ""})
    project.settings(f"STATICFILES_DIRS = [{', '.join(entries)}]")


@pytest.mark.parametrize(
    "root",
    [
        'BASE_DIR / "static"',
        'str(BASE_DIR / "static") + "/"',
        'BASE_DIR / "static" / "collected"',
        'BASE_DIR / "link"',
        '"static"',
    ],
)
def test_static_root_among_its_sources(project, root):
    listing(project, 'BASE_DIR / "static"')
    (project.directory / "link").symlink_to("static")
    project.settings(f"STATIC_ROOT = {root}")
    finding = project.only("static-root-in-staticfiles-dirs")
    assert finding["id"] == "roots.E003"
    assert finding["where"].endswith("config/settings.py:21")


def test_a_prefix_hides_no_mistake(project):
    listing(project, '("site", BASE_DIR / "static")')
    project.settings('STATIC_ROOT = BASE_DIR / "static"')
    assert project.only("static-root-in-staticfiles-dirs")


def test_a_source_within_static_root(project):
    listing(project, 'BASE_DIR / "static" / "src"')
    project.settings('STATIC_ROOT = BASE_DIR / "static"')
    assert project.only("staticfiles-dirs-inside-static-root")["severity"] == "error"
    assert "static-root-in-staticfiles-dirs" not in project.slugs()


def test_directories_beside_each_other_share_nothing(project):
    listing(project, 'BASE_DIR / "static"')
    project.settings('STATIC_ROOT = BASE_DIR / "static2"')
    assert project.slugs() == set()


@pytest.mark.parametrize("root", ["shop/static", "shop/static/collected", "shop"])
def test_static_root_among_an_apps_files(project, root):
    project.settings(f'STATIC_ROOT = BASE_DIR / "{root}"')
    assert "of shop" in project.only("static-root-is-app-static")["what"]


@pytest.mark.parametrize("media", ["static", "static/uploads"])
def test_uploads_among_the_sources(project, media):
    listing(project, 'BASE_DIR / "static"')
    project.settings(f'MEDIA_ROOT = BASE_DIR / "{media}"')
    assert "STATICFILES_DIRS" in project.only("media-in-staticfiles-dirs")["what"]


def test_a_source_among_the_uploads(project):
    listing(project, 'BASE_DIR / "media" / "static"')
    assert project.only("media-in-staticfiles-dirs")


@pytest.mark.parametrize("place", ["static", "config/static"])
def test_files_where_no_finder_looks(project, place):
    project.write({f"{place}/css/site.css": ""})
    finding = project.only("project-static-not-listed")
    assert f'STATICFILES_DIRS = [BASE_DIR / "{place}"]' in finding["fix"]


@pytest.mark.parametrize(
    ("files", "settings"),
    [
        ({"static/site.css": ""}, 'STATICFILES_DIRS = [BASE_DIR / "static"]'),
        ({"static/site.css": ""}, 'STATICFILES_DIRS = [("site", str(BASE_DIR / "static"))]'),
        ({"static/site.css": ""}, 'STATIC_ROOT = BASE_DIR / "static"'),
        ({"static/a.jpg": ""}, 'MEDIA_ROOT = BASE_DIR / "static" / "media"'),
        ({"static/dist/a.js": ""}, 'STATICFILES_DIRS = [BASE_DIR / "static" / "dist"]'),
        ({"static/.gitkeep": ""}, ""),
        ({"static/staticfiles.json": "{}"}, ""),
        ({"config/static/a.css": ""}, 'INSTALLED_APPS.append("config")'),
    ],
)
def test_a_static_folder_that_has_a_purpose(project, files, settings):
    project.write(files)
    project.settings(settings)
    assert "project-static-not-listed" not in project.slugs()


def test_a_finder_that_cannot_be_made(project):
    project.settings('STATICFILES_FINDERS = ["nowhere.Finder"]')
    assert "rule-failed" not in project.slugs()


def test_stock_projects_are_told_the_same(stock):
    stock.write({"static/site.css": ""})
    stock.settings('STATICFILES_DIRS = [BASE_DIR / "static"]\nSTATIC_ROOT = BASE_DIR / "static"')
    assert stock.only("static-root-in-staticfiles-dirs")["severity"] == "error"
