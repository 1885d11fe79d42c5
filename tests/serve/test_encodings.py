from hypothesis import given
from hypothesis import strategies as st

from roots.serve.catalog import Representation
from roots.serve.encodings import negotiate

OFFERED = (
    Representation("a", "identity"),
    Representation("a.br", "br"),
    Representation("a.zst", "zstd"),
    Representation("a.gz", "gzip"),
)


def codings(accepted: str | None) -> list[str]:
    return [chosen.encoding for chosen in negotiate(accepted, OFFERED)]


def test_a_browser_gets_the_smallest_and_may_fall_back():
    assert codings("gzip, deflate, br, zstd") == ["br", "zstd", "gzip", "identity"]


def test_a_client_that_says_nothing_gets_identity():
    assert codings(None) == ["identity"]


def test_weights_outrank_size():
    assert codings("br;q=0.2, gzip;q=0.8") == ["gzip", "br", "identity"]


def test_a_star_stands_for_what_is_not_listed():
    assert codings("*;q=0.5, br;q=0") == ["zstd", "gzip", "identity"]


def test_identity_can_be_refused():
    assert codings("gzip, identity;q=0") == ["gzip"]
    assert codings("identity;q=0") == []


@given(st.text())
def test_no_header_raises(accepted):
    assert set(codings(accepted)) <= {"identity", "br", "zstd", "gzip"}


@given(st.lists(st.sampled_from(["gzip", "br;q=0", "*;q=0.1", "identity;q=0", ";", "q=1", "*"])))
def test_identity_is_only_gone_where_it_was_refused(items):
    accepted = ", ".join(items)
    if "identity" not in codings(accepted):
        assert "identity;q=0" in items
