"""Two programs that know where the other was last and start at almost the same moment, in virtual time."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pytest

from notesapp.net.acts import Ping
from notesapp.net.address import Address
from notesapp.net.bond import Bond, Side
from notesapp.net.disco import Answered, Disco, Heard
from notesapp.net.paths import PathTable
from notesapp.net.plan import DialPlan

SECRET = bytes(32)
ALICE, BOB = Address("192.168.1.1", 4001), Address("192.168.1.2", 4002)
STEP_S = 0.01
LAG = 2  # steps that a packet takes


@dataclass
class End:
    """One program: what it asks when, and whom it may take a first packet from."""

    at: Address
    bond: Bond
    other: Address
    starts: float
    wire: list[tuple[int, Address, Address, bytes]]
    dice: random.Random
    number: int = 0
    is_on: bool = False
    met_at: float | None = None
    paths: PathTable = field(default_factory=PathTable)

    def __post_init__(self) -> None:
        self.disco = Disco(self.dice.randbytes, self._send, self.paths)
        self.disco.know([self.bond])
        self.plan = DialPlan(self.disco.run)

    def _send(self, data: bytes, to: Address, hops: int = 0) -> bool:
        self.wire.append((self.number + LAG, self.at, to, data))
        return True

    def step(self, now: float, arrived: list[tuple[Address, bytes]]) -> None:
        """What comes, then what is due."""
        if now < self.starts:
            return  # nobody listens yet: what came is lost
        if not self.is_on:
            self.is_on = True
            self.plan.want([self.bond], now)
            self.plan.found(self.bond.name, [self.other], now)
        for source, data in arrived:
            match self.disco.receive(data, source, now):
                case Heard(name, address):
                    self.plan.heard(name, address, now)
                case Answered(remote, address):
                    self.plan.answered(remote.bond, remote.run, address, address, now)
                    self.met_at = self.met_at if self.met_at is not None else now
        for act in self.plan.due(now):
            if isinstance(act, Ping):
                self.disco.ping(act.bond, act.address, now)


def meeting(apart_s: float) -> float:
    """How long after the second start both have had an answer: until then the one takes no packet of the other's."""
    wire: list[tuple[int, Address, Address, bytes]] = []
    dice = random.Random(1)
    first = End(ALICE, Bond(b"bob", SECRET, Side.FIRST), BOB, 100.0, wire, dice)
    second = End(BOB, Bond(b"alice", SECRET, Side.SECOND), ALICE, 100.0 + apart_s, wire, dice)
    for number in range(2_000):
        now = 100.0 + number * STEP_S
        due = [it for it in wire if it[0] <= number]
        wire[:] = [it for it in wire if it[0] > number]
        for end in (first, second):
            end.number = number
            end.step(now, [(source, data) for _, source, to, data in due if to == end.at])
        if first.met_at is not None and second.met_at is not None:
            return round(max(first.met_at, second.met_at) - second.starts, 2)
    raise AssertionError(f"started {apart_s} s apart, they never met: {first.met_at}, {second.met_at}")


@pytest.mark.parametrize("tenths", range(30))
def test_however_far_apart_they_start_both_have_validated_the_way_within_a_second(tenths: int) -> None:
    took = {hundredths: meeting(tenths / 10 + hundredths / 100) for hundredths in range(10)}
    assert max(took.values()) < 1.0, took
