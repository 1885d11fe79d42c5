"""Any request gets an answer, the same from both adapters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roots.paths import is_servable
from tests.fuzz.shapes import REQUESTS
from tests.fuzz.target import EXAMPLES, target


@pytest.fixture(scope="module")
def found():
    with target() as found:
        yield found


@pytest.mark.parametrize("data", EXAMPLES)
def test_what_was_found_once_stays_mended(found, data):
    found.check(data)


@given(data=REQUESTS)
def test_every_request_gets_one_answer_from_both_adapters(found, data):
    found.check(data)


@given(
    st.text() | st.lists(st.sampled_from(["a", ".", "..", "", "/", "\\", "\0", "c:"])).map("/".join)
)
def test_a_servable_name_is_below_its_root_and_hides_nothing(name):
    if is_servable(name):
        parts = name.split("/")
        assert all(part and not part.startswith(".") for part in parts)
        assert not set("\0\\:") & set(name)
