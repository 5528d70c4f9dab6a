"""Whom to ask and dial next, in virtual time."""

from __future__ import annotations

import math
import os
from itertools import pairwise

import pytest

from notesapp.net.acts import Act, Broadcast, Dial, Ping, Probe
from notesapp.net.address import Address
from notesapp.net.bond import Bond, Side
from notesapp.net.cadence import BUSY_S, FIRST_TRIES_S, IDLE_S
from notesapp.net.candidate import Candidate, Found, Kind, NatClass, PeerRecord
from notesapp.net.link import End
from notesapp.net.plan import BACKOFF_S, FRESH_S, GRACE_S, JOINERS, RUNS, DialPlan, keeps
from notesapp.net.search import PLACES

HOME, CAFE = Address("192.168.1.9", 4242), Address("10.0.0.9", 4242)
ME, THEM, OTHER = b"run-mine", b"run-them", b"run-othr"


class Planned:
    """A plan and its clock."""

    def __init__(self, side: Side = Side.FIRST, *, many: bool = False) -> None:
        self.now = 1_000.0
        self.plan = DialPlan(ME)
        self.plan.want([Bond(b"b", bytes(32), side, many)], self.now)

    def run(self, seconds: float, busy: tuple[bytes, ...] = ()) -> list[tuple[float, Act]]:
        """All that becomes due, with the time since the start of this run."""
        began, until, acts = self.now, self.now + seconds, list[tuple[float, Act]]()
        for _ in range(10_000):
            at = max(self.plan.wake_at(self.now, busy), self.now)
            if at > until:
                self.now = until
                return acts
            self.now = at + 0.001
            acts += [(round(self.now - began, 1), act) for act in self.plan.due(self.now, busy)]
        raise AssertionError("the plan never sleeps")

    def pings(self, seconds: float, busy: tuple[bytes, ...] = ()) -> list[float]:
        return [at for at, act in self.run(seconds, busy) if isinstance(act, Ping)]

    def dials(self, seconds: float) -> list[float]:
        return [at for at, act in self.run(seconds) if isinstance(act, Dial)]

    def answered(self, run: bytes = THEM, address: Address = HOME) -> None:
        self.plan.answered(b"b", run, address, address, self.now)


def test_an_address_found_is_asked_three_times_then_left_alone() -> None:
    it = Planned()
    it.plan.found(b"b", [HOME], it.now)
    assert it.pings(3_600) == [pytest.approx(at, abs=0.11) for at in FIRST_TRIES_S]


def test_another_network_is_another_chance() -> None:
    it = Planned()
    it.plan.found(b"b", [HOME], it.now)
    it.run(60)
    it.plan.new_network(it.now)
    assert len(it.pings(60)) == len(FIRST_TRIES_S)


def test_the_smaller_key_dials_at_once_the_larger_after_a_moment() -> None:
    first, second = Planned(Side.FIRST), Planned(Side.SECOND)
    for it in (first, second):
        it.answered()
    assert first.dials(5) == [0.0]
    assert second.dials(5) == [GRACE_S]


def test_after_a_link_ended_the_larger_key_leaves_the_dial_to_the_smaller_again() -> None:
    at = []
    for side in (Side.FIRST, Side.SECOND):
        it = Planned(side)
        it.answered()
        it.run(5)
        it.plan.opened(b"b", THEM, it.now)
        it.plan.ended(b"b", THEM, End.CLOSED_THERE, it.now)
        at += it.dials(5)
    assert at[1] - at[0] == pytest.approx(GRACE_S, abs=0.01)


def test_nobody_dials_while_there_is_a_link_or_a_dial() -> None:
    it = Planned()
    it.answered()
    assert it.dials(5) == [0.0]
    assert it.dials(5) == []
    it.plan.opened(b"b", THEM, it.now)
    it.answered()
    assert it.dials(3_600) == []


def test_only_the_joiner_dials_and_one_host_after_the_other() -> None:
    host, joiner = Planned(Side.FIRST, many=True), Planned(Side.SECOND, many=True)
    for it in (host, joiner):
        it.answered(THEM)
        it.answered(OTHER, CAFE)
    assert host.dials(20) == []
    assert joiner.dials(5) == [0.0]
    joiner.plan.ended(b"b", THEM, End.NO_ANSWER, joiner.now)
    assert [act for _, act in joiner.run(0.5) if isinstance(act, Dial)] == [Dial(b"b", OTHER)]


def test_failed_dials_back_off_and_a_new_network_forgives() -> None:
    it, waits = Planned(), list[float]()
    for _ in range(8):
        began = it.now
        while not (dials := it.dials(0.5)):
            it.answered()  # the way itself works
        waits.append(it.now - began - 0.5 + dials[0])
        it.plan.ended(b"b", THEM, End.NO_ANSWER, it.now)
    assert waits[0] == pytest.approx(0, abs=0.6)
    assert waits == sorted(waits)
    assert waits[-1] == pytest.approx(BACKOFF_S[-1], abs=1)
    it.plan.new_network(it.now)
    it.answered()
    assert it.dials(0.5) == [0.0]


def test_no_dial_on_a_way_that_did_not_answer_lately() -> None:
    it = Planned(Side.SECOND)
    it.answered()
    it.now += FRESH_S + 1
    assert it.dials(60) == []


@pytest.mark.parametrize(("busy", "each"), [((b"b",), BUSY_S), ((), IDLE_S)])
def test_a_way_in_use_is_asked_for_a_heartbeat(busy: tuple[bytes, ...], each: float) -> None:
    it = Planned()
    it.plan.found(b"b", [HOME], it.now)
    it.answered()
    it.plan.opened(b"b", THEM, it.now)
    count = 0
    for _ in range(12):
        if it.pings(5.05, busy):
            it.answered()
            count += 1
    assert count == pytest.approx(60 / each, abs=1)


