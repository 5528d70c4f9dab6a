"""Two swarms that know nothing of each other but a topic: linked through a DHT, with mirrors, on loopback."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

import pytest

from notesapp.identity.keys import Device
from notesapp.net.address import Address
from notesapp.net.bond import Bond, Side
from notesapp.net.candidate import NatClass
from notesapp.net.dht import DhtEngine, DhtOptions, DhtState, NoDht
from notesapp.net.dht_memory import DhtMemory
from notesapp.net.dht_plan import Meeting
from notesapp.net.internet import Internet, InternetOptions
from notesapp.net.link import End
from notesapp.net.memory_dht import MemoryDht, MemoryNetwork
from notesapp.net.standing import Event, LinkEnded, LinkOpened
from notesapp.net.swarm import Swarm
from notesapp.net.tidings import Tidings, packed_nodes
from notesapp.net.topics import Meet, Topic
from notesapp.net.watch import FakeWatch
from tests.lab.mirror import Mirror
from tests.net.ends import LOCAL
from tests.net.test_dht import real_network

pytestmark = pytest.mark.socket
OPTIONS = InternetOptions(bootstrap=("127.0.0.1:1",), mapping=False)  # never the public network, never a router


@asynccontextmanager
async def mirrors(count: int = 5, kind: type[Mirror] = Mirror) -> AsyncIterator[tuple[Address, ...]]:
    """Nodes on loopback, each in a /16 of its own."""
    loop, open_ones, where = asyncio.get_running_loop(), [], []
    for number in range(count):
        transport, _ = await loop.create_datagram_endpoint(kind, local_addr=(f"127.{number + 1}.0.1", 0))
        open_ones.append(transport)
        where.append(Address(*transport.get_extra_info("sockname")))
    try:
        yield tuple(where)
    finally:
        for transport in open_ones:
            transport.close()


class Person:
    """A device with a swarm and the internet."""

    def __init__(self, name: str, engine: DhtEngine, nodes: tuple[Address, ...]) -> None:
        self.device = Device.from_seed(name.encode().ljust(32))
        self.kept: list[bytes] = []
        first: list[bytes] = []
        DhtMemory(save=first.append).keep(nodes)
        self.memory = DhtMemory(first[0], self.kept.append)
        self.swarm = Swarm(None, FakeWatch())
        self.engine = engine
        self.told: list[Event] = []
        self._news = asyncio.Event()
        self.internet: Internet

    @asynccontextmanager
    async def online(self, options: InternetOptions = OPTIONS) -> AsyncIterator[Person]:
        self.swarm.subscribe(self._on_event)
        await self.swarm.open(0)
        self.internet = Internet(
            self.swarm, self.memory, self.device.blinded, options, self._news.set, os.urandom,
            make_engine=self._engine, local=True,
        )  # fmt: skip
        await self.internet.start()
        try:
            yield self
        finally:
            await self.internet.aclose()
            await self.swarm.aclose()

    def _engine(self, options: DhtOptions) -> DhtEngine:
        assert options.bootstrap == OPTIONS.bootstrap
        return self.engine

    def _on_event(self, event: Event) -> None:
        self.told.append(event)
        self._news.set()

    async def until(self, what: Callable[[], bool], within_s: float = 30.0) -> None:
        async with asyncio.timeout(within_s):
            while not what():
                self._news.clear()
                await self._news.wait()

    @property
    def is_linked(self) -> bool:
        return any(isinstance(it, LinkOpened) for it in self.told)

    def look_for(self, other: Person, topic: Topic, secret: bytes) -> None:
        side = Side.FIRST if self.device.device_id < other.device.device_id else Side.SECOND
        self.swarm.want([Bond(other.device.device_id, secret, side)])
        self.internet.want([Meeting(topic, (other.device.device_id,))])


@pytest.fixture(params=["memory", "libtorrent"])
async def engines(request: pytest.FixtureRequest) -> AsyncIterator[list[DhtEngine]]:
    if request.param == "memory":
        network = MemoryNetwork()
        yield [MemoryDht(network, LOCAL) for _ in range(2)]
        return
    pytest.importorskip("libtorrent", reason="there is no wheel of libtorrent for this system")

    async def start(on_change: Callable[[], None]) -> None:
        on_change()

    async with real_network() as pair:
        for one in pair:
            setattr(one, "start", start)  # noqa: B010  # it has been started
        yield pair


async def test_two_members_link_through_the_dht(engines: list[DhtEngine]) -> None:
    topic, secret = Topic(Meet.NOTEBOOK, os.urandom(32)), os.urandom(32)
    async with AsyncExitStack() as stack:
        nodes = await stack.enter_async_context(mirrors())
        alice, bob = Person("alice", engines[0], nodes), Person("bob", engines[1], nodes)
        for one in (alice, bob):
            await stack.enter_async_context(one.online())
        alice.look_for(bob, topic, secret)
        bob.look_for(alice, topic, secret)
        for one in (alice, bob):
            await one.until(lambda: alice.is_linked and bob.is_linked)
            await one.until(lambda one=one: one.internet.report.nat.nat is NatClass.CONSISTENT)  # type: ignore[misc]
            report = one.internet.report
            assert report.nat.external == Address(LOCAL, one.swarm.station.mux.port)
            assert report.dht.state is DhtState.READY
            assert report.mapping_fails == "it is switched off"
    assert all(one.kept for one in (alice, bob))


async def test_who_will_not_be_found_says_nothing_and_finds_others_all_the_same() -> None:
    topic, secret, network = Topic(Meet.NOTEBOOK, os.urandom(32)), os.urandom(32), MemoryNetwork()
    async with AsyncExitStack() as stack:
        nodes = await stack.enter_async_context(mirrors())
        alice, bob = (Person(name, MemoryDht(network, LOCAL), nodes) for name in ("alice", "bob"))
        await stack.enter_async_context(alice.online(replace(OPTIONS, be_found=False)))
        alice.look_for(bob, topic, secret)
        await alice.until(lambda: alice.internet.report.nat.nat is NatClass.CONSISTENT)
        assert (network.peers, network.items) == ({}, {})  # she told nothing, though she knows where she is
        await stack.enter_async_context(bob.online())
        bob.look_for(alice, topic, secret)
        for one in (alice, bob):
            await one.until(lambda one=one: one.is_linked)  # type: ignore[misc]


async def test_a_joiner_finds_the_host_of_an_invite(engines: list[DhtEngine]) -> None:
    topic, secret = Topic(Meet.INVITE, os.urandom(32)), os.urandom(32)
    async with AsyncExitStack() as stack:
        nodes = await stack.enter_async_context(mirrors())
        host, joiner = Person("host", engines[0], nodes), Person("joiner", engines[1], nodes)
        for one, side in ((host, Side.FIRST), (joiner, Side.SECOND)):
            await stack.enter_async_context(one.online())
            one.swarm.want([Bond(b"way", secret, side, many=True)])
            one.internet.want([Meeting(topic, (b"way",), side)])
        await joiner.until(lambda: joiner.is_linked)
        await host.until(lambda: host.is_linked)


class Victim(asyncio.DatagramProtocol):
    """Somebody who has nothing to do with it, and counts what he gets."""

    def __init__(self) -> None:
        self.count = 0
        self.third = asyncio.Event()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.count += 1
        if self.count >= 3:
            self.third.set()


async def test_a_victim_among_a_thousand_false_addresses_gets_three_packets() -> None:
    network, loop = MemoryNetwork(), asyncio.get_running_loop()
    transport, victim = await loop.create_datagram_endpoint(Victim, local_addr=(LOCAL, 0))
    there = Address(*transport.get_extra_info("sockname"))
    topics = [Topic(Meet.NOTEBOOK, bytes([n]) * 32) for n in range(3)]
    bob = Person("bob", MemoryDht(network, LOCAL), ())
    now = time.time()
    for topic in topics:
        for day in topic.days(now):
            network.announce(topic.info_hash(day), there)
            if topic is topics[0]:
                for number in range(1_000):
                    network.announce(topic.info_hash(day), Address(f"127.77.{number % 250}.9", 2_000 + number))
    others = [Device.from_seed(bytes([n]) * 32).device_id for n in range(1, 6)]
    async with bob.online():
        bob.swarm.want([Bond(it, os.urandom(32), Side.FIRST) for it in others])
        bob.internet.want(Meeting(topic, tuple(others)) for topic in topics)
        async with asyncio.timeout(20):
            await victim.third.wait()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(2.5):  # longer than all tries take
                await asyncio.Event().wait()
        assert victim.count == 3
    transport.close()


async def test_without_an_engine_mirrors_and_links_go_on() -> None:
    async with mirrors() as nodes:
        alice = Person("alice", NoDht(DhtState.MISSING, "none here"), nodes)
        async with alice.online():
            await alice.until(lambda: alice.internet.report.nat.nat is NatClass.CONSISTENT)
            assert alice.internet.report.dht.trouble == "none here"


class Silent(Mirror):
    """A node that doesn't answer, or whose answers are swallowed."""

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        return


