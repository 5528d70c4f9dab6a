"""Sealed probes over a network in memory: who is answered, who is not, and how often anybody is asked."""

from __future__ import annotations

import os
import random
from collections import deque
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from notesapp.identity.primitives import seal
from notesapp.net.address import Address
from notesapp.net.bond import Bond, Side
from notesapp.net.disco import ANSWERS_A_S, NUMBERS, TRIALS, TRIES, Answered, Disco, Heard, Said
from notesapp.net.packet import MAGIC, PACKET_BYTES, Probe, What, looks_like_probe, opened, sealed
from notesapp.net.paths import PathTable

ALICE, BOB, MALLORY = (Address(f"192.168.1.{n}", 4000 + n) for n in (1, 2, 3))


class Net:
    """Probes between addresses, carried when `run` is called."""

    def __init__(self) -> None:
        self.now = 50.0
        self.sent: list[tuple[Address, Address, bytes]] = []  # from, to, packet
        self._queue: deque[tuple[Address, Address, bytes]] = deque()
        self.ends: dict[Address, Disco] = {}
        self.events: dict[Address, list[Answered | Heard | Said]] = {}

    def end(self, at: Address, *bonds: Bond) -> Disco:
        def send(data: bytes, to: Address, hops: int = 0) -> bool:
            self.sent.append((at, to, data))
            self._queue.append((at, to, data))
            return True

        disco = self.ends[at] = Disco(os.urandom, send, PathTable())
        self.events[at] = []
        disco.know(bonds)
        return disco

    def sends_from(self, at: Address) -> Callable[[bytes, Address, int], bool]:
        """How an end that moved sends."""

        def send(data: bytes, to: Address, hops: int = 0) -> bool:
            self._queue.append((at, to, data))
            return True

        return send

    def run(self) -> None:
        while self._queue:
            self.now += 0.001
            source, to, data = self._queue.popleft()
            if to in self.ends and (event := self.ends[to].receive(data, source, self.now)) is not None:
                self.events[to].append(event)

    def asked(self, to: Address) -> int:
        return sum(1 for _, there, _ in self.sent if there == to)


def pair() -> tuple[Bond, Bond]:
    secret = os.urandom(32)
    return Bond(b"bob", secret, Side.FIRST), Bond(b"alice", secret, Side.SECOND)


def test_one_ping_validates_the_way_for_both() -> None:
    net, (to_bob, to_alice) = Net(), pair()
    alice, bob = net.end(ALICE, to_bob), net.end(BOB, to_alice)
    assert alice.ping(b"bob", BOB, net.now)
    net.run()
    [answered] = [it for it in net.events[ALICE] if isinstance(it, Answered)]
    assert answered.address == BOB
    assert answered.remote.run == bob.run
    assert answered.remote.seen_as == ALICE  # a member is the other's mirror
    assert [type(it) for it in net.events[BOB]] == [Heard, Answered]
    assert {len(data) for _, _, data in net.sent} == {PACKET_BYTES}


def test_the_listener_validates_before_the_dialer_does() -> None:
    net, (to_bob, to_alice) = Net(), pair()
    alice, _ = net.end(ALICE, to_bob), net.end(BOB, to_alice)
    alice.ping(b"bob", BOB, net.now)
    net.run()
    # ping ->, ping <-, pong <-, pong ->: Alice answers Bob's ping before she hears his pong
    assert [source for source, _, _ in net.sent] == [ALICE, BOB, BOB, ALICE]


def test_a_stranger_hears_nothing() -> None:
    net, (_, to_alice) = Net(), pair()
    net.end(BOB, to_alice)
    mallory = net.end(MALLORY, Bond(b"bob", os.urandom(32), Side.FIRST))
    mallory.ping(b"bob", BOB, net.now)
    net.run()
    assert [source for source, _, _ in net.sent] == [MALLORY]
    assert net.events[BOB] == []


def test_a_probe_sent_back_to_its_maker_is_not_answered() -> None:
    net, (to_bob, to_alice) = Net(), pair()
    alice = net.end(ALICE, to_bob)
    net.end(BOB, to_alice)
    alice.ping(b"bob", MALLORY, net.now)
    [(_, _, packet)] = net.sent
    assert alice.receive(packet, MALLORY, net.now) is None
    assert len(net.sent) == 1


