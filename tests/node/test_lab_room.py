"""Whole programs in namespaces on one bridge: cables, sleep, kills, new addresses; equal again without a click."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from notesapp.control import calls
from notesapp.control import calls_people as people
from tests.net.lab import Room, need_lab, room, run
from tests.node.processes import Peer, join, wait

pytestmark = [pytest.mark.lab, pytest.mark.timeout(400)]


@pytest.fixture
def lan() -> Iterator[Room]:
    need_lab()
    with room("n") as it:
        yield it


@pytest.fixture
def peers(lan: Room, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[list[Peer]]:
    """So many people as the test asks for, each on a host of his own, in one notebook."""
    names = ["alice", "bob", "carol", "dan", "eve"][: request.param]
    found = [Peer(name, tmp_path, namespace=lan.host(), quiet=False) for name in names]
    try:
        for peer in found:
            peer.start()
            peer.ask(people.Me(peer.name))
        found[0].ask(calls.NewNotebook("Room"))
        for peer in found[1:]:
            join(found[0], peer, "Room")
        yield found
    finally:
        for peer in found:
            peer.stop()


def say(peer: Peer, what: str) -> None:
    """A note of its own."""
    peer.ask(calls.New(f"# {what}\n", "Room"))


def equal(peers: list[Peer], count: int, within_s: float) -> float:
    """All have so many notes and the same texts; how long that took."""
    began = time.monotonic()

    def are() -> bool:
        texts = [peer.texts("Room") for peer in peers]
        return len(texts[0]) == count and all(one == texts[0] for one in texts)

    wait(are, f"{count} equal notes at {[peer.name for peer in peers]}", within_s)
    return time.monotonic() - began


@pytest.mark.parametrize("peers", [2], indirect=True)
def test_two_people_in_one_room(lan: Room, peers: list[Peer]) -> None:
    alice, bob = peers
    say(alice, "hello")
    say(bob, "hello too")
    equal(peers, 2, 20)
    wait(lambda: alice.titles("Room") == bob.titles("Room") == ["hello", "hello too"], "the titles")

    lan.cable(lan.hosts[1], plugged=False)  # both write on
    say(alice, "bob is away")
    say(bob, "I am away")
    alice.ask(calls.Append("hello", "from alice"))
    bob.ask(calls.Append("hello", "from bob"))
    lan.cable(lan.hosts[1], plugged=True)
    print(f"\nequal {equal(peers, 4, 30):.1f} s after the cable was back")
    assert alice.ask(calls.Cat("hello")).text.count("from") == 2

    bob.kill()
    say(alice, "bob was killed")
    bob.start()
    print(f"equal {equal(peers, 5, 60):.1f} s after a kill and a start")

    for host in lan.hosts:  # what follows goes by IPv4, or not at all
        run("ip", "-n", host, "-6", "addr", "flush", "dev", "lan")
    moved = lan.hosts[1]
    # Else the second address of a network goes with the first.
    run("ip", "netns", "exec", moved, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/conf/lan/promote_secondaries")
    run("ip", "-n", moved, "addr", "add", "10.77.0.99/24", "broadcast", "+", "dev", "lan")
    run("ip", "-n", moved, "addr", "del", "10.77.0.2/24", "dev", "lan")
    left = [it.split()[3] for it in run("ip", "-n", moved, "-o", "addr", "show", "dev", "lan").splitlines()]
    assert left == ["10.77.0.99/24"]
    say(bob, "I moved")
    say(alice, "did you")
    print(f"equal {equal(peers, 7, 30):.1f} s after an address changed")


@pytest.mark.parametrize("peers", [2], indirect=True)
def test_a_pulled_cable_is_told_at_once_here_and_soon_there(lan: Room, peers: list[Peer]) -> None:
    alice, bob = peers

    def cause(peer: Peer) -> str:
        return peer.ask(people.People("Room")).cause or ""

    say(alice, "hello")
    equal(peers, 1, 20)
    # The invite's link is over and their own is there.
    wait(lambda: all(one.online for peer in peers for one in peer.ask(people.People("Room")).members), "both", 30)
    wait(lambda: alice.log().count(" link with ") >= 2 and not cause(alice) and not cause(bob), "their own link", 30)
    lan.cable(lan.hosts[1], plugged=False)
    began = time.monotonic()
    wait(lambda: "This computer has no network" in cause(bob), "Bob to be told that he has no network", 60)
    here = time.monotonic() - began
    wait(lambda: "bob" in cause(alice), "Alice to be told that Bob isn’t reached", 60)
    there, words = time.monotonic() - began, cause(alice)
    say(bob, "I write on")
    lan.cable(lan.hosts[1], plugged=True)
    back = equal(peers, 2, 30)
    wait(lambda: not cause(alice) and not cause(bob), "both to be told that all is well", 30)
    print(f"\n{words}: told after {here:.1f} s here, {there:.1f} s there; equal {back:.1f} s after the cable was back")
    assert here < 6  # at once: a busy machine alone makes it seconds
    assert there < 15


@pytest.mark.slow
@pytest.mark.parametrize("peers", [5], indirect=True)
def test_five_people_in_one_room_one_asleep_and_one_killed(lan: Room, peers: list[Peer]) -> None:
    alice, bob, carol, dan, eve = peers
    for peer in peers:
        say(peer, f"{peer.name} is here")
    equal(peers, 5, 60)
    wait(lambda: all("alice is here" in peer.titles("Room") for peer in peers), "the titles")
    carol.signal(signal.SIGSTOP)
    dan.kill()
    lan.cable(lan.hosts[1], plugged=False)
    began = time.monotonic()
    for peer in (alice, bob, eve):
        say(peer, f"{peer.name} goes on")
        peer.ask(calls.Append("alice is here", f"and {peer.name}"))
    equal([alice, eve], 7, 30)
    time.sleep(max(0.0, 40 - (time.monotonic() - began)))  # a sleep that a link must survive, or be made anew after
    carol.signal(signal.SIGCONT)
    dan.start()
    lan.cable(lan.hosts[1], plugged=True)
    print(f"\nall five equal {equal(peers, 8, 60):.1f} s after all were back")


@pytest.mark.parametrize("peers", [2], indirect=True)
def test_people_nearby_see_each_other(peers: list[Peer]) -> None:
    alice, bob = peers
    for peer in peers:
        peer.ask(people.Nearby())
    wait(lambda: [one.name for one in alice.ask(people.Nearby())] == ["bob"], "Bob to be seen", 30)
    wait(lambda: [one.name for one in bob.ask(people.Nearby())] == ["alice"], "Alice to be seen", 30)
    for peer in peers:
        peer.ask(people.Nearby(on=False))
    wait(lambda: alice.ask(people.Nearby(on=False)) == (), "nobody to be seen any more", 30)