async def test_a_network_that_swallows_everything_is_called_blocked() -> None:
    async with mirrors(kind=Silent) as nodes:
        alice = Person("alice", MemoryDht(MemoryNetwork(), LOCAL), nodes)
        async with alice.online():
            await alice.until(lambda: alice.internet.report.nat.nat is NatClass.BLOCKED, 15.0)


async def test_switching_off_forgets_the_router_and_keeps_links() -> None:
    network, topic, secret = MemoryNetwork(), Topic(Meet.NOTEBOOK, os.urandom(32)), os.urandom(32)
    async with mirrors() as nodes:
        alice, bob = (Person(name, MemoryDht(network, LOCAL), nodes) for name in ("alice", "bob"))
        async with alice.online(), bob.online():
            alice.look_for(bob, topic, secret)
            bob.look_for(alice, topic, secret)
            await alice.until(lambda: alice.is_linked and bob.is_linked)
            await alice.internet.aclose()
            assert alice.swarm.outreach.nat.external is None
            assert alice.swarm.station.mux.dht is None
            assert [it.end for it in alice.swarm.links] == [None]
            assert not [it for it in alice.told if isinstance(it, LinkEnded) and it.end is not End.REPLACED]


def near(alice: Person, bob: Person) -> None:
    """These two look for each other, and one knows where the other is."""
    topic, secret = Topic(Meet.NOTEBOOK, os.urandom(32)), os.urandom(32)
    for one, other in ((alice, bob), (bob, alice)):
        one.look_for(other, topic, secret)
    alice.swarm.hint(bob.device.device_id, [Address(LOCAL, bob.swarm.station.mux.port)])