def test_a_replayed_ping_is_not_answered_again() -> None:
    net, (to_bob, to_alice) = Net(), pair()
    alice, bob = net.end(ALICE, to_bob), net.end(BOB, to_alice)
    alice.ping(b"bob", BOB, net.now)
    net.run()
    ping, count = net.sent[0][2], len(net.sent)
    assert bob.receive(ping, MALLORY, net.now) is None
    assert len(net.sent) == count


def test_a_replayed_pong_makes_no_way() -> None:
    net, (to_bob, to_alice) = Net(), pair()
    alice, _ = net.end(ALICE, to_bob), net.end(BOB, to_alice)
    alice.ping(b"bob", BOB, net.now)
    net.run()
    for _, to, packet in list(net.sent):
        if to == ALICE:
            assert alice.receive(packet, MALLORY, net.now) is None
    assert list(alice._paths.at(MALLORY)) == []


def test_a_pong_from_elsewhere_than_was_asked_makes_no_way() -> None:
    net, (to_bob, to_alice) = Net(), pair()
    alice, bob = net.end(ALICE, to_bob), net.end(BOB, to_alice)
    alice.ping(b"bob", BOB, net.now)
    bob.receive(net.sent[0][2], ALICE, net.now)
    pong = net.sent[-1][2]
    assert alice.receive(pong, MALLORY, net.now) is None
    assert list(alice._paths.at(MALLORY)) == []


def test_an_address_that_never_answers_is_asked_three_times_a_network() -> None:
    net, (to_bob, _) = Net(), pair()
    alice = net.end(ALICE, to_bob)
    assert [alice.ping(b"bob", MALLORY, net.now + n) for n in range(10)].count(True) == TRIES
    assert net.asked(MALLORY) == TRIES
    alice.new_network()
    assert alice.ping(b"bob", MALLORY, net.now + 20)


def test_whoever_answered_may_be_asked_on_and_on() -> None:
    net, (to_bob, to_alice) = Net(), pair()
    alice, _ = net.end(ALICE, to_bob), net.end(BOB, to_alice)
    alice.ping(b"bob", BOB, net.now)
    net.run()
    del net.ends[BOB]
    assert all(alice.ping(b"bob", BOB, net.now + n) for n in range(100))


def test_somebody_silent_who_then_asks_is_asked_back() -> None:
    net, (to_bob, to_alice) = Net(), pair()
    alice = net.end(ALICE, to_bob)
    while alice.ping(b"bob", BOB, net.now):
        net.run()
    bob = net.end(BOB, to_alice)
    bob.ping(b"alice", ALICE, net.now)
    net.run()
    net.now += 1
    bob.ping(b"alice", ALICE, net.now)
    net.run()
    assert any(isinstance(it, Answered) for it in net.events[ALICE])


def test_a_joiner_and_a_host_meet_by_an_invites_secret_and_runs_stay_apart() -> None:
    secret, net = os.urandom(32), Net()
    host = net.end(ALICE, Bond(b"invite", secret, Side.FIRST, many=True))
    joiners = [net.end(at, Bond(b"invite", secret, Side.SECOND, many=True)) for at in (BOB, MALLORY)]
    for joiner in joiners:
        joiner.ping(b"invite", ALICE, net.now)
    net.run()
    assert {it.run for it in host._paths.of_bond(b"invite")} == {it.run for it in joiners}


def test_one_end_may_have_moved_and_the_old_way_is_asked_whether_it_works() -> None:
    net, (to_bob, to_alice) = Net(), pair()
    alice, bob = net.end(ALICE, to_bob), net.end(BOB, to_alice)
    alice.ping(b"bob", BOB, net.now)
    net.run()
    del net.ends[ALICE]
    moved = Address("192.168.1.77", ALICE.port)
    net.ends[moved], net.events[moved] = alice, []
    alice._send = net.sends_from(moved)
    alice.ping(b"bob", BOB, net.now)
    net.run()
    remote = bob._paths.remote(b"alice", alice.run)
    assert remote is not None
    assert remote.current is not None
    assert remote.current.address == ALICE  # not before an answer is overdue
    assert [it.bond for it in bob._paths.settle(net.now + 1.1)] == [b"alice"]
    assert remote.current.address == moved


def test_a_new_way_that_we_asked_for_makes_us_ask_whether_the_old_one_still_works() -> None:
    net, (to_bob, to_alice) = Net(), pair()
    alice, bob = net.end(ALICE, to_bob), net.end(BOB, to_alice)
    alice.ping(b"bob", BOB, net.now)
    net.run()
    moved = Address("192.168.1.77", BOB.port)
    del net.ends[BOB]
    net.ends[moved], net.events[moved] = bob, []
    bob._send = net.sends_from(moved)
    alice.ping(b"bob", moved, net.now)  # read in Bob's record
    before = net.asked(BOB)
    net.run()
    assert net.asked(BOB) == before + 1
    assert [it.bond for it in alice._paths.settle(net.now + 1.1)] == [b"bob"]


