from hypothesis import given
from hypothesis import strategies as st

from roots.serve.ranges import Unsatisfiable, parse

SIZES = st.integers(0, 10**15)


@given(header=st.text(), size=SIZES)
def test_no_header_raises_anything_but_unsatisfiable(header, size):
    check_within(header, size)


@given(header=st.from_regex(r"\A[bB]ytes=[0-9]{0,25}-[0-9]{0,25}\Z"), size=SIZES)
def test_every_answer_lies_within_the_file(header, size):
    check_within(header, size)


@given(size=st.integers(1, 10**15), data=st.data())
def test_a_range_is_exactly_the_bytes_it_names(size, data):
    first = data.draw(st.integers(0, size - 1))
    last = data.draw(st.integers(first, size - 1))
    assert parse(f"bytes={first}-{last}", size) == (first, last - first + 1)


def check_within(header: str, size: int) -> None:
    try:
        span = parse(header, size)
    except Unsatisfiable:
        return
    if span is not None:
        assert 0 <= span.start < size
        assert 1 <= span.length <= size - span.start
