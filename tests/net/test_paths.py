"""How many ways and remotes are remembered, which are forgotten first, and when a way is suspect."""

from __future__ import annotations

from notesapp.net.address import Address
from notesapp.net.paths import REMOTES, SUSPECT_S, WAYS, PathTable

RUN = b"a run..."


def address(nth: int) -> Address:
    return Address(f"192.168.{nth // 200}.{nth % 200 + 1}", 4_000)


def test_eight_ways_lead_to_one_run_and_the_one_in_use_is_never_forgotten() -> None:
    paths = PathTable()
    used, _ = paths.answered(b"bob", RUN, address(0), 0.001, 0.0)
    for nth in range(1, WAYS):
        paths.answered(b"bob", RUN, address(nth), 0.5, float(nth))
    assert list(used.ways) == [address(nth) for nth in range(WAYS)]
    paths.answered(b"bob", RUN, address(WAYS), 0.5, float(WAYS))
    assert list(used.ways) == [address(0), *(address(nth) for nth in range(2, WAYS + 1))]  # the oldest in reserve went
    assert used.current is used.ways[address(0)]
    assert not list(paths.at(address(1)))


def test_so_many_runs_are_remembered_and_the_one_silent_for_longest_goes_first() -> None:
    paths = PathTable()
    for nth in range(REMOTES):
        paths.answered(b"bob", nth.to_bytes(8, "big"), address(nth), 0.1, float(nth))
    paths.answered(b"bob", bytes(8), address(0), 0.1, 1_000.0)  # the first one is heard again
    paths.answered(b"bob", b"one more", address(REMOTES), 0.1, 1_001.0)
    assert len(paths.of_bond(b"bob")) == REMOTES
    assert paths.remote(b"bob", bytes(8)) is not None
    assert paths.remote(b"bob", (1).to_bytes(8, "big")) is None
    assert not list(paths.at(address(1)))


def test_a_way_is_suspect_once_an_answer_is_overdue_by_more_than_a_second() -> None:
    paths = PathTable()
    remote, _ = paths.answered(b"bob", RUN, address(0), 0.1, 0.0)
    paths.pinged(b"bob", address(0), 5.0)
    way = remote.ways[address(0)]
    assert [way.suspect(now) for now in (5.0, 5.0 + SUSPECT_S, 5.01 + SUSPECT_S)] == [False, False, True]
