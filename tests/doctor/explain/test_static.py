"""manage.py explain, for static files."""

import json

import pytest

CSS = "@import 'base.css';\n.logo { background: url(logo.svg) }\n"


@pytest.fixture
def shop(project):
    project.write(
        {
            "shop/static/shop/app.css": CSS,
            "shop/static/shop/base.css": "body { color: black }\n" * 50,
            "shop/static/shop/logo.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>\n",
            "shop/static/shop/app.js": "import './cart.js'\n",
            "shop/static/shop/cart.js": "export let cart\n",
        }
    )
    return project


def explained(project, file: str) -> dict:
    result = project.manage("explain", "--json", file)
    assert result.out, result.err
    (found,) = [each for each in json.loads(result.out)["files"] if each["half"] == "static"]
    return found


def test_where_a_file_came_from_what_it_is_stored_as_and_what_browsers_get(shop):
    shop.collect()
    found = explained(shop, "shop/base.css")
    assert found["source"].endswith("shop/static/shop/base.css")
    assert found["found_by"] == "AppDirectoriesFinder"
    assert found["stored_as"] == f"shop/base.{found['digest'][:12]}.css"
    assert "gzip" in found["variants"]
    stored, logical = found["answers"]
    assert stored["url"] == "/static/" + found["stored_as"]
    assert stored["headers"]["Cache-Control"].endswith("immutable")
    assert logical["headers"]["Cache-Control"] == "public, max-age=60"
    assert found["problem"] == ""


def test_what_it_refers_to_and_what_refers_to_it(shop):
    found = explained(shop, "shop/app.css")
    assert found["refers_to"] == ["shop/base.css", "shop/logo.svg"]
    assert explained(shop, "shop/logo.svg")["referred_to_by"] == ["shop/app.css"]
    assert explained(shop, "shop/cart.js")["referred_to_by"] == ["shop/app.js"]


@pytest.mark.parametrize(
    "spelling",
    [
        "shop/base.css",
        "/static/shop/base.css",
        "https://shop.example/static/shop/base.css?v=1#top",
        "shop/static/shop/base.css",
        "staticfiles/shop/base.css",
    ],
)
def test_a_file_is_named_by_name_url_or_path(shop, spelling):
    shop.collect()
    assert explained(shop, spelling)["name"] == "shop/base.css"


def test_a_stored_name_and_a_variant_lead_to_the_file(shop):
    shop.collect()
    stored = explained(shop, "shop/base.css")["stored_as"]
    assert explained(shop, stored)["name"] == "shop/base.css"
    assert explained(shop, f"/static/{stored}.gz")["asked_for"].startswith("a variant")


def test_who_lost_to_another_finder_is_told(shop):
    shop.settings('STATICFILES_DIRS = [BASE_DIR / "assets"]')
    shop.write({"assets/shop/logo.svg": "<svg/>"})
    found = explained(shop, "shop/logo.svg")
    assert found["source"].endswith("assets/shop/logo.svg")
    (lost,) = found["wins_over"]
    assert lost.endswith("shop/static/shop/logo.svg")


def test_what_was_not_collected_yet_is_told_with_what_to_do(shop):
    result = shop.manage("explain", "shop/logo.svg")
    assert "Nothing was collected yet" in result.out
    assert result.code == 1


def test_a_change_after_collecting_is_told(shop):
    shop.collect()
    shop.write({"shop/static/shop/logo.svg": "<svg>another</svg>"})
    assert "run collectstatic" in explained(shop, "shop/logo.svg")["problem"]


def test_what_the_next_run_leaves_out_is_told(shop):
    shop.collect()
    (shop.directory / "shop/static/shop/logo.svg").unlink()
    assert "No finder has it any more" in explained(shop, "shop/logo.svg")["problem"]


def test_a_file_nobody_has_is_told_with_the_nearest_name_and_who_was_asked(shop):
    result = shop.manage("explain", "/static/shop/bsae.css")
    assert result.code == 1
    assert "Did you mean 'shop/base.css'?" in result.out
    assert "AppDirectoriesFinder" in result.out


def test_in_development_the_logical_name_is_what_browsers_get(shop):
    shop.settings("DEBUG = True")
    (answer,) = explained(shop, "shop/base.css")["answers"]
    assert (answer["url"], answer["status"]) == ("/static/shop/base.css", 200)
    assert answer["headers"]["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("file", ["/about/", "../secret", ".git/config", "/static/.env", ""])
def test_what_is_no_file_of_either_root_is_told(shop, file):
    result = shop.manage("explain", file)
    assert result.code == 1
    assert result.out.strip()
    assert not result.err


def test_a_project_without_the_app_is_explained_too(shop):
    shop.settings("INSTALLED_APPS.remove('roots')\ndel STORAGES")
    result = shop.manage("-m", "explain", "shop/logo.svg")
    assert "AppDirectoriesFinder" in result.out
    assert not result.err


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('STATICFILES_DIRS = str(BASE_DIR / "static")', "which is no list"),
        ('STATICFILES_DIRS = [("a",)]', "which is neither a directory"),
        ('MEDIA_URL = BASE_DIR / "media"', "MEDIA_URL is PosixPath"),
        ('STATICFILES_FINDERS = ["shop.Finder"]', "STATICFILES_FINDERS"),
    ],
)
def test_settings_that_cannot_be_explained_with_are_told(shop, line, told):
    shop.settings(line)
    result = shop.manage("explain", "shop/base.css")
    assert result.code == 1
    assert told in result.err
    assert "Traceback" not in result.err


def test_a_source_that_cannot_be_collected_is_told(shop):
    (shop.directory / "shop/static/again").symlink_to("..")
    result = shop.manage("explain", "shop/base.css")
    assert result.code == 1
    assert result.err.startswith("CommandError: ")
    assert "leads to a directory above itself" in result.err


@pytest.mark.parametrize(
    ("asked", "told"),
    [("http://[", "is no URL"), ("shop/static/", "is a directory: name one file in it")],
)
def test_what_is_no_file_at_all_is_told_as_what_it_is(shop, asked, told):
    result = shop.manage("explain", asked)
    assert result.code == 1
    assert told in result.out
    assert not result.err
