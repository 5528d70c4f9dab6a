"""One acceptance suite for all engines of the DHT: in memory, and real libtorrent nodes on loopback.

No node outside this machine is ever asked: all listen on loopback and know only each other.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import cast

import pytest

from notesapp.errors import LocalError
from notesapp.identity.keys import Device
from notesapp.net import dht as dht_module
from notesapp.net.address import Address
from notesapp.net.dht import PUBLIC_BOOTSTRAP, DhtEngine, DhtHealth, DhtOptions, DhtState, NoDht
from notesapp.net.dht_engines import engine
from notesapp.net.memory_dht import MemoryDht, MemoryNetwork
from notesapp.net.quick_dht import QuickDht
from notesapp.net.topics import Meet, Topic, occasion

pytestmark = pytest.mark.socket
LOCAL = "127.0.0.1"
NODES = 9
LOCAL_6 = "::1"
ALONE = DhtOptions(private=True, reachable=True, listen=(f"{LOCAL}:0",))
Together = Callable[[], Awaitable[tuple[DhtEngine, DhtEngine]]]


async def ready(one: DhtEngine) -> None:
    """Starts it and waits until it has nodes."""
    there = asyncio.Event()
    await one.start(lambda: there.set() if one.health.state is DhtState.READY else None)
    if one.health.state is not DhtState.READY:
        async with asyncio.timeout(30):
            await there.wait()


@asynccontextmanager
async def real_network(host: str = LOCAL) -> AsyncIterator[list[DhtEngine]]:
    """Libtorrent nodes, all on loopback; the last two are given. (One that only asks looks dead to the others, which
    costs each put 15 s.)"""
    from notesapp.net.libtorrent_dht import LibtorrentDht

    nodes: list[LibtorrentDht] = []
    alone = replace(ALONE, listen=(f"[{host}]:0" if ":" in host else f"{host}:0",))
    try:
        for _ in range(NODES):
            node = LibtorrentDht(alone)
            nodes.append(node)
            await node.start(lambda: None)
        where = [Address(host, node._session.listen_port()) for node in nodes]
        for node, own in zip(nodes, where, strict=True):
            node.add_nodes(it for it in where if it != own)
        pair = [LibtorrentDht(replace(alone, saved=tuple(where[n::2]))) for n in range(2)]
        nodes += pair
        for asker in pair:
            await ready(asker)
        yield list(pair)
    finally:
        for node in nodes:
            await node.aclose()


class Known(NoDht):
    """Stands where libtorrent does, knows nodes, and does nothing: what is done, walks did."""

    def __init__(self, nodes: tuple[Address, ...]) -> None:
        super().__init__(DhtState.READY)
        self.health = DhtHealth(DhtState.READY, len(nodes))
        self._nodes = nodes

    def nodes(self) -> tuple[Address, ...]:
        return self._nodes

    async def aclose(self) -> None:
        self.health = DhtHealth(DhtState.OFF)
        self._nodes = ()


class Port(asyncio.DatagramProtocol):
    """A port from which a `QuickDht` walks."""

    quick: QuickDht
    transport: asyncio.DatagramTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)  # no subclass of it before Python 3.12

    def send(self, data: bytes, address: Address) -> bool:
        self.transport.sendto(data, (address.host, address.port))
        return True

    def datagram_received(self, data: bytes, addr: tuple[object, ...]) -> None:
        self.quick.receive(data, Address.of(addr), asyncio.get_running_loop().time())


@asynccontextmanager
async def walking_network(host: str = LOCAL) -> AsyncIterator[list[DhtEngine]]:
    """Two that walk by themselves among libtorrent's nodes, and know two of these (and one that is dead)."""
    loop = asyncio.get_running_loop()
    async with real_network(host) as (one, _):
        pair: list[DhtEngine] = []
        ports = []
        for _ in range(2):
            _, port = await loop.create_datagram_endpoint(Port, local_addr=(host, 0))
            nodes = (Address(host, 9), *one.nodes()[:2])
            port.quick = QuickDht(Known(nodes), port.send, os.urandom, private=True)
            ports.append(port)
            pair.append(port.quick)
        yield pair
        for it, port in zip(pair, ports, strict=True):
            await it.aclose()
            port.transport.close()


@asynccontextmanager
async def memory_network() -> AsyncIterator[list[DhtEngine]]:
    network = MemoryNetwork()
    pair: list[DhtEngine] = [MemoryDht(network, LOCAL, (Address(LOCAL, 6881),)) for _ in range(2)]
    for one in pair:
        await ready(one)
    yield pair


@pytest.fixture(params=["memory", "libtorrent", "walks"])
async def pair(request: pytest.FixtureRequest) -> AsyncIterator[list[DhtEngine]]:
    if request.param != "memory":
        pytest.importorskip("libtorrent", reason="there is no wheel of libtorrent for this system")
    networks = {"memory": memory_network, "libtorrent": real_network, "walks": walking_network}
    async with networks[request.param]() as both:
        yield both


async def found(one: DhtEngine, info_hash: bytes, wanted: Address, within_s: float = 25.0) -> bool:
    """Looks up until the wanted one is told."""
    there = asyncio.Event()

    def on_peers(peers: tuple[Address, ...]) -> None:
        if wanted in peers:
            there.set()

    async def look() -> None:
        while True:
            look_up = asyncio.ensure_future(one.look_up(info_hash, on_peers))
            try:
                await asyncio.wait({look_up}, timeout=1.0)
            finally:
                look_up.cancel()
            await asyncio.sleep(0.05)

    looking = asyncio.create_task(look())
    try:
        async with asyncio.timeout(within_s):
            await there.wait()
    finally:
        looking.cancel()
    return True


