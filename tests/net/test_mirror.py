"""Where we are seen from outside: concluded from mirrors of which one lies, asked politely, answered by nobody else."""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notesapp.net import krpc
from notesapp.net.address import Address
from notesapp.net.candidate import NatClass
from notesapp.net.mirror import AGAIN_S, EACH_S, SOON_S, STILL_S, Mirror, Mirrored
from notesapp.net.nat import NatReport, Seen, classified

HOME = Address("192.168.1.5", 45654)
OUT = "198.51.100.7"
NODES = [Address(f"172.{16 + n}.3.1", 6881) for n in range(12)]


def report(*ports: int, host: str = OUT, asked: int = 5, ours: Address = HOME) -> NatReport:
    return classified(
        [Seen(node, Address(host, port)) for node, port in zip(NODES, ports, strict=False)], [ours], asked
    )


@pytest.mark.parametrize(
    ("ports", "nat", "port"),
    [
        ((61000,) * 5, NatClass.CONSISTENT, 61000),
        ((61000,) * 3, NatClass.CONSISTENT, 61000),
        ((61000, 61000, 7, 61000, 61000), NatClass.CONSISTENT, 61000),  # one mirror lies
        ((61000, 61000, 7, 8, 61000), NatClass.CONSISTENT, 61000),  # or two
        ((50123, 33456, 61999, 40000, 1025), NatClass.RANDOM, 1025),
        ((61000, 61001, 61002, 61004, 61010), NatClass.SEQUENTIAL, 61010),
        ((61010, 61009, 61008), NatClass.RANDOM, 61008),
        ((61000, 61001), NatClass.UNKNOWN, 61000),
        ((61000, 61000), NatClass.UNKNOWN, 61000),
        ((61000, 61000, 5), NatClass.UNKNOWN, 61000),
    ],
)
def test_the_class_of_a_router(ports: tuple[int, ...], nat: NatClass, port: int) -> None:
    found = report(*ports)
    assert (found.nat, found.external) == (nat, Address(OUT, port))


def test_who_is_seen_as_he_is_has_no_router() -> None:
    assert report(45654, 45654, 45654, ours=Address(OUT, 45654)).nat is NatClass.OPEN
    assert report(45654, 45654, 45654, ours=Address(OUT, 5)).nat is NatClass.CONSISTENT  # a router keeps the number


def test_silence_is_a_block_only_if_enough_were_asked() -> None:
    assert report(asked=5).nat is NatClass.BLOCKED
    assert report(asked=4).nat is NatClass.UNKNOWN


def test_mirrors_of_one_network_are_one_voice() -> None:
    truth = [Seen(node, Address(OUT, 61000)) for node in NODES[:3]]
    crowd = [Seen(Address(f"10.9.0.{n}", 6881), Address("203.0.113.9", 5)) for n in range(50)]
    found = classified([*crowd, *truth], [HOME], 5)
    assert (found.nat, found.external) == (NatClass.CONSISTENT, Address(OUT, 61000))


def test_one_liar_makes_nobody_a_target() -> None:
    victim = Address("203.0.113.9", 53)
    assert classified([Seen(NODES[0], victim)], [HOME], 5).external is None
    both = classified([Seen(NODES[0], victim), Seen(NODES[1], Address(OUT, 61000))], [HOME], 5)
    assert (both.nat, both.external) == (NatClass.UNKNOWN, None)


@given(st.lists(st.tuples(st.sampled_from(NODES), st.ip_addresses(v=4), st.integers(1, 65535)), max_size=12))
def test_whatever_mirrors_say_an_outside_address_needs_two(said: list[tuple[Address, object, int]]) -> None:
    found = classified([Seen(node, Address(str(host), port)) for node, host, port in said], [HOME], 5)
    if found.external is not None:
        last = {node: str(host) for node, host, _ in said}
        assert Counter(last.values())[found.external.host] >= 2


# -- asking -------------------------------------------------------------------------------------------------------


class Wire:
    """Nodes that answer a mirror's questions."""

    def __init__(self) -> None:
        self.sent: list[tuple[bytes, Address]] = []
        self.mirror = Mirror(random.Random(5).randbytes, self._send)

    def _send(self, packet: bytes, address: Address) -> bool:
        self.sent.append((packet, address))
        return True

    def answer(self, now: float, us: Address) -> list[Mirrored | bool]:
        """All who were asked answer."""
        asked, self.sent = self.sent, []
        return [self.mirror.receive(reply(packet, us), address, now) for packet, address in asked]


def reply(packet: bytes, us: Address) -> bytes:
    transaction = packet.split(b"1:t8:")[1][:8]
    raw = us.ip.packed + us.port.to_bytes(2, "big")
    return b"d2:ip%d:%s1:rd2:id20:%se1:t8:%s1:y1:re" % (len(raw), raw, bytes(20), transaction)


