import pytest
from hypothesis import given
from hypothesis import strategies as st

from roots.serve.bodies.limits import exceeds, read


@given(st.integers(0, 10**30), st.integers(0, 10**20), st.sampled_from(["", " ", "000"]))
def test_a_number_says_more_exactly_where_it_is_more(declared, most, padding):
    assert exceeds(f"{padding}{declared}", most) == (declared > most)


@given(st.text())
def test_no_declaration_makes_it_fail(declared):
    assert exceeds(declared, 10) in (True, False)


@pytest.mark.parametrize("setting", [None, {}, {"/": None}])
def test_limits_that_limit_nothing_are_false(setting):
    assert not read(setting)


def test_one_number_holds_for_every_path():
    assert read(7).of("/anything/") == 7


def test_the_longest_prefix_counts_in_whatever_order_they_stand():
    limits = {"/upload/": 5, "/": 1, "/upload/raw/": None}
    for setting in (limits, dict(reversed(limits.items()))):
        assert [read(setting).of(p) for p in ("/", "/upload/a", "/upload/raw/a")] == [1, 5, None]


def test_a_path_without_a_limit_of_its_own_has_none():
    assert read({"/upload/": 5}).of("/page/") is None


@pytest.mark.parametrize("path", ["", "x"])
def test_a_mount_point_is_no_way_around_the_limits(path):
    """A server that knows a mount point says "" for it, and some lose the slash behind it."""
    assert read(7).of(path) == 7
