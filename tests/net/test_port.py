"""The one port, on loopback: strangers, floods, both families, busy ports, whose connection is whose."""

from __future__ import annotations

import asyncio
import os
import random
import resource
import socket
import sys
import time
from collections.abc import AsyncIterator

import pytest
from aioquic.quic.connection import QuicConnection

from notesapp.errors import LinkOver
from notesapp.net.address import Address
from notesapp.net.bond import Bond, Side
from notesapp.net.connection import configuration
from notesapp.net.link import End, Link
from notesapp.net.station import Station
from notesapp.net.udp import bound
from tests.net.ends import LOCAL, linked, stations, validated

pytestmark = pytest.mark.socket


def stranger(to_port: int) -> socket.socket:
    """A socket of somebody who knows the address only."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.connect((LOCAL, to_port))
    sock.settimeout(0.3)
    return sock


def first_packet() -> bytes:
    """What a valid QUIC client that doesn't know us sends first."""
    client = QuicConnection(configuration=configuration(None))
    client.connect(("x", 1), 0.0)
    return client.datagrams_to_send(0.0)[0][0]


async def test_a_stranger_with_a_valid_quic_client_hears_nothing() -> None:
    async with stations() as (alice, bob):
        with stranger(bob.mux.port) as sock:
            for packet in (first_packet(), b"\xc0\xff\0\0\1" + bytes(1_300), b"d1:ad2:id20:", b"\x1fndp" + bytes(124)):
                sock.send(packet)
                await asyncio.sleep(0.05)
            with pytest.raises(TimeoutError):
                await asyncio.get_running_loop().run_in_executor(None, sock.recv, 2_048)
        assert bob.mux.dropped["stranger"] == 1
        await linked(alice, bob)  # and whoever is known still gets in


async def test_a_known_address_without_the_bonds_knock_hears_nothing() -> None:
    async with stations() as (alice, bob):
        await validated(alice, bob)
        await asyncio.sleep(0.05)
        assert alice.mux.send(first_packet(), Address(LOCAL, bob.mux.port))
        await asyncio.sleep(0.05)
        assert bob.mux.dropped["stranger"] == 1


async def test_nobody_is_dialled_where_no_pong_came_from() -> None:
    async with stations() as (alice, bob):
        with pytest.raises(LinkOver):
            await alice.dial(b"bob", bob.run)


async def test_a_listener_that_is_gone_is_given_up_in_time() -> None:
    async with stations() as (alice, bob):
        await validated(alice, bob)
        bob.mux.close()
        with pytest.raises(LinkOver) as over:
            await alice.quic.dial(Bond(b"bob", bytes(32), Side.FIRST), bob.run, deadline_s=0.5)
        assert over.value.facts["why"] is End.NO_ANSWER


async def test_both_may_dial_at_once_on_one_port() -> None:
    async with stations() as (alice, bob):
        here, there = await linked(alice, bob)
        back = await bob.dial(b"alice", alice.run)
        await back.send(b"second")
        await here.send(b"first")
        assert [message async for message in _first(there)] == [b"first"]
        assert len(alice.quic.links) == 2
        assert back.binding != here.binding


async def test_a_link_moves_when_its_way_does_in_the_middle_of_a_transfer() -> None:
    """Alice's port changes under a running link: only sealed pongs tell Bob, and nothing is lost."""
    async with stations() as (alice, bob):
        here, there = await linked(alice, bob)
        messages = [os.urandom(100_000) for _ in range(20)]

        async def read() -> list[bytes]:
            return [message async for message in _first(there, len(messages))]

        reading = asyncio.create_task(read())
        for number, message in enumerate(messages):
            if number == 8:
                before = there.remote
                alice.mux.close()
                alice.mux._ports.clear()
                await alice.mux.open(0)
                assert alice.ping(b"bob", here.remote)
                await asyncio.sleep(1.2)  # until Bob misses an answer on the old way
                assert bob.paths.settle(asyncio.get_running_loop().time())
                bob.quic.revive(b"alice", alice.run)
            await here.send(message)
        async with asyncio.timeout(15):
            assert await reading == messages
        assert there.remote != before


async def test_links_work_over_ipv6() -> None:
    async with stations() as (alice, bob):
        if bob.mux.port_v6 is None:
            pytest.skip("this system has no IPv6")
        await validated(alice, bob, "::1")
        link = await alice.dial(b"bob", bob.run)
        assert link.remote.host == "::1"


