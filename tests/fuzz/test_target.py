"""Any request gets an answer, the same from both adapters; uploads are judged, forms received."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roots.paths import is_servable
from tests.fuzz import files, forms
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


@pytest.mark.parametrize("data", files.EXAMPLES)
def test_what_was_found_once_in_files_stays_mended(data):
    files.FileTarget().check(data)


@settings(max_examples=150, deadline=None)
@given(data=files.FILES)
def test_every_upload_is_refused_or_is_what_its_name_then_says(data):
    files.FileTarget().check(data)


@pytest.fixture(scope="module")
def receiving():
    with forms.target() as found:
        yield found


@pytest.mark.parametrize("data", forms.EXAMPLES)
def test_what_was_found_once_in_forms_stays_mended(receiving, data):
    receiving.check(data)


@settings(max_examples=150, deadline=None)
@given(data=forms.BODIES)
def test_every_form_is_received_or_refused_and_leaves_nothing(receiving, data):
    receiving.check(data)
