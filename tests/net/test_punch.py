"""Two ends behind NATs of all kinds, in virtual time: who reaches whom, how soon, and with how many packets."""

from __future__ import annotations

import random
import statistics
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import combinations_with_replacement

import pytest

from notesapp.net.acts import Ping, Probe, Scatter
from notesapp.net.address import Address, Reach
from notesapp.net.bond import Bond, Side
from notesapp.net.candidate import Candidate, Found, Kind, NatClass, PeerRecord
from notesapp.net.chance import Chance, chance
from notesapp.net.punch import LOWEST, PORTS, SPRAY_S, TIMES, Punch, Turn
from tests.net.natsim import Host, Nat, World

CONES = (Nat.OPEN, Nat.FULL, Nat.ADDRESS, Nat.PORT)
RANDOM = (Nat.SYMMETRIC, Nat.SEQUENTIAL, Nat.BLOCK, Nat.CARRIER)


def pair(a: Nat, b: Nat, seed: int = 1, found_after_s: float = 0.3) -> tuple[World, Host, Host]:
    world = World(seed, found_after_s)
    alice, bob = world.host("alice", a), world.host("bob", b)
    world.bond(alice, bob)
    return world, alice, bob


def third(dice: random.Random) -> bool:
    """A packet in three."""
    return dice.random() < 0.33


def both(alice: Host, bob: Host) -> Callable[[], bool]:
    """Whether both have their link."""
    return lambda: bool(alice.linked and bob.linked)


def connect(a: Nat, b: Nat, seed: int = 1, within_s: float = 60.0) -> float | None:
    """Seconds until both have a link; None if they have none."""
    world, alice, bob = pair(a, b, seed)
    took = world.run(within_s, both(alice, bob))
    return took if alice.linked and bob.linked else None


@pytest.mark.parametrize(("a", "b"), [*combinations_with_replacement(CONES, 2)])
def test_consistent_routers_let_two_ends_meet_within_seconds(a: Nat, b: Nat) -> None:
    for seed in range(10):
        took = connect(a, b, seed)
        assert took is not None
        assert took < 3.0


@pytest.mark.parametrize("b", RANDOM)
@pytest.mark.parametrize("a", [Nat.OPEN, Nat.FULL, Nat.ADDRESS])
def test_a_random_port_is_no_matter_where_the_other_end_lets_it_in(a: Nat, b: Nat) -> None:
    for pair_ in ((a, b), (b, a)):
        took = connect(*pair_)
        assert took is not None
        assert took < 3.0


@pytest.mark.parametrize("b", RANDOM)
def test_a_port_restricted_and_a_random_router_meet_by_birthday(b: Nat) -> None:
    took = [connect(*((Nat.PORT, b) if seed % 2 else (b, Nat.PORT)), seed) for seed in range(20)]
    met = [it for it in took if it is not None]
    assert len(met) == 20
    assert statistics.median(met) < 5.0
    assert sorted(met)[18] < 20.0


@pytest.mark.parametrize("b", [it for it in Nat if it is not Nat.BLOCKED])
def test_a_mapped_port_is_reached_from_behind_anything(b: Nat) -> None:
    took = connect(Nat.MAPPED, b)
    assert took is not None
    assert took < 3.0


@pytest.mark.parametrize("b", [Nat.PORT, Nat.NODROP])
def test_routers_that_remember_a_strangers_packet_are_passed_from_fresh_ports(b: Nat) -> None:
    for seed in range(6):
        took = connect(Nat.NODROP, b, seed)
        assert took is not None
        assert took < 8.0


@pytest.mark.parametrize(("a", "b"), [*combinations_with_replacement(RANDOM, 2)])
def test_two_random_routers_never_spray(a: Nat, b: Nat) -> None:
    world, alice, bob = pair(a, b)
    world.run(120)
    assert alice.opened == bob.opened == 0
    assert len(alice.sent) < 200
    assert alice.plan.chance(b"bob") is Chance.NONE


