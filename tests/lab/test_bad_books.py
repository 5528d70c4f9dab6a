"""A phone book (DHT) that lies: whole programs far apart meet all the same, or read why not. Needs root and nft."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from notesapp.control import calls
from notesapp.control import calls_people as people
from tests.lab.kinds import Kind
from tests.lab.sly import VICTIM, Wire, asked, equal, found, joined, rss_kb, sly
from tests.net.lab import need_lab
from tests.node.processes import Peer, wait

pytestmark = [pytest.mark.lab, pytest.mark.timeout(300)]
APP_PORT = 45_654
A_MINUTE = 60  # packets of the app's port to a victim whose ports are half of all that is said: 128 B at most
GROWN_KB = 60_000


def sees(peer: Peer, outside: str) -> None:
    """Waits until he knows where he is seen."""
    wait(lambda: outside in (peer.ask(people.Internet()).external or ""), "the true address", 30)


@pytest.mark.parametrize("for_s", [5.0, pytest.param(120.0, marks=pytest.mark.soak)])
def test_a_thousand_false_addresses_keep_nobody_apart_and_hit_nobody_hard(for_s: float, tmp_path: Path) -> None:
    need_lab("nft")
    with sly(tmp_path) as them:
        them.are(f"poison {VICTIM}")
        wire = Wire(them.ground)
        alice = them.peer("alice", Kind.PORT)
        alice.ask(calls.NewNotebook("Room"))
        before = rss_kb(alice)
        alice.ask(people.Share("Room"))
        began = time.monotonic()
        bob = them.peer("bob", Kind.PORT)
        took = joined(alice, bob, 90)
        equal(alice, bob, "among liars")
        time.sleep(for_s)
        lasted, counts, grown = time.monotonic() - began, wire.counts(), rss_kb(alice) - before
        print(f"\njoined after {took:.1f} s; to the victim in {lasted:.0f} s: {counts}; {grown} kB more")
        for (sender, port), count in counts.items():
            if port == APP_PORT:
                assert count <= A_MINUTE + A_MINUTE * lasted / 60, (sender, counts)
        assert grown < GROWN_KB
        assert "Traceback" not in alice.log() + bob.log()


@pytest.mark.soak
def test_records_of_yesterday_told_again_dont_keep_two_apart_who_both_moved(tmp_path: Path) -> None:
    need_lab("nft")
    with sly(tmp_path) as them:
        alice, bob = (them.peer(name, Kind.PORT) for name in ("alice", "bob"))
        alice.ask(calls.NewNotebook("Room"))
        print("\njoined", joined(alice, bob, 60))
        equal(alice, bob, "before")
        time.sleep(10)  # the pair's records lie there
        for peer in (alice, bob):
            peer.stop()
        before = {peer.name: len(peer.log()) for peer in (alice, bob)}
        them.are("replay")
        for name in ("alice", "bob"):
            them.ground.move(them.sides[name], Kind.PORT)
        for peer in (alice, bob):
            peer.start()
        print("equal again", equal(alice, bob, "after", 90))
        again = [peer.log()[before[peer.name] :] for peer in (alice, bob)]
        assert any("< record 1 of" in log for log in again), "no old record was told: the test shows nothing"


@pytest.mark.parametrize(("how", "well"), [("mirror 1", True), pytest.param("mirror 20", False, marks=pytest.mark.soak),
                         pytest.param("mirror 20 same", False, marks=pytest.mark.soak)])  # fmt: skip
def test_mirrors_that_lie_are_outvoted_or_the_cause_is_told(how: str, well: bool, tmp_path: Path) -> None:
    need_lab("nft")
    with sly(tmp_path) as them:
        them.are(how)
        alice, bob = (them.peer(name, Kind.PORT) for name in ("alice", "bob"))
        alice.ask(calls.NewNotebook("Room"))
        took, row = asked(alice, bob, 60 if well else 40)
        print(f"\n{how}: {took:.1f} s {row.stage} {row.cause} {row.remedy}")
        for peer in (alice, bob):
            print(found(peer, "dht"), found(peer, "nat"), found(peer, "reach"))
        if well:
            equal(alice, bob, "in spite of a liar")
            for name in ("alice", "bob"):
                sees(them.peers[name], them.sides[name].outside)
        elif row.stage != "done":
            assert row.cause
            assert took < 30
