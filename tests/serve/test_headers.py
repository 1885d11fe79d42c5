import pytest
from hypothesis import given
from hypothesis import strategies as st

from roots.media.catalog import MediaCatalog
from roots.serve.headers import disposition, private_policy


@pytest.mark.parametrize(
    "filename",
    ['a"b.png', "a\r\nSet-Cookie: x=1.png", "a\\b.png", "<img onerror=alert(1)>.png", "%41.png"],
)
def test_a_hostile_name_stays_inside_its_quotes(filename):
    value = disposition("attachment", filename)
    quoted = value.split('"')
    assert len(quoted) == 3
    assert "\r" not in value
    assert "\n" not in value


@given(st.text())
def test_every_name_gives_one_line_of_ascii(filename):
    value = disposition("inline", filename)
    assert value.isascii()
    assert value.isprintable()


@pytest.mark.parametrize("name", ["page.3f2a91c0d4e7.html", "page.html"])
def test_private_files_are_kept_by_no_cache_but_the_visitor_s_and_run_nothing(name):
    entry = MediaCatalog().find(name)
    headers = dict(private_policy().shared(entry))
    assert headers["Cache-Control"] == "private, no-cache"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert dict(private_policy().disposition(entry)) == {
        "Content-Disposition": 'attachment; filename="page.html"'
    }
