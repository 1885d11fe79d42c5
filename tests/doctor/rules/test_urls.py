"""Mistakes about STATIC_URL and MEDIA_URL."""

import pytest


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STATIC_URL", 'BASE_DIR / "static"'),
        ("STATIC_URL", 'str(BASE_DIR / "static") + "/"'),
        ("MEDIA_URL", 'str(MEDIA_ROOT) + "/"'),
        ("MEDIA_URL", 'Path("media")'),
        ("MEDIA_URL", 'r"C:\\site\\media/"'),
        ("STATIC_URL", '"file:///srv/static/"'),
    ],
)
def test_a_path_in_the_place_of_a_url(project, name, value):
    project.settings(f"{name} = {value}")
    finding = project.only("url-is-a-path")
    assert finding["severity"] == "error"
    assert f'{name} = "{name[:-4].lower()}/"' in finding["fix"]
    assert "rule-failed" not in project.slugs()


@pytest.mark.parametrize(
    "value", ["/media/", "media/", "https://cdn.example/srv/media/", "/srv/x/"]
)
def test_urls_are_no_paths_even_where_a_root_is_called_so(project, value):
    project.settings(f'MEDIA_URL = "{value}"\nMEDIA_ROOT = "{value}"')
    assert "url-is-a-path" not in {each["slug"] for each in project.findings()}


@pytest.mark.parametrize("name", ["STATIC_URL", "MEDIA_URL"])
def test_no_slash_at_the_end(project, name):
    project.settings(f'{name} = "/files"')
    assert f'{name} = "/files/"' in project.only("url-missing-slash")["fix"]


def test_no_slashes_in_front_of_a_host(project):
    project.settings('STATIC_URL = "cdn.shop.example/static/"')
    finding = project.only("url-missing-slash")
    assert finding["severity"] == "warning"
    assert 'STATIC_URL = "https://cdn.shop.example/static/"' in finding["fix"]


@pytest.mark.parametrize(
    ("static", "media"),
    [
        ("/files/", "/files/"),
        ("files/", "/files/"),
        ("/static/", "/static/media/"),
        ("/media/static/", "/media/"),
        ("/", "/media/"),
        ("/static/", "/"),
        ("https://cdn.example/", "https://cdn.example/media/"),
    ],
)
def test_prefixes_that_clash(project, static, media):
    project.settings(f'STATIC_URL = "{static}"\nMEDIA_URL = "{media}"')
    assert project.only("url-prefix-clash")["id"] == "roots.E032"


@pytest.mark.parametrize(
    ("static", "media"),
    [
        ("/static/", "/static-media/"),
        ("https://static.example/files/", "https://media.example/uploads/"),
        ("/static/", ""),
    ],
)
def test_prefixes_beside_each_other(project, static, media):
    project.settings(f'STATIC_URL = "{static}"\nMEDIA_URL = "{media}"')
    if not media:
        project.settings('ROOTS = {"SERVE_MEDIA": False}')
    assert "url-prefix-clash" not in project.slugs()


def test_what_the_layer_refuses_and_nothing_else_has_a_name_for(project):
    project.settings('ROOTS = {"HEADERS": {"media": {"*": {"Set-Cookie": "a=b"}}}}')
    assert "cookie" in project.only("unservable-root")["what"]


def test_stock_projects_are_told_the_same(stock):
    stock.settings('STATIC_URL = MEDIA_URL = "/files/"')
    assert stock.only("url-prefix-clash")["severity"] == "error"
