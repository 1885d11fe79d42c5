import pytest

from roots.static.names import renamed, target


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("a.png", "css/a.png"),
        ("./a.png", "css/a.png"),
        ("../img/a.png?v=1#x", "img/a.png"),
        ("a%20b.png", "css/a b.png"),
        ("%23.png", "css/#.png"),
        (" a.png\n", "css/a.png"),
        ("/static/img/a.png", "img/a.png"),
        ("../../secret.png", "../secret.png"),
        ("", None),
        ("#x", None),
        ("?x", None),
        (".", None),
        ("img/", None),
        ("img/..", None),
        ("data:image/png;base64,AAAA", None),
        ("https://example.com/a.png", None),
        ("//example.com/a.png", None),
        ("/media/a.png", None),
        ("about:blank", None),
    ],
)
def test_a_url_in_css_slash_app_css_means(url, expected):
    assert target("css/app.css", url, "/static/") == expected


def test_urls_below_a_static_url_on_another_host_are_ours():
    static_url = "https://cdn.example.com/s/"
    assert target("a.css", "https://cdn.example.com/s/b.png", static_url) == "b.png"
    assert target("a.css", "https://cdn.example.com/t/b.png", static_url) is None


def test_another_host_is_another_host_even_if_static_files_are_the_whole_site():
    assert target("a.css", "//example.com/b.png", "/") is None
    assert target("a.css", "/b.png", "/") == "b.png"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("a.png", "a.1.png"),
        ("../img/a.png?v=1#x", "../img/a.1.png?v=1#x"),
        ("/static/a.png", "/static/a.1.png"),
        ("a.png?#iefix", "a.1.png?#iefix"),
    ],
)
def test_a_new_url_keeps_the_authors_directory_query_and_fragment(url, expected):
    assert renamed(url, "img/a.1.png") == expected


def test_a_new_file_name_is_percent_encoded():
    assert renamed("a%20b.png", "a b.1.png") == "a%20b.1.png"
