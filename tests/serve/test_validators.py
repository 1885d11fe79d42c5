from email.utils import formatdate

from hypothesis import given
from hypothesis import strategies as st

from roots.serve.validators import Outcome, Validators, evaluate, is_range_current, parse_date

CURRENT = Validators("abc", 784111777, is_fixed=True)
NAMES = st.sampled_from(
    ["if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "if-range"]
)


@given(st.dictionaries(NAMES, st.text()))
def test_no_header_raises(headers):
    assert evaluate(headers, CURRENT) in Outcome
    assert is_range_current(headers.get("if-range"), CURRENT) in (True, False)


@given(st.integers(0, 4_000_000_000))
def test_dates_are_read_as_they_are_written(seconds):
    assert parse_date(formatdate(seconds, usegmt=True)) == seconds


@given(st.text(alphabet="SunMonNvDec 0123456789:,-GMT", max_size=40))
def test_no_date_raises(text):
    parse_date(text)


def test_two_digit_years_far_ahead_are_past():
    assert parse_date("Friday, 01-Jan-99 00:00:00 GMT") == 915148800


def test_a_leap_second_counts_as_the_second_before():
    assert parse_date("Sat, 31 Dec 2016 23:59:60 GMT") == parse_date(
        "Sat, 31 Dec 2016 23:59:59 GMT"
    )


def test_a_failed_precondition_outranks_a_match():
    headers = {"if-match": '"other"', "if-none-match": '"abc"'}
    assert evaluate(headers, CURRENT) is Outcome.FAILED