def test_five_nodes_in_five_networks_are_asked_and_believed() -> None:
    wire = Wire()
    wire.mirror.know([*NODES, *(Address(f"172.16.3.{n}", 1) for n in range(50))])
    wire.mirror.begin(100.0)
    wire.mirror.due(100.0)
    assert len({address.host.rsplit(".", 2)[0] for _, address in wire.sent}) == len(wire.sent) == 5
    assert wire.mirror.report([HOME], 100.1).nat is NatClass.UNKNOWN  # nothing is concluded from haste
    assert wire.answer(100.1, Address(OUT, 61000)) == [True] * 5
    found = wire.mirror.report([HOME], 100.2)
    assert (found.nat, found.external, len(found.answers)) == (NatClass.CONSISTENT, Address(OUT, 61000), 5)
    wire.mirror.due(104.0)
    assert wire.sent == []  # it is enough


@pytest.mark.parametrize(("answers", "more", "nat"), [(2, 5, NatClass.UNKNOWN), (3, 0, NatClass.CONSISTENT)])
def test_three_answers_are_enough_and_two_are_not(answers: int, more: int, nat: NatClass) -> None:
    wire = Wire()
    wire.mirror.know(NODES)
    wire.mirror.begin(100.0)
    wire.mirror.due(100.0)
    asked, wire.sent = wire.sent[:answers], []
    for packet, address in asked:
        assert wire.mirror.receive(reply(packet, Address(OUT, 61000)), address, 100.1) is True
    assert wire.mirror.report([HOME], 100.2).nat is nat
    wire.mirror.due(100.5)
    assert len(wire.sent) == more


def test_a_silent_network_is_asked_thirty_times_and_called_blocked() -> None:
    wire = Wire()
    wire.mirror.know(Address(f"10.{n}.0.1", 6881) for n in range(100))
    wire.mirror.begin(0.0)
    while wire.mirror.wake_at() < 100.0:
        wire.mirror.due(wire.mirror.wake_at())
    assert len(wire.sent) == 30
    assert wire.mirror.report([HOME], 10.0).nat is NatClass.BLOCKED


def test_few_nodes_are_enough_after_a_change_of_networks() -> None:
    wire = Wire()
    wire.mirror.know(NODES[:5])
    wire.mirror.begin(0.0)
    wire.mirror.due(0.0)
    wire.sent.clear()
    wire.mirror.begin(0.5)  # no node may be asked so soon again
    wire.mirror.due(0.5)
    wire.mirror.more(0.5)
    while not wire.sent:
        now = wire.mirror.wake_at()
        wire.mirror.due(now)
    assert SOON_S <= now <= SOON_S + 1.0
    wire.answer(now, Address(OUT, 61000))
    assert wire.mirror.report([HOME], now).nat is NatClass.CONSISTENT


@pytest.mark.parametrize(("changes", "least_s"), [(False, EACH_S), (True, SOON_S)])
def test_no_node_is_asked_twice_in_fifteen_seconds_from_one_network(changes: bool, least_s: float) -> None:
    wire = Wire()
    wire.mirror.know(NODES)
    wire.mirror.begin(0.0)
    times: dict[Address, list[float]] = {}
    for step in range(400):
        now = step * 0.5
        if changes:  # all the time
            wire.mirror.begin(now)
        wire.mirror.doubt(now)
        wire.mirror.due(now)
        wire.mirror.ask(3, now)
        for _, address in wire.sent:
            times.setdefault(Address(address.host, address.port), []).append(now)
        wire.sent.clear()
    gaps = [after - before for at in times.values() for before, after in pairwise(at)]
    assert min(gaps) >= least_s


def test_a_cable_that_came_or_went_takes_nothing_back_unless_nobody_answers_any_more() -> None:
    wire = Wire()
    wire.mirror.know(NODES)
    wire.mirror.begin(0.0)
    wire.mirror.due(0.0)
    wire.answer(0.1, Address(OUT, 61000))
    wire.mirror.begin(10.0, keeps=True)
    wire.mirror.due(10.0)
    assert wire.mirror.report([HOME], 11.0).external == Address(OUT, 61000)
    assert wire.mirror.report([HOME], 10.0 + STILL_S).external is None
    wire.mirror.begin(20.0, keeps=True)
    wire.mirror.due(21.0)
    wire.answer(21.1, Address("203.0.113.77", 5000))
    assert wire.mirror.report([HOME], 21.2).external == Address("203.0.113.77", 5000)


def test_only_who_was_asked_is_heard() -> None:
    wire = Wire()
    wire.mirror.know(NODES)
    wire.mirror.begin(0.0)
    wire.mirror.due(0.0)
    packet, address = wire.sent[0]
    lie = reply(packet, Address("203.0.113.9", 5))
    assert not wire.mirror.receive(lie, Address("203.0.113.1", 6881), 0.1)  # from elsewhere
    assert not wire.mirror.receive(lie.replace(packet.split(b"1:t8:")[1][:8], b"12345678"), address, 0.1)
    assert not wire.mirror.receive(lie, address, 60.0)  # too late
    assert wire.mirror.receive(lie, address, 0.2) is True
    assert not wire.mirror.receive(lie, address, 0.3)  # twice


