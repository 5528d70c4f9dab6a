"""Two real ends in two network namespaces on one bridge: found, cut off, moved, asleep; and beside avahi."""

from __future__ import annotations

import secrets
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

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
    with started(lan) as ends:
        for end in ends:
            end.until("heard", 15)
        yield ends


SECRET = secrets.token_hex(32)


def start(lan: Room, **environment: str) -> tuple[Process, Process]:
    """Alice and Bob, each on a host of his own; the first two hosts, made if there are none."""
    while len(lan.hosts) < 2:
        lan.host()
    alice = Process(lan.hosts[0], "-m", "tests.net.peer", "alice", "bob", SECRET, "FIRST", **environment)
    bob = Process(lan.hosts[1], "-m", "tests.net.peer", "bob", "alice", SECRET, "SECOND", **environment)
    return alice, bob


@contextmanager
def started(lan: Room, **environment: str) -> Iterator[tuple[Process, Process]]:
    """The same, ended whatever happens."""
    ends = start(lan, **environment)
    try:
        yield ends
    finally:
        for end in ends:
            end.close()


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
    bob.close()
    again = Process(lan.hosts[1], "-m", "tests.net.peer", "bob", "alice", SECRET, "SECOND")
    try:
        started = again.until("ready", 10)["at"]
        took = again.until("heard", 10)["at"] - started
        print(f"traffic {took:.2f} s after the second start")
        assert took < 5.0
        alice.until("heard", 5, after=started)
    finally:
        again.close()


def test_a_start_without_any_network(lan: Room) -> None:
    for host in (lan.host(), lan.host()):
        run("ip", "-n", host, "link", "set", "lan", "down")
        run("ip", "-n", host, "addr", "flush", "dev", "lan")
    with started(lan) as ends:
        for end in ends:
            assert end.until("ready", 10)["addresses"] == []
        for number, host in enumerate(lan.hosts, 1):
            run("ip", "-n", host, "link", "set", "lan", "up")
            run("ip", "-n", host, "addr", "add", f"10.77.0.{number}/24", "broadcast", "+", "dev", "lan")
        up = time.monotonic()
        took = max(end.until("heard", 20)["at"] for end in ends) - up
        print(f"traffic {took:.2f} s after the network came")
        assert took < 6.0


def test_tunnels_and_container_bridges_beside_the_real_network(lan: Room) -> None:
    for host in (lan.host(), lan.host()):
        for name, address in (("docker0", "172.17.0.1/16"), ("wg0", "10.8.0.2/24"), ("virbr0", "192.168.122.1/24")):
            run("ip", "-n", host, "link", "add", name, "type", "bridge")
            run("ip", "-n", host, "addr", "add", address, "dev", name)
            run("ip", "-n", host, "link", "set", name, "up")
    with started(lan) as ends:
        for end in ends:
            end.until("heard", 15)
            assert end.until("ready", 1)["addresses"][0].startswith("10.77.0.")
            address = end.until("state", 5, stage="direct")["address"]
            assert address.startswith(("10.77.0.", "[fe80"))


def test_where_multicast_is_filtered_a_broadcast_finds_the_other(lan: Room) -> None:
    with started(lan, PEER_WITHOUT_MDNS="1") as ends:
        both_ready = max(end.until("ready", 10)["at"] for end in ends)
        took = max(end.until("heard", 15)["at"] for end in ends) - both_ready
        print(f"found by broadcast in {took:.2f} s")
        assert took < 5.0


def test_rogue_names_in_the_room_hinder_nobody(lan: Room) -> None:
    for _ in range(3):
        lan.host()
    rogue = Process(lan.hosts[2], "-c", ROGUE)
    try:
        rogue.until("announced", 30)
        with started(lan) as ends:
            both_ready = max(end.until("ready", 10)["at"] for end in ends)
            took = max(end.until("heard", 20)["at"] for end in ends) - both_ready
            print(f"linked {took:.2f} s after both had started, beside 120 rogue names")
            assert took < 8.0
    finally:
        rogue.close()


ROGUE = """
import asyncio, json, os, time
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

async def main():
    zeroconf, service = AsyncZeroconf(), "_notesapp._udp.local."
    async def say(number):
        tags = {b"t0": os.urandom(248), b"t1": os.urandom(248)}
        strings = {b"v": b"1", b"n": os.urandom(16), b"c": os.urandom(200), **tags}
        addresses = ["10.77.0.1", "10.77.0.2", "224.0.0.1", "255.255.255.255"]
        info = AsyncServiceInfo(service, f"rogue{number}.{service}", port=1 + number, properties=strings,
                                server=f"rogue{number}.local.", parsed_addresses=addresses)
        await (await zeroconf.async_register_service(info))
    await asyncio.gather(*(say(number) for number in range(120)))
    print(json.dumps({"at": time.monotonic(), "what": "announced"}), flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""