@pytest.mark.parametrize("b", [Nat.PORT, Nat.SYMMETRIC])
def test_a_blocked_end_is_probed_and_nothing_more(b: Nat) -> None:
    world, alice, bob = pair(Nat.BLOCKED, b)
    world.run(120)
    assert alice.linked == bob.linked == {}
    assert bob.plan.chance(b"alice") is Chance.BLOCKED
    assert bob.opened == 0


def test_a_birthday_sends_a_hundred_packets_a_second_for_thirty_five_seconds_at_most() -> None:
    world, alice, bob = pair(Nat.PORT, Nat.SYMMETRIC)
    world.lost = lambda: True
    world.run(58)
    seconds = Counter(int(at) for at, _ in alice.sent)
    assert max(seconds.values()) <= 100 + 64
    assert 3_000 <= len(alice.sent) <= 3_700
    assert bob.opened == PORTS
    assert len({to.port for _, to in alice.sent}) > 3_000  # no port is asked twice
    assert len(bob.sent) < 4 * PORTS


def test_birthdays_are_six_an_hour() -> None:
    world, alice, _ = pair(Nat.PORT, Nat.SYMMETRIC)
    world.lost = lambda: True
    world.run(3_500)
    began = [at for at, to in alice.sent if to.port >= LOWEST]
    assert len(began) <= TIMES * SPRAY_S * 101 + 1_000


def test_a_device_has_one_birthday_at_a_time() -> None:
    world = World(3)
    alice, bob, carol = world.host("alice", Nat.PORT), world.host("bob", Nat.SYMMETRIC), world.host("carol", Nat.BLOCK)
    world.bond(alice, bob)
    world.bond(alice, carol)
    world.lost = lambda: True
    world.run(30)
    sprayed = {to.host for at, to in alice.sent if at > world.now - 20 and to.port not in (45_654,)}
    assert len(sprayed & {"203.0.113.2", "203.0.113.3"}) >= 1
    per_second = Counter(int(at) for at, _ in alice.sent)
    assert max(per_second.values()) <= 100 + 2 * 64


def test_both_ends_meet_though_one_learns_of_the_other_much_later() -> None:
    for seed in range(8):
        world, alice, bob = pair(Nat.PORT, Nat.PORT, seed, found_after_s=8.0)
        world.run(40, both(alice, bob))
        assert alice.linked
        assert bob.linked


def test_a_third_of_all_packets_lost_keeps_nobody_apart() -> None:
    for seed in range(8):
        world, alice, bob = pair(Nat.PORT, Nat.ADDRESS, seed)
        world.lost = partial(third, world.dice)
        world.run(30, both(alice, bob))
        assert alice.linked
        assert bob.linked


# -- relays -----------------------------------------------------------------------------------------------------------


def three(a: Nat, b: Nat, c: Nat = Nat.FULL, seed: int = 1) -> tuple[World, Host, Host, Host]:
    world = World(seed)
    hosts = (world.host("alice", a), world.host("bob", b), world.host("carol", c))
    world.bond(*hosts)
    return world, *hosts


def test_two_random_ends_are_carried_by_a_member_within_five_seconds() -> None:
    world, alice, bob, carol = three(Nat.SYMMETRIC, Nat.SYMMETRIC)
    took = world.run(20, lambda: b"bob" in alice.linked and b"alice" in bob.linked)
    assert took < 5.0
    assert alice.linked[b"bob"][1].reach is Reach.RELAY
    assert carol.desk.count == 1


def test_a_member_who_does_not_relay_is_not_pressed() -> None:
    world, alice, bob, carol = three(Nat.SYMMETRIC, Nat.SYMMETRIC)
    carol.desk.on = False
    world.run(50)
    assert b"bob" not in alice.linked
    assert b"alice" not in bob.linked
    assert carol.desk.count == 0