async def test_a_busy_port_gives_way_to_another() -> None:
    async with stations() as (alice, _):
        other = Station()
        await other.open(alice.mux.port)
        assert other.mux.port not in (0, alice.mux.port)
        await other.aclose()


@pytest.mark.parametrize("taken", [[socket.AF_INET], [socket.AF_INET6], [socket.AF_INET, socket.AF_INET6]])
async def test_a_port_that_is_busy_in_one_family_gives_way_in_both(taken: list[socket.AddressFamily]) -> None:
    first = bound(socket.AF_INET, 0)
    number = int(first.getsockname()[1])
    others = [first]
    if socket.AF_INET6 in taken:
        try:
            others.append(bound(socket.AF_INET6, number))
        except OSError:
            first.close()
            pytest.skip("this system has no IPv6")
    if socket.AF_INET not in taken:
        first.close()
    station = Station()
    try:
        await station.open(number)
        assert set(station.mux._ports) == {socket.AF_INET, socket.AF_INET6}
        assert station.mux.port not in (0, number)
        assert station.mux.port_v6 == station.mux.port
    finally:
        await station.aclose()
        for sock in others:
            sock.close()


async def test_links_of_a_bond_that_is_not_wanted_any_more_end() -> None:
    async with stations() as (alice, bob):
        here, there = await linked(alice, bob)
        bob.know([])
        async with asyncio.timeout(5):
            assert await here.wait_closed() is End.UNWANTED
        assert there.end is End.UNWANTED


@pytest.mark.slow  # a tick late by 20 ms is measured on the wall clock
async def test_a_flood_of_noise_leaves_the_loop_free() -> None:
    """10,000 datagrams a second for three seconds: random, or like probes, first packets and short packets."""
    async with stations() as (alice, bob):
        here, there = await linked(alice, bob)
        flood = await asyncio.create_subprocess_exec(
            sys.executable, "-c", FLOOD, str(bob.mux.port), stdout=asyncio.subprocess.PIPE
        )
        before, gaps, got = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, list[float](), 0
        cpu = time.process_time()

        async def read() -> None:
            nonlocal got
            async for _ in there:
                got += 1

        reading = asyncio.create_task(read())
        last = time.perf_counter()
        while flood.returncode is None:
            await asyncio.sleep(0.005)
            gaps.append(time.perf_counter() - last - 0.005)
            last = time.perf_counter()
            await here.send(b"still here")
            if len(gaps) % 20 == 0:
                await asyncio.wait([asyncio.ensure_future(flood.wait())], timeout=0.001)
        assert flood.stdout is not None
        sent = int(await flood.stdout.read())
        cpu = time.process_time() - cpu
        late = sorted(gaps)[int(len(gaps) * 0.99)]
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        print(f"{sent} datagrams: p99 tick {1_000 * late:.1f} ms late, {cpu:.2f} s of a core, {grown} KiB more")
        assert sent > 10_000
        assert late < 0.060  # 2 ms alone; tests run beside it
        assert grown < 20_000
        assert len(bob.quic.links) == 1
        await asyncio.sleep(0.3)
        assert got > 0.9 * len(gaps)
        reading.cancel()


FLOOD = """
import random, socket, sys, time
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
dice, port, sent = random.Random(1), int(sys.argv[1]), 0
kinds = [b"", b"\\x1fndp\\x01\\x00", b"\\xc3\\0\\0\\0\\1\\x10", b"\\x40", b"d1:rd2:id20:", b"\\x1e"]
noise = [dice.choice(kinds) + dice.randbytes(dice.choice([16, 122, 400, 1194])) for _ in range(500)]
began = time.monotonic()
while (now := time.monotonic()) - began < 3:
    while sent < (now - began) * 10_000:
        try:
            sock.sendto(noise[sent % 500], ("127.0.0.1", port))
        except OSError:
            pass
        sent += 1
    time.sleep(0.001)
print(sent)
"""


async def test_garbage_on_a_links_own_ids_does_not_break_it() -> None:
    dice = random.Random(3)
    async with stations() as (alice, bob):
        here, there = await linked(alice, bob)
        ids = [it for it in bob.quic._held if len(it) == 8]
        for _ in range(500):
            bob.receive_packet(b"\x40" + dice.choice(ids) + dice.randbytes(dice.randrange(1_300)), ids[0], here.remote)
        bob.receive_end()
        await here.send(b"fine")
        assert [message async for message in _first(there)] == [b"fine"]


async def _first(link: Link, count: int = 1) -> AsyncIterator[bytes]:
    async for message in link:
        yield message
        count -= 1
        if not count:
            return
