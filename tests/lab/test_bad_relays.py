"""Members who carry for others and do them harm: real nodes leave them, or say what would help. Needs root and nft."""

from __future__ import annotations

import time

import pytest

from tests.lab.kinds import Kind
from tests.lab.nodes_pair import Friends, carry, friends, join, quiet, reached, read_again
from tests.lab.test_nodes import BOTH
from tests.net.lab import Process, need_lab

pytestmark = [pytest.mark.lab, pytest.mark.soak, pytest.mark.timeout(240)]

LEFT_S = 30.0
SIDES = {"alice": Kind.PORT, "bob": Kind.PORT, "carol": Kind.FULL, "dave": Kind.OPEN}


def carried(them: Friends) -> str:
    """All are members, and Alice and Bob need somebody to carry them: who does."""
    where = {name: them.ground.side(kind) for name, kind in SIDES.items() if name in them.names}
    them.start("alice", where["alice"]).until("invited", 30)
    helpers = [name for name in them.names if name in ("carol", "dave")]
    for name in (*helpers, "bob"):
        join(them, name, where[name], "link")
    for helper in helpers:
        reached(them.ends[helper], "bob", "direct", 0, 60)
    for name in ("alice", "bob"):
        moved = carry(them, where[name], Kind.SYMMETRIC)
    alice, bob = them.ends["alice"], them.ends["bob"]
    deadline = time.monotonic() + 60
    while True:
        alice.listen(0.1)
        for line in alice.seen:
            if line["what"] == "reach" and line["at"] > moved and line["to"] == "bob" and "through" in line["path"]:
                read_again(alice, bob, ("alice", "bob"), line["at"], 40)
                return str(line["path"].removeprefix("through "))
        assert time.monotonic() < deadline, alice.seen[-20:]


def harmed(end: Process, how: str) -> float:
    """When it began."""
    end.tell(f"harm {how}")
    return float(end.until("harms", 10)["at"])


@pytest.mark.parametrize("how", ["blackhole", "picky", "flood"])
def test_a_bad_relay_is_left_for_another_member(how: str) -> None:
    need_lab("nft")
    with friends(["alice", "bob", "carol", "dave"]) as them:
        first = carried(them)
        other = "dave" if first == "carol" else "carol"
        alice, bob = them.ends["alice"], them.ends["bob"]
        began = harmed(them.ends[first], how)
        for one, of in ((alice, "bob"), (bob, "alice")):
            took = reached(one, of, f"through {other}", began, LEFT_S)["at"] - began
            print(f"{how}: {first} was left for {other} after {took:.1f} s")
        print("words again", read_again(alice, bob, ("alice", "bob"), began, LEFT_S))
        during = time.monotonic()
        while time.monotonic() < during + 5.0:  # also while frames go on coming
            alice.listen(0.1)
        late = [line["late_s"] for line in alice.seen if line["what"] == "heard" and line["at"] > during]
        print(f"keystrokes meanwhile: half within {sorted(late)[len(late) // 2]:.3f} s, all within {max(late):.3f} s")
        assert max(late) < 5.0
        print(quiet(*them.ends.values()))


def test_with_no_other_than_a_bad_relay_the_cause_is_told() -> None:
    need_lab("nft")
    with friends(["alice", "bob", "carol"]) as them:
        began = harmed(them.ends[carried(them)], "blackhole")
        for one, of in ((them.ends["alice"], "bob"), (them.ends["bob"], "alice")):
            told = one.until("reach", LEFT_S, after=began, to=of, cause=BOTH)
            print(f"{of}: {told['stage']} {told['at'] - began:.1f} s after: {told['cause']} {told['remedy']}")
            assert told["path"] == "" or told["stage"] == "silent"
            assert "a third device of a member" in told["remedy"]
