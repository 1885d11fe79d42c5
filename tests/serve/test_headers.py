import pytest
from hypothesis import given
from hypothesis import strategies as st

from roots.serve.headers import disposition


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