async def test_nodes_of_the_dht_spread_among_members_and_are_kept_for_the_next_start() -> None:
    network = MemoryNetwork()
    async with mirrors(6) as nodes:
        bare = MemoryDht(network, LOCAL)
        alice = Person("alice", MemoryDht(network, LOCAL, nodes), nodes)
        bob = Person("bob", bare, ())
        async with alice.online(), bob.online():
            near(alice, bob)
            async with asyncio.timeout(30):
                while set(bare.nodes()) != set(nodes):  # noqa: ASYNC110  # told by nothing
                    await asyncio.sleep(0.02)
        assert set(DhtMemory(bob.kept[-1]).nodes) == set(nodes)


async def test_a_member_who_names_a_thousand_victims_moves_us_to_a_few_packets() -> None:
    network, heard = MemoryNetwork(), list[bytes]()

    class Victim(asyncio.DatagramProtocol):
        def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
            heard.append(data)

    loop = asyncio.get_running_loop()
    victim, _ = await loop.create_datagram_endpoint(Victim, local_addr=("127.9.0.1", 0))
    at = Address(*victim.get_extra_info("sockname"))
    async with mirrors() as nodes:
        alice = Person("alice", MemoryDht(network, LOCAL, nodes), nodes)
        bob = Person("bob", MemoryDht(network, LOCAL), ())
        async with alice.online(), bob.online():
            near(alice, bob)
            await bob.until(lambda: bob.is_linked)
            vine = alice.swarm.outreach.grapevine
            vine.mine = lambda asks: Tidings(asks, vine.unix_ms(), private=True, packed_nodes=packed_nodes([at] * 50))
            member = bob.device.device_id
            bob.internet._vetting._lists.clear()  # as if ten minutes had gone by since her own list
            async with asyncio.timeout(20):
                while not heard:
                    vine.tell_all()
                    await asyncio.sleep(0.05)
            for _ in range(10):
                vine.tell_all()
            assert await vine.look_closer(member) is not None  # what was said before has come, too
        victim.close()
        assert len(heard) == 1
        assert at not in bob.memory.nodes
