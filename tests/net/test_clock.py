"""Whether a clock is right is told by the clocks of others, and by how many."""

from __future__ import annotations

import pytest

from notesapp.net.clock import ClockReport, judged, span

HOUR = 3_600_000


def test_nothing_is_said_without_anybody_to_compare_with() -> None:
    assert judged([]) == ClockReport(0, 0, False)
    assert judged([]).fine


def test_two_hours_are_named_and_whose_fault_it_is_once_two_agree() -> None:
    one = judged([2 * HOUR])
    assert (one.fine, one.sure, one.ahead_ms) == (False, False, 2 * HOUR)
    two = judged([2 * HOUR, 2 * HOUR + 900])
    assert (two.fine, two.sure) == (False, True)


def test_one_wrong_clock_among_three_members_is_not_ours() -> None:
    assert judged([200, -300, -2 * HOUR]).fine
    assert judged([200, -300, -2 * HOUR]).sure


@pytest.mark.parametrize(
    ("ms", "words"),
    [(2 * HOUR, "2 h 0 min"), (-7 * 60_000, "7 min"), (50 * HOUR, "2 d 2 h"), (3_660_000, "1 h 1 min")],
)
def test_a_difference_in_words(ms: int, words: str) -> None:
    assert span(ms) == words