def test_noise_that_looks_like_probes_costs_a_bounded_number_of_trials() -> None:
    net = Net()
    secrets = [os.urandom(32) for _ in range(50)]
    bob = net.end(BOB, *(Bond(b"%d" % n, secret, Side.SECOND) for n, secret in enumerate(secrets)))
    dice = random.Random(7)
    before = bob._trials._left
    for _ in range(1_000):
        packet = b"\x1fndp\x01\x00" + dice.randbytes(PACKET_BYTES - 6)
        assert looks_like_probe(packet)
        assert bob.receive(packet, Address("192.0.2.9", dice.randrange(1, 65_536)), net.now) is None
    assert before - bob._trials._left <= TRIALS
    assert bob._trials._left < len(secrets)  # used up: then unknown senders wait for the next second
    assert bob.dropped == 1_000
    assert net.sent == []


@given(st.binary(max_size=300), st.integers(0, 127), st.integers(1, 255))
def test_no_bytes_and_no_change_of_a_packet_do_anything(noise: bytes, at: int, flip: int) -> None:
    net, (to_bob, to_alice) = Net(), pair()
    alice, bob = net.end(ALICE, to_bob), net.end(BOB, to_alice)
    assert bob.receive(noise, ALICE, net.now) is None
    alice.ping(b"bob", BOB, net.now)
    packet = bytearray(net.sent[0][2])
    packet[at] ^= flip
    assert bob.receive(bytes(packet), ALICE, net.now) is None
    assert len(net.sent) == 1


def test_nothing_is_told_over_a_way_from_which_no_pong_came() -> None:
    net, (to_bob, to_alice) = Net(), pair()
    alice, _ = net.end(ALICE, to_bob), net.end(BOB, to_alice)
    assert not alice.say(b"bob", What.CALL, b"where I am", BOB)
    assert not net.sent
    alice.ping(b"bob", BOB, net.now)
    net.run()
    assert alice.say(b"bob", What.CALL, b"where I am", BOB)
    assert not alice.say(b"bob", What.CALL, b"where I am", MALLORY)
    assert not alice.say(b"carol", What.CALL, b"where I am", BOB)
    net.run()
    assert [it.body for it in net.events[BOB] if isinstance(it, Said)] == [b"where I am"]


def test_a_friend_who_says_what_nobody_knows_or_lies_about_its_length_is_not_heard() -> None:
    net, (to_bob, to_alice) = Net(), pair()
    bob, run = net.end(BOB, to_alice), b"a run..."
    for what, length in ((200, 0), (0, 0), (What.PING, 29), (What.PING, 60_000)):
        nonce = os.urandom(24)
        head = MAGIC + bytes([1, 0]) + to_bob.tag(nonce) + nonce
        meant = bytes([what]) + b"question" + run + bytes(8) + bytes(19) + length.to_bytes(2, "big")
        packet = head + seal(meant.ljust(PACKET_BYTES - len(head) - 16, b"\0"), to_bob.box_key, nonce, head)
        assert looks_like_probe(packet)
        dropped = bob.dropped
        assert bob.receive(packet, ALICE, net.now) is None
        assert bob.dropped == dropped + 1
    assert not net.sent


def test_a_friend_who_asks_without_end_is_answered_so_often_a_second_and_never_twice() -> None:
    net, (to_bob, to_alice) = Net(), pair()
    bob, run = net.end(BOB, to_alice), os.urandom(8)

    def ask(number: int, now: float) -> int:
        """How many pongs it brings."""
        before = len(net.sent)
        bob.receive(sealed(Probe(What.PING, os.urandom(8), run, number), to_bob, os.urandom), ALICE, now)
        return sum(opened(data, to_alice).what is What.PONG for _, _, data in net.sent[before:])

    assert sum(ask(number, 100.0) for number in range(10, 10 + 3 * ANSWERS_A_S)) == ANSWERS_A_S
    assert ask(10_000, 200.0) == 1
    assert ask(10_000, 200.1) == 0  # the same number once more
    assert ask(10_000 - NUMBERS + 1, 200.2) == 1  # late, and within the window
    assert ask(10_000 - NUMBERS, 200.3) == 0
