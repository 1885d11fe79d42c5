import os

from hypothesis import given
from hypothesis import strategies as st

from roots.paths import is_servable


@given(st.text(st.sampled_from("abc./\\:\0é\ud800~ ")))
def test_a_servable_name_stays_inside_its_root(name):
    if is_servable(name):
        assert os.path.normpath(f"/root/{name}") == f"/root/{name}"