async def test_what_one_announces_another_finds(pair: list[DhtEngine]) -> None:
    alice, bob = pair
    topic = os.urandom(20)
    alice.announce(topic, 45654)
    assert await found(bob, topic, Address(LOCAL, 45654))


async def test_walks_lead_through_the_dht_of_ipv6_where_there_is_no_other() -> None:
    pytest.importorskip("libtorrent", reason="there is no wheel of libtorrent for this system")
    if not socket.has_ipv6:
        pytest.skip("this system has no IPv6")
    async with walking_network(LOCAL_6) as (alice, bob):
        topic = os.urandom(20)
        alice.announce(topic, 45654)
        assert await found(bob, topic, Address(LOCAL_6, 45654))
        device, meeting = Device.generate(os.urandom), Topic(Meet.NOTEBOOK, os.urandom(32))
        key, place = device.blinded(meeting.key, occasion(5)), meeting.place_of(device.device_id, 5)
        assert await alice.put(key, b"", value := os.urandom(640))
        got = await bob.get(place.public, b"")
        assert got is not None
        assert got.value == value


async def test_a_record_is_put_read_back_and_found(pair: list[DhtEngine]) -> None:
    alice, bob = pair
    device, topic = Device.generate(os.urandom), Topic(Meet.NOTEBOOK, os.urandom(32))
    key, place = device.blinded(topic.key, occasion(5)), topic.place_of(device.device_id, 5)
    first, second = os.urandom(640), os.urandom(640)
    assert await alice.put(key, b"", first)
    got = await bob.get(place.public, b"")
    assert got is not None
    assert got.value == first
    assert await alice.put(key, b"", second)
    newer = await bob.get(place.public, b"")
    assert newer is not None
    assert (newer.value, newer.seq > got.seq) == (second, True)


async def test_slots_of_one_key_lie_beside_each_other(pair: list[DhtEngine]) -> None:
    alice, bob = pair
    key = Device.generate(os.urandom).blinded(bytes(32), b"x")
    assert await alice.put(key, b"\0", b"a" * 640)
    assert await bob.put(key, b"\1", b"b" * 640)
    items = [await alice.get(key.public, salt) for salt in (b"\0", b"\1", b"\2")]
    assert [it.value[:1] if it is not None else None for it in items] == [b"a", b"b", None]


async def test_a_key_that_is_not_the_places_own_writes_nothing(pair: list[DhtEngine]) -> None:
    alice, _ = pair
    key, other = (Device.generate(os.urandom).blinded(bytes(32), b"x") for _ in range(2))
    assert not await alice.put(replace(key, expanded=other.expanded), b"", b"v" * 640)
    assert await alice.get(key.public, b"") is None


async def test_too_large_a_value_is_our_own_bug(pair: list[DhtEngine]) -> None:
    with pytest.raises(LocalError):
        await pair[0].put(Device.generate(os.urandom).blinded(bytes(32), b"x"), b"", bytes(997))


async def test_nodes_are_known_for_the_next_start(pair: list[DhtEngine]) -> None:
    alice, _ = pair
    assert alice.health.nodes >= 1
    assert {it.host for it in alice.nodes()} == {LOCAL}
    assert all(it.usable for it in alice.nodes())


async def test_after_the_end_nothing_is_found_and_nothing_breaks(pair: list[DhtEngine]) -> None:
    alice, _ = pair
    await alice.aclose()
    assert alice.health.state is DhtState.OFF
    assert await alice.get(bytes(32), b"") is None
    assert not await alice.put(Device.generate(os.urandom).blinded(bytes(32), b"x"), b"", b"v")
    alice.announce(bytes(20), 5)
    await alice.aclose()


async def test_without_an_engine_it_is_said_why(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "libtorrent", None)
    monkeypatch.delitem(sys.modules, "notesapp.net.libtorrent_dht", raising=False)
    none = engine(DhtOptions())
    await none.start(lambda: None)
    assert isinstance(none, NoDht)
    assert none.health.state is DhtState.MISSING
    assert "no libtorrent for this system" in (none.health.trouble or "")
    assert (none.nodes(), await none.get(bytes(32), b"")) == ((), None)
    await none.aclose()


async def test_an_engine_can_be_ended_in_the_midst_of_its_work() -> None:
    pytest.importorskip("libtorrent", reason="there is no wheel of libtorrent for this system")
    for _ in range(3):
        async with real_network() as (alice, bob):
            work = [asyncio.ensure_future(one.look_up(os.urandom(20), lambda peers: None)) for one in (alice, bob)]
            for one in (alice, bob):
                one.announce(os.urandom(20), 5)
            await asyncio.sleep(0)
        for it in work:
            it.cancel()
        await asyncio.gather(*work, return_exceptions=True)


def test_nobody_is_asked_unless_he_is_named() -> None:
    assert DhtOptions().bootstrap == ()
    assert PUBLIC_BOOTSTRAP is dht_module.PUBLIC_BOOTSTRAP


async def test_asking_for_nodes_while_news_stream_in_never_stops_the_program() -> None:
    """libtorrent's thread and ours once waited for each other here."""
    pytest.importorskip("libtorrent", reason="there is no wheel of libtorrent for this system")
    async with real_network() as (alice, bob):
        looks = [asyncio.ensure_future(one.look_up(os.urandom(20), lambda peers: None)) for one in (alice, bob)]
        for number in range(2_000):
            alice.announce(os.urandom(20), 5)
            assert alice.nodes()
            if number % 50 == 0:
                await asyncio.sleep(0)
        for it in looks:
            it.cancel()
        await asyncio.gather(*looks, return_exceptions=True)