def test_a_relay_that_lets_nothing_through_is_given_up_for_another() -> None:
    world = World(5)
    alice, bob = world.host("alice", Nat.SYMMETRIC), world.host("bob", Nat.SYMMETRIC)
    carol, dave = world.host("carol", Nat.FULL), world.host("dave", Nat.FULL)
    world.bond(alice, bob, carol, dave)
    carol.desk.frame = lambda data, address, now: None  # type: ignore[method-assign]  # a black hole
    took = world.run(40, lambda: b"bob" in alice.linked and b"alice" in bob.linked)
    assert b"bob" in alice.linked
    assert took < 15
    assert dave.desk.count == 1
    assert {it.via for it in alice.rides.all} == {b"dave"}


def test_a_call_by_way_of_a_relay_brings_about_a_direct_way() -> None:
    world = World(9, found_after_s=10_000.0)  # nobody finds a record; Alice and Bob know Carol's from before
    alice, bob, carol = (world.host(name, Nat.PORT) for name in ("alice", "bob", "carol"))
    world.bond(alice, bob, carol)
    for one, other in ((alice, carol), (carol, alice), (bob, carol), (carol, bob)):
        told = other.record()
        one.plan.learn(Found(other.name, told.candidates, told, world.now + 600), world.now)

    def ways() -> list[Reach]:
        return [it.current.address.reach for it in alice.paths.of_bond(b"bob") if it.current is not None]

    world.run(20, lambda: ways() == [Reach.V4])
    assert alice.linked[b"bob"][1].reach is Reach.RELAY  # at first
    assert ways() == [Reach.V4]  # then direct


# -- bounds -----------------------------------------------------------------------------------------------------------


def record(*hosts: str, nat: NatClass = NatClass.CONSISTENT, number: int = 1) -> PeerRecord:
    found = tuple(Candidate(Address(host, 4_000 + at), Kind.REFLEXIVE) for at, host in enumerate(hosts))
    return PeerRecord(found, nat, number=number)


def test_rumours_are_asked_three_times_and_vouched_addresses_for_as_long_as_the_record_is_fresh() -> None:
    world, alice, _ = pair(Nat.PORT, Nat.BLOCKED)
    rumour, vouched = Address("198.51.100.1", 9), Address("198.51.100.2", 4_000)
    told = record("198.51.100.2", number=2)
    found = Found(b"bob", (*told.candidates, Candidate(rumour, Kind.RUMOUR)), told, world.now + 90)
    alice.plan.learn(found, world.now)
    world.run(300)
    asked = Counter(to for _, to in alice.sent)
    assert asked[rumour] == 3
    assert 20 <= asked[vouched] <= 26  # 10 in 5 s, each 5 s to 60 s, each 15 s to 90 s


def test_a_thousand_rumours_are_asked_of_within_bounds() -> None:
    world, alice, _ = pair(Nat.PORT, Nat.BLOCKED)
    for at in range(1_000):
        rumour = Candidate(Address(f"198.51.{at // 250}.{at % 250 + 1}", 9), Kind.RUMOUR)
        alice.plan.learn(Found(b"bob", (rumour,), None, world.now + 600), world.now)
    world.run(60)
    assert len({to for _, to in alice.sent if to.host.startswith("198.51.")}) <= 24


def test_probes_to_one_peer_go_six_in_a_tick_and_the_nearest_first() -> None:
    world, alice, _ = pair(Nat.PORT, Nat.BLOCKED)
    kinds = (Kind.REFLEXIVE, Kind.MAPPED, Kind.V6, Kind.LAN) * 4
    many = tuple(
        Candidate(Address(f"198.51.100.{at + 1}", 9) if kind is not Kind.V6 else Address(f"2001:db8::{at}", 9), kind)
        for at, kind in enumerate(kinds)
    )
    told = PeerRecord(many, NatClass.CONSISTENT, number=5)
    world.run(100)
    alice.plan.learn(Found(b"bob", many, told, world.now + 600), world.now)
    acts = [it for it in alice.plan.due(world.now) if isinstance(it, Ping)]
    assert len(acts) <= 6
    kind_of = {it.address: it.kind for it in many}
    first = [kind_of[it.address] for it in acts if it.address in kind_of]
    assert first == sorted(first)
    assert first[0] is Kind.LAN