def test_a_way_that_fell_silent_is_asked_each_second_then_each_two() -> None:
    it = Planned()
    it.answered()
    it.plan.opened(b"b", THEM, it.now)
    pings = it.pings(120)
    gaps = [after - before for before, after in pairwise(pings)]
    assert max(gaps) == pytest.approx(2.0, abs=0.11)
    assert len(it.pings(3_600)) < 900


def test_who_moved_behind_a_random_router_is_punched_for_once_the_old_way_falls_silent() -> None:
    it = Planned()
    it.plan.nat = NatClass.CONSISTENT

    def told(address: Address, nat: NatClass, number: int) -> None:
        record = PeerRecord((Candidate(address, Kind.REFLEXIVE),), nat, number=number)
        it.plan.learn(Found(b"b", record.candidates, record, it.now + 600), it.now)

    told(HOME, NatClass.CONSISTENT, 1)
    it.answered()
    it.plan.opened(b"b", THEM, it.now)
    told(Address("198.51.100.2", 4_000), NatClass.RANDOM, 2)  # while the old way still answers

    def sprayed(seconds: float) -> list[float]:
        return [at for at, act in it.run(seconds) if isinstance(act, Probe)]

    assert sprayed(3) == []
    assert len(sprayed(40)) > 1_000


@pytest.mark.parametrize("answers", [True, False])
def test_who_says_that_he_moved_is_asked_where_he_was_and_punched_for_unless_he_answers(answers: bool) -> None:
    it = Planned()
    it.plan.nat = NatClass.CONSISTENT
    was, now = Address("203.0.113.9", 4_000), Address("198.51.100.2", 4_000)
    for number, address, nat in ((1, was, NatClass.CONSISTENT), (2, now, NatClass.RANDOM)):
        record = PeerRecord((Candidate(address, Kind.REFLEXIVE),), nat, number=number)
        it.plan.learn(Found(b"b", record.candidates, record, it.now + 600), it.now)
        if address is was:
            it.answered(address=was)
            it.plan.opened(b"b", THEM, it.now)
            it.run(0.5)
    asked = [act.address for _, act in it.run(0.1) if isinstance(act, Ping)]
    assert was in asked
    if answers:
        it.answered(address=was)
    assert any(isinstance(act, Probe) for _, act in it.run(2.5)) is not answers


def test_broadcasts_come_only_while_nobody_is_linked() -> None:
    it = Planned()
    assert [at for at, act in it.run(200) if isinstance(act, Broadcast)] == [1.5, 11.5, 71.5, 131.5, 191.5]
    it.answered()
    it.plan.opened(b"b", THEM, it.now)
    assert [act for _, act in it.run(200) if isinstance(act, Broadcast)] == []


def test_rogue_addresses_push_out_none_that_answered() -> None:
    it = Planned()
    it.answered()
    it.plan.found(b"b", [Address(f"172.16.{n // 250}.{n % 250 + 1}", 9) for n in range(1_000)], it.now)
    assert it.plan.places(b"b") == (HOME,)
    assert len({act.address for _, act in it.run(60) if isinstance(act, Ping)}) <= PLACES


def test_unusable_addresses_are_never_asked() -> None:
    it = Planned()
    bad = ["224.0.0.251", "255.255.255.255", "0.0.0.0", "ff02::1", "::", "fe80::1"]
    it.plan.found(b"b", [Address(host, 4242) for host in bad], it.now)
    assert it.pings(60) == []
    assert not Address("192.168.1.9", 0).usable


def test_a_forgotten_bond_is_left_alone() -> None:
    it = Planned()
    it.plan.found(b"b", [HOME], it.now)
    it.plan.want([], it.now)
    assert it.run(3_600) == []
    assert it.plan.wake_at(it.now) == math.inf


@pytest.mark.parametrize("first_dialled_first", [True, False])
def test_both_ends_keep_the_same_of_two_links(first_dialled_first: bool) -> None:
    kept = []
    for side in (Side.FIRST, Side.SECOND):
        mine_first = first_dialled_first == (side is Side.FIRST)
        new_is_kept = keeps(side, old_dialled=mine_first, new_dialled=not mine_first, smaller_run=False)
        dialled_by_me = (not mine_first) if new_is_kept else mine_first
        kept.append(side if dialled_by_me else side.other)
    assert kept == [Side.FIRST, Side.FIRST]
    assert keeps(Side.FIRST, old_dialled=True, new_dialled=True, smaller_run=False)


def test_two_runs_of_one_device_keep_the_same_link_too() -> None:
    runs = (os.urandom(8), os.urandom(8))
    for mine, other in (runs, runs[::-1]):
        smaller = mine < other
        assert keeps(Side.BOTH, old_dialled=not smaller, new_dialled=smaller, smaller_run=smaller)
        assert not keeps(Side.BOTH, old_dialled=smaller, new_dialled=not smaller, smaller_run=smaller)


@pytest.mark.parametrize(("many", "room"), [(False, RUNS), (True, JOINERS)])
def test_of_runs_that_somebody_makes_up_so_many_are_remembered_and_the_newest_is_one(many: bool, room: int) -> None:
    it = Planned(many=many)
    runs = [nth.to_bytes(8, "big") for nth in range(room + 20)]
    for run in runs:
        it.now += 1.0
        it.answered(run)
    assert list(it.plan._searches[b"b"].runs) == runs[-room:]
