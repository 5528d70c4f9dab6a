"""Ways through members that answer probes and carry nothing else."""

from __future__ import annotations

from notesapp.net.address import Address
from notesapp.net.doubt import DIALS, STUCK_S, Doubt

RIDE, DIRECT = Address.relayed(1), Address("198.51.100.9", 9)


def test_a_ride_on_which_nothing_is_confirmed_is_left() -> None:
    doubt = Doubt()
    assert doubt.weigh([(RIDE, 100)], 0.0) == []
    assert doubt.weigh([(RIDE, 100)], STUCK_S - 0.1) == []
    assert doubt.weigh([(RIDE, 100)], STUCK_S) == [RIDE]
    doubt.gone(RIDE)
    assert doubt.weigh([(RIDE, 100)], STUCK_S + 1) == []


def test_a_slow_ride_an_idle_one_and_a_direct_way_are_kept() -> None:
    doubt = Doubt()
    for second in range(60):
        confirmed = second // 5 if second < 30 else None  # little by little; then nothing is owed
        assert doubt.weigh([(RIDE, confirmed), (DIRECT, 100)], float(second)) == []


def test_a_ride_is_left_after_two_dials_in_a_row() -> None:
    doubt = Doubt()
    for _ in range(3):
        assert [doubt.failed(RIDE) for _ in range(DIALS - 1)] == [False] * (DIALS - 1)
        doubt.opened(RIDE)
    assert [doubt.failed(RIDE) for _ in range(DIALS)][-1]
    assert not doubt.failed(DIRECT)
    assert not doubt.failed(DIRECT)