def test_an_older_record_changes_nothing() -> None:
    bond = Bond(b"bob", bytes(32), Side.FIRST)
    it = Punch(bond, bytes, Turn(), 0.0)
    it.learn(record("198.51.100.2", number=7), 100.0, 0.0)
    it.learn(record("198.51.100.3", number=6), 100.0, 1.0)
    assert it.record is not None
    assert it.record.number == 7


def test_each_joiner_of_an_invite_is_punched_for_though_another_one_is_linked() -> None:
    host = Punch(Bond(b"way", bytes(32), Side.FIRST, many=True), bytes, Turn(), 0.0)
    host.learn(record("198.51.100.2", nat=NatClass.RANDOM, number=900), 1_000.0, 0.0)
    host.reached(0.5)
    host.learn(record("198.51.100.3", nat=NatClass.RANDOM, number=3), 1_000.0, 10.0, linked=True)
    assert {type(act) for act in host.due(12.0, NatClass.CONSISTENT)} >= {Probe}
    joiner = Punch(Bond(b"way", bytes(32), Side.SECOND, many=True), bytes, Turn(), 0.0)
    joiner.learn(record("198.51.100.2", nat=NatClass.RANDOM), 1_000.0, 0.0)
    joiner.reached(0.5)
    joiner.learn(record("198.51.100.3", nat=NatClass.RANDOM), 1_000.0, 10.0, linked=True)
    assert joiner.due(12.0, NatClass.CONSISTENT) == []  # one host is enough


def test_records_of_an_invite_that_come_again_and_again_cost_one_birthday() -> None:
    """Old and new ones of the same end lie in several places, and all of them are read each few seconds."""
    it = Punch(Bond(b"way", bytes(32), Side.SECOND, many=True), bytes, Turn(), 0.0)
    old, new = record("198.51.100.2", number=1), record("198.51.100.2", "192.0.2.7", number=2)
    opened = 0
    for second in range(30):
        for one in (old, new, record("203.0.113.77", number=50)) if second % 2 else (new, old):
            it.learn(one, 1_000.0, float(second))
        for tick in range(10):
            acts = it.due(second + tick / 10, NatClass.RANDOM)
            opened += sum(act.count for act in acts if isinstance(act, Scatter))
    assert len(it._times) == 1
    assert opened >= PORTS


def test_a_reached_peer_is_neither_sprayed_nor_retried() -> None:
    bond = Bond(b"bob", bytes(32), Side.FIRST)
    it = Punch(bond, bytes, Turn(), 0.0)
    it.learn(record("198.51.100.2", nat=NatClass.RANDOM), 1_000.0, 0.0)
    it.reached(0.5)
    acts = [act for second in range(100) for act in it.due(second / 2 + 0.5, NatClass.CONSISTENT)]
    assert acts == []


def test_the_random_side_opens_ports_and_the_other_side_sprays() -> None:
    for nat, theirs, kind in (
        (NatClass.RANDOM, NatClass.CONSISTENT, Scatter),
        (NatClass.CONSISTENT, NatClass.SEQUENTIAL, Probe),
    ):
        it = Punch(Bond(b"bob", bytes(32), Side.FIRST), bytes, Turn(), 0.0)
        it.learn(record("198.51.100.2", nat=theirs), 1_000.0, 0.0)
        assert it.due(0.9, nat) == []
        assert {type(act) for act in it.due(1.1, nat)} == {kind}


def test_what_two_classes_leave_to_hope_for() -> None:
    assert chance(NatClass.CONSISTENT, NatClass.UNKNOWN) is Chance.PROBES
    assert chance(NatClass.RANDOM, NatClass.OPEN) is Chance.PROBES
    assert chance(NatClass.RANDOM, NatClass.CONSISTENT) is Chance.BIRTHDAY_HERE
    assert chance(NatClass.CONSISTENT, NatClass.SEQUENTIAL) is Chance.BIRTHDAY_THERE
    assert chance(NatClass.RANDOM, NatClass.SEQUENTIAL) is Chance.NONE
    assert chance(NatClass.BLOCKED, NatClass.OPEN) is Chance.BLOCKED
