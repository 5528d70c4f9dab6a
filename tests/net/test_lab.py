"""Two real ends in two network namespaces on one bridge: found, cut off, moved, asleep; and beside avahi."""

from __future__ import annotations

import secrets
import signal
import time
from collections.abc import Iterator

import pytest

from tests.net.lab import Process, Room, need_lab, room, run

pytestmark = pytest.mark.lab


@pytest.fixture
def lan() -> Iterator[Room]:
    need_lab()
    with room("a") as it:
        yield it


@pytest.fixture
def pair(lan: Room) -> Iterator[tuple[Process, Process]]:
    """Alice and Bob, linked and talking."""
    ends = start(lan)
    try:
        for end in ends:
            end.until("heard", 15)
        yield ends
    finally:
        for end in ends:
            end.close()


def start(lan: Room) -> tuple[Process, Process]:
    """Alice and Bob, each on a new host."""
    secret = secrets.token_hex(32)
    alice = Process(lan.host(), "-m", "tests.net.peer", "alice", "bob", secret, "FIRST")
    bob = Process(lan.host(), "-m", "tests.net.peer", "bob", "alice", secret, "SECOND")
    return alice, bob


def test_two_ends_find_each_other_cold(pair: tuple[Process, Process]) -> None:
    alice, bob = pair
    opened = [end.until("opened", 1) for end in pair]
    both_ready = max(end.until("ready", 1)["at"] for end in pair)
    took = max(it["at"] for it in opened) - both_ready
    print(f"linked {took:.2f} s after both had started")
    assert opened[0]["binding"] == opened[1]["binding"]
    assert [it["dialled"] for it in opened] == [True, False]
    assert took < 4.0  # the aim is 2 s on a quiet machine; registering alone takes 1.1 s
    assert not [line for line in alice.seen + bob.seen if line["what"] == "ended"]


def test_a_cable_pulled_and_put_back(lan: Room, pair: tuple[Process, Process]) -> None:
    lan.cable(lan.hosts[0], plugged=False)
    cut = time.monotonic()
    for end in pair:
        end.until("state", 30, after=cut, stage="silent")
    lan.cable(lan.hosts[0], plugged=True)
    back = time.monotonic()
    for end in pair:
        took = end.until("heard", 10, after=back)["at"] - back
        print(f"traffic again {took:.2f} s after the cable was back")
        assert took < 3.0
    assert not [line for end in pair for line in end.seen if line["what"] == "ended"]  # the same link goes on


def test_a_changed_address(lan: Room, pair: tuple[Process, Process]) -> None:
    host = lan.hosts[0]
    before = time.monotonic()
    run("ip", "-n", host, "addr", "flush", "dev", "lan")
    run("ip", "-n", host, "addr", "add", "10.77.0.99/24", "broadcast", "+", "dev", "lan")
    changed = time.monotonic()
    _, bob = pair
    for end in pair:
        took = end.until("heard", 15, after=changed + 0.3)["at"] - changed
        print(f"traffic {took:.2f} s after the address changed")
        assert took < 8.0
    assert "10.77.0.99" in bob.until("state", 8, after=before, stage="direct")["address"]


@pytest.mark.slow
def test_one_asleep_for_forty_seconds(pair: tuple[Process, Process]) -> None:
    alice, bob = pair
    bob.signal(signal.SIGSTOP)
    asleep = time.monotonic()
    alice.until("state", 30, after=asleep, stage="silent")
    time.sleep(max(0.0, asleep + 40 - time.monotonic()))
    awake = time.monotonic()
    bob.signal(signal.SIGCONT)
    for end in pair:
        took = end.until("heard", 10, after=awake + 0.05)["at"] - awake
        print(f"traffic {took:.2f} s after waking")
        assert took < 3.0
    bob.until("network", 5, after=awake, change="the computer slept")
    assert not [line for end in pair for line in end.seen if line["what"] == "ended"]


def test_one_killed_and_started_again(lan: Room, pair: tuple[Process, Process]) -> None:
    alice, bob = pair
    secret = str(bob.process.args).split("'")[-4]
    bob.close()
    again = Process(lan.hosts[1], "-m", "tests.net.peer", "bob", "alice", secret, "SECOND")
    try:
        started = again.until("ready", 10)["at"]
        took = again.until("heard", 10)["at"] - started
        print(f"traffic {took:.2f} s after the second start")
        assert took < 5.0
        alice.until("heard", 5, after=started)
    finally:
        again.close()
