"""Requests as bytes, as `Target.check` takes them: mostly with the shapes that requests have."""

from hypothesis import strategies as st

from roots.serve.messages import REQUEST_HEADERS
from tests.fuzz.target import METHODS, NAMES

PARTS = st.sampled_from(
    [*(name.encode() for name in NAMES), b"..", b".", b"", b"out", b"secret", b".hidden", b"%2e%2e"]
)
QUERIES = st.just(b"") | st.tuples(
    st.sampled_from([b"?", b"?download=a&", b"?x=1&"]),
    st.sampled_from([b"expires=99999999999", b"expires=-1", b"expires=1e9", b"expires="]),
    st.sampled_from([b"&signature=", b"&signature=" + b"A" * 22, b"", b"&signature=%00"]),
    st.binary(max_size=5),
).map(b"".join)
PATHS = st.tuples(
    st.sampled_from([b"/static/", b"/media/", b"/private/", b"/"]),
    st.lists(PARTS | st.binary(max_size=20), max_size=5).map(b"/".join),
    QUERIES,
).map(b"".join)
NUMBERS = st.integers(0, 2000).map(str) | st.just("") | st.text("0123456789", max_size=30)
RANGES = st.tuples(NUMBERS, NUMBERS).map(lambda pair: f"bytes={pair[0]}-{pair[1]}".encode())
CODINGS = st.lists(
    st.sampled_from([b"br", b"gzip;q=0", b"*;q=0.1", b"identity;q=0", b";q=", b"x-gzip;q=1.000"])
).map(b", ".join)
TAGS = st.lists(st.sampled_from([b'"t"', b'W/"t-br"', b"*", b'"', b'"0123456789ab"'])).map(
    b", ".join
)
DATES = st.sampled_from(
    [
        b"Sun, 06 Nov 1994 08:49:37 GMT",
        b"Sun Nov  6 08:49:37 1994",
        b"Sun, 99 Nov 9999 99:99:99 GMT",
    ]
)
VALUES = RANGES | CODINGS | TAGS | DATES | st.binary(max_size=60)
LINES = st.tuples(st.integers(0, len(REQUEST_HEADERS) - 1), VALUES).map(
    lambda line: bytes([line[0]]) + line[1]
)
REQUESTS = (
    st.tuples(st.integers(0, len(METHODS) - 1), PATHS, st.lists(LINES, max_size=4)).map(
        lambda parts: b"\n".join([bytes([parts[0]]) + parts[1], *parts[2]])
    )
    | st.binary()
)
