"""The log is told once."""

import pytest

from roots.serve.reports import MOST_REMEMBERED, REPEAT_S, Reports


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_each_subject_is_told_once_and_again_when_it_lasts(caplog, clock):
    reports = Reports(clock)
    for _ in range(100):
        reports.warn(("gone", "a"), "%s is gone.", "a")
        reports.error(("gone", "b"), "%s is gone.", "b")
    assert caplog.messages == ["a is gone.", "b is gone."]
    clock.now = REPEAT_S
    reports.warn(("gone", "a"), "%s is gone.", "a")
    assert caplog.messages[2:] == ["a is gone."]


def test_what_visitors_ask_for_does_not_fill_the_memory(caplog, clock):
    reports = Reports(clock)
    for number in range(2 * MOST_REMEMBERED):
        reports.warn(number, "trouble")
    assert len(reports._told) == MOST_REMEMBERED
