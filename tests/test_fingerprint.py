from hypothesis import given
from hypothesis import strategies as st

from roots import fingerprint

PARTS = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1)
NAMES = st.lists(PARTS.filter(lambda part: part not in (".", "..")), min_size=1).map("/".join)
DIGESTS = st.text("0123456789abcdef", min_size=64, max_size=64)


@given(NAMES, DIGESTS, st.integers(12, 64))
def test_a_stored_name_gives_its_logical_name_and_digest_back(name, digest, length):
    stored = fingerprint.stamp(name, digest, length)
    assert fingerprint.parse(stored) == (name, digest[:length])


@given(NAMES)
def test_no_name_raises(name):
    fingerprint.parse(name)