def test_another_port_of_ours_has_its_own_outside() -> None:
    wire = Wire()
    wire.mirror.know(NODES)
    wire.mirror.ask(7, 0.0)
    assert [address.mine for _, address in wire.sent] == [7, 7]
    assert wire.answer(0.1, Address(OUT, 62000)) == [Mirrored(7, Address(OUT, 62000))] * 2
    assert wire.mirror.report([HOME], 1.0).external is None


def test_members_are_mirrors_too() -> None:
    wire = Wire()
    for n in range(3):
        wire.mirror.seen_by(Address(f"8.{n}.0.1", 45654), Address(OUT, 61000), 1.0)
    wire.mirror.seen_by(Address("192.168.1.9", 45654), HOME, 1.0)  # one in the same house says nothing of the router
    assert wire.mirror.report([HOME], 2.0).nat is NatClass.CONSISTENT


def test_a_restarted_router_is_noticed_within_minutes() -> None:
    wire = Wire()
    wire.mirror.know(NODES)
    wire.mirror.begin(0.0)
    wire.mirror.due(0.0)
    wire.answer(0.1, Address(OUT, 61000))
    assert wire.mirror.wake_at() < AGAIN_S
    while wire.mirror.wake_at() < AGAIN_S:
        wire.mirror.due(wire.mirror.wake_at())
    wire.mirror.due(AGAIN_S)
    wire.answer(AGAIN_S + 0.1, Address("203.0.113.77", 5000))
    assert wire.mirror.report([HOME], AGAIN_S + 1).external == Address("203.0.113.77", 5000)


def test_a_restarted_router_is_noticed_at_once_when_somebody_falls_silent_and_nobody_is_asked_too_often() -> None:
    wire, later = Wire(), Address("203.0.113.77", 5000)
    wire.mirror.know(NODES)
    wire.mirror.begin(0.0)
    wire.mirror.due(0.0)
    wire.answer(0.1, Address(OUT, 61000))
    wire.mirror.doubt(2.5)  # too soon, and not forgotten
    wire.mirror.due(2.5)
    assert wire.sent == []
    assert wire.mirror.wake_at() == 5.0
    wire.mirror.due(5.0)
    assert len(wire.sent) == 5
    wire.answer(5.1, Address(OUT, 61000))
    wire.mirror.doubt(60.0)
    assert wire.mirror.report([HOME], 60.0).external == Address(OUT, 61000)  # until somebody says otherwise
    wire.mirror.due(60.0)
    wire.answer(60.1, later)
    assert wire.mirror.report([HOME], 60.2).external == later


# -- bytes --------------------------------------------------------------------------------------------------------


@given(st.binary(max_size=200) | st.builds(lambda tail: b"d" + tail + b"e", st.binary(max_size=100)))
def test_any_bytes_are_an_answer_or_none(data: bytes) -> None:
    said = krpc.answer(data)
    assert said is None or isinstance(said.transaction, bytes)


@given(st.data())
def test_a_changed_answer_never_breaks_the_reader(data: st.DataObject) -> None:
    whole = bytearray(reply(krpc.ping(b"abcdefgh", bytes(20)), Address(OUT, 61000)))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    said = krpc.answer(bytes(whole))
    assert said is None or said.us is None or said.us.usable


@pytest.mark.parametrize(
    "data", [b"d" * 900 + b"e" * 900, b"l" * 1024, b"d99999999999:", b"d-5:", b"di--1ei0ee", b"de"]
)
def test_hostile_bencoding_is_refused(data: bytes) -> None:
    assert krpc.answer(data) is None


def test_a_question_and_its_answer_byte_by_byte() -> None:
    assert krpc.ping(b"abcdefgh", b"i" * 20) == (
        b"d1:ad2:id20:iiiiiiiiiiiiiiiiiiiie1:q4:ping2:roi1e1:t8:abcdefgh1:y1:qe"
    )
    said = krpc.answer(
        b"d2:ip6:\xc6\x33\x64\x07\xee\x481:rd2:id20:iiiiiiiiiiiiiiiiiiiie1:t8:abcdefgh1:v4:LT\x02\x011:y1:re"
    )
    assert said == krpc.Answer(b"abcdefgh", b"i" * 20, Address(OUT, 61000))
    bare = krpc.answer(b"d1:rd2:id20:iiiiiiiiiiiiiiiiiiiie1:t8:abcdefgh1:y1:re")
    assert bare == krpc.Answer(b"abcdefgh", b"i" * 20)
