"""Two linked ends, of whom one moves, loses its relay, or finds a better way. Needs root and nft."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator

import pytest

from tests.lab.kinds import Kind
from tests.lab.pair import People, people
from tests.net.lab import Process, need_lab

pytestmark = pytest.mark.lab

ROAMED_S = 8.0


@pytest.fixture
def two() -> Iterator[People]:
    need_lab("nft")
    with people(["alice", "bob"]) as them:
        yield them


@pytest.fixture
def three() -> Iterator[People]:
    need_lab("nft")
    with people(["alice", "bob", "carol"]) as them:
        yield them


def answered(end: Process, other: str, after: float, within_s: float) -> float:
    """When a word of the other one came back."""
    at: float = end.until("answered", within_s, after=after, bond=other)["at"]
    return at


@pytest.mark.parametrize(
    ("start", "moved"),
    [
        (Kind.PORT, Kind.PORT),
        # two of five times the one who stays begins no birthday with the one who moved, and 40 s are over: open
        pytest.param(Kind.PORT, Kind.SYMMETRIC, marks=pytest.mark.soak),
        (Kind.LAN, Kind.PORT),
    ],
)
def test_one_end_is_carried_to_another_router_and_the_link_goes_on(two: People, start: Kind, moved: Kind) -> None:
    sides = [two.ground.side(start if start is Kind.LAN else kind) for kind in (start, Kind.PORT)]
    alice, bob = (two.start(name, side) for name, side in zip(("alice", "bob"), sides, strict=True))
    for end, other in ((alice, "bob"), (bob, "alice")):
        answered(end, other, 0, 30)
    two.ground.move(sides[0], moved)
    there = time.monotonic()
    took = [answered(end, other, there + 0.3, 40) - there for end, other in ((alice, "bob"), (bob, "alice"))]
    print(f"from {start} to {moved}: words again after {max(took):.2f} s")
    assert max(took) < (ROAMED_S if moved is not Kind.SYMMETRIC else 25.0)
    assert [line for line in alice.seen + bob.seen if line["what"] == "ended"] == []  # the same link goes on


def test_a_relay_that_falls_asleep_is_left_for_another_member() -> None:
    need_lab("nft")
    with people(["alice", "bob", "carol", "dave"]) as them:
        kinds = (Kind.SYMMETRIC, Kind.SYMMETRIC, Kind.FULL, Kind.OPEN)
        sides = {name: them.ground.side(kind) for name, kind in zip(them.names, kinds, strict=True)}
        helpers = {name: them.start(name, sides[name]) for name in ("carol", "dave")}
        for it in helpers.values():
            it.until("class", 20)
        alice, bob = (them.start(name, sides[name]) for name in ("alice", "bob"))
        relayed = alice.until("state", 30, bond="bob", stage="relayed")
        answered(bob, "alice", 0, 20)
        first = relayed["through"]
        helpers[first].signal(signal.SIGSTOP)
        asleep = time.monotonic()
        second = alice.until(
            "state", 40, after=asleep, bond="bob", stage="relayed", through="dave" if first == "carol" else "carol"
        )
        took = answered(bob, "alice", second["at"], 20) - asleep
        helpers[first].signal(signal.SIGCONT)
        print(f"words again {took:.2f} s after {first} fell asleep, through {second['through']}")
        assert took < 30.0


def test_two_who_find_nobodys_record_are_carried_and_then_reach_each_other_directly(three: People) -> None:
    """Carol is all that they have in common: she forwards where they are."""
    sides = {name: three.ground.side(Kind.PORT) for name in three.names}
    three.start("carol", sides["carol"]).until("class", 20)
    alice, bob = (three.start(name, sides[name], reads=["carol"]) for name in ("alice", "bob"))
    three.ends["carol"].until("opened", 30, bond="alice")
    online = max(end.until("ready", 20)["at"] for end in (alice, bob))
    relayed = alice.until("state", 30, bond="bob", stage="relayed")["at"] - online
    direct = alice.until("state", 30, bond="bob", stage="direct")["at"] - online
    answered(bob, "alice", online + direct, 20)
    print(f"carried after {relayed:.2f} s, directly after {direct:.2f} s")
    assert relayed <= direct
