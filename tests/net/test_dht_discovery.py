"""People find each other through a DHT in memory: whoever lies in it, floods it, replays or holds it wins nothing."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from notesapp.errors import LocalError
from notesapp.identity.keys import Device
from notesapp.net.address import Address
from notesapp.net.bond import Side
from notesapp.net.candidate import Candidate, Found, Kind, NatClass, PeerRecord
from notesapp.net.dht import DhtState, Item, NoDht
from notesapp.net.dht_discovery import AT_A_HOST, RUMOURS, DhtDiscovery
from notesapp.net.dht_memory import BLOCK, DhtMemory
from notesapp.net.dht_plan import Meeting
from notesapp.net.krpc import signed_part
from notesapp.net.memory_dht import MemoryDht, MemoryNetwork
from notesapp.net.topics import Meet, Topic, occasion

BOOK = Topic(Meet.NOTEBOOK, bytes(range(32)))
NOON = 20_000 * 86_400.0 + 43_200.0


class Person:
    """A device, where it is, and what it was told."""

    def __init__(self, name: str, network: MemoryNetwork, host: str, *, wrong_s: float = 0.0) -> None:
        self.device = Device.from_seed(name.encode().ljust(32))
        self.at = Address(host, 45654)
        self.kept: list[bytes] = []
        self.memory = DhtMemory(save=self.kept.append)
        self.engine = MemoryDht(network, host, (Address("198.51.100.1", 6881),))
        self.found: list[Found] = []
        self.news = asyncio.Event()
        self.unix = NOON + wrong_s
        self.discovery = self.another(self.memory)

    def another(self, memory: DhtMemory) -> DhtDiscovery:
        """The same device in another run."""
        return DhtDiscovery(
            self.engine, memory, self.device.blinded, self.record, lambda: self.at.port, self._told,
            os.urandom, lambda: self.unix,
        )  # fmt: skip

    def record(self, number: int) -> PeerRecord:
        return PeerRecord((Candidate(self.at, Kind.REFLEXIVE),), NatClass.CONSISTENT, number=number)

    def _told(self, found: Found) -> None:
        self.found.append(found)
        self.news.set()

    async def until(self, what: Callable[[Found], bool]) -> Found:
        async with asyncio.timeout(10):
            while not any(map(what, self.found)):
                self.news.clear()
                await self.news.wait()
        return next(filter(what, self.found))


@asynccontextmanager
async def people(*them: Person) -> AsyncIterator[None]:
    try:
        for one in them:
            await one.discovery.start()
        yield
    finally:
        for one in them:
            await one.discovery.aclose()


async def settled(turns: int = 300) -> None:
    """Lets everything that is due run."""
    for _ in range(turns):
        await asyncio.sleep(0)


def meet(*them: Person, topic: Topic = BOOK) -> None:
    for one in them:
        one.discovery.want([Meeting(topic, tuple(it.device.device_id for it in them if it is not one))])


def has_record(found: Found) -> bool:
    return found.record is not None


async def test_two_members_read_each_others_records() -> None:
    network = MemoryNetwork()
    alice, bob = Person("alice", network, "198.51.100.7"), Person("bob", network, "203.0.113.9")
    async with people(alice):
        meet(alice, bob)
        await settled()
        async with people(bob):
            meet(alice, bob)
            found = await bob.until(has_record)
    assert found.bond == alice.device.device_id
    assert found.record is not None
    assert found.candidates == found.record.candidates == (Candidate(alice.at, Kind.REFLEXIVE),)
    assert found.record.nat is NatClass.CONSISTENT


async def test_an_announced_address_is_a_rumour() -> None:
    network = MemoryNetwork()
    alice, bob = Person("alice", network, "198.51.100.7"), Person("bob", network, "203.0.113.9")
    async with people(alice):
        meet(alice, bob)
        await settled()
        async with people(bob):
            meet(alice, bob)
            found = await bob.until(lambda it: it.record is None)
    assert found.candidates == (Candidate(alice.at, Kind.RUMOUR),)  # and never one's own


@pytest.mark.parametrize("wrong_s", [-7_200.0, 7_200.0])
async def test_a_clock_two_hours_wrong_hinders_nobody(wrong_s: float) -> None:
    for hour in range(0, 24, 2):  # whenever the day of this topic changes
        network = MemoryNetwork()
        alice = Person("alice", network, "198.51.100.7", wrong_s=hour * 3_600.0)
        bob = Person("bob", network, "203.0.113.9", wrong_s=hour * 3_600.0 + wrong_s)
        async with people(alice):
            meet(alice, bob)
            await settled()
            async with people(bob):
                meet(alice, bob)
                await bob.until(has_record)


async def test_a_joiner_and_a_host_meet_by_an_invite() -> None:
    network, invite = MemoryNetwork(), Topic(Meet.INVITE, os.urandom(32))
    host, joiner = Person("host", network, "198.51.100.7"), Person("joiner", network, "203.0.113.9")
    async with people(host, joiner):
        host.discovery.want([Meeting(invite, (b"way",), Side.FIRST)])
        await settled()
        joiner.discovery.want([Meeting(invite, (b"way",), Side.SECOND)])
        assert (await joiner.until(has_record)).candidates == (Candidate(host.at, Kind.REFLEXIVE),)
        await joiner.until(lambda it: it.candidates == (Candidate(host.at, Kind.RUMOUR),))


async def test_a_thousand_false_addresses_make_thirty_two_rumours() -> None:
    network = MemoryNetwork()
    bob, carol = Person("bob", network, "203.0.113.9"), Person("carol", network, "203.0.113.10")
    for number in range(1_000):
        for day in BOOK.days(NOON):
            network.announce(BOOK.info_hash(day), Address(f"192.0.{number % 200}.{number // 200}", 1_000 + number))
    async with people(bob):
        meet(bob, carol)
        await settled(2_000)
        rumours = [it.address for found in bob.found for it in found.candidates]
        assert len(rumours) == len(set(rumours)) == RUMOURS


async def test_a_thousand_ports_of_a_victim_make_four_rumours() -> None:
    network, victim = MemoryNetwork(), "192.0.2.53"
    bob = Person("bob", network, "203.0.113.9")
    topics = [Topic(Meet.NOTEBOOK, bytes([n]) * 32) for n in range(8)]
    for topic in topics:
        for day in topic.days(NOON):
            for port in range(1_000, 1_125):
                network.announce(topic.info_hash(day), Address(victim, port))
    async with people(bob):
        bob.discovery.want(Meeting(topic, (bytes([n]) * 32,)) for n, topic in enumerate(topics))
        await settled(2_000)
    rumours = [it.address for found in bob.found for it in found.candidates]
    assert len(rumours) == len(set(rumours)) == AT_A_HOST


async def test_a_victims_address_is_told_once_whoever_is_missing() -> None:
    network, victim = MemoryNetwork(), Address("192.0.2.53", 53)
    bob = Person("bob", network, "203.0.113.9")
    others = tuple(Person(f"p{n}", network, "198.51.100.7").device.device_id for n in range(10))
    topics = [Topic(Meet.NOTEBOOK, bytes([n]) * 32) for n in range(8)]
    for topic in topics:
        for day in topic.days(NOON):
            network.announce(topic.info_hash(day), victim)
    async with people(bob):
        bob.discovery.want(Meeting(topic, others) for topic in topics)
        await settled(2_000)
        for _ in range(
            20
        ):  # as if the network changed all the time: each time it may be told once more, so never at once
            bob.discovery.linked([])
            await settled(20)
    assert [found.bond for found in bob.found].count(bob.found[0].bond) == 1
    assert [it.address for found in bob.found for it in found.candidates] == [victim]


async def test_addresses_inside_other_networks_are_no_rumours() -> None:
    network = MemoryNetwork()
    bob, carol = Person("bob", network, "203.0.113.9"), Person("carol", network, "203.0.113.10")
    for day in BOOK.days(NOON):
        for host in ("192.168.0.1", "10.0.0.1", "127.0.0.1", "224.0.0.1", "169.254.3.3"):
            network.announce(BOOK.info_hash(day), Address(host, 80))
    async with people(bob):
        meet(bob, carol)
        await settled()
    assert bob.found == []


async def test_strangers_put_nothing_in_a_members_place() -> None:
    network = MemoryNetwork()
    alice, bob, mallory = (Person(n, network, f"198.51.100.{len(n)}") for n in ("alice", "bob", "mallory"))
    day = BOOK.days(NOON)[0]
    place = BOOK.place_of(alice.device.device_id, day)
    lie = PeerRecord((Candidate(Address("192.0.2.53", 53), Kind.REFLEXIVE),), number=2**62)
    value = BOOK.sealed(lie, place, os.urandom)  # Mallory was a member and knows the topic key
    key = mallory.device.blinded(BOOK.key, occasion(day))
    item_key = alice.device.blinded(bytes(32), occasion(day))
    assert await mallory.engine.put(key, b"", value) is False  # not joined yet
    async with people(alice, bob, mallory):
        assert await mallory.engine.put(key, b"", value)  # at his own place: it opens nowhere
        assert await mallory.engine.put(item_key, b"", value)
        meet(alice, bob, mallory)
        found = await bob.until(lambda it: has_record(it) and it.bond == alice.device.device_id)
        assert found.candidates == (Candidate(alice.at, Kind.REFLEXIVE),)
        await settled()
    assert all(it.record is None or it.record.number < 2**62 for it in bob.found)


async def test_an_old_record_that_comes_again_is_not_believed() -> None:
    network = MemoryNetwork()
    alice, bob = Person("alice", network, "198.51.100.7"), Person("bob", network, "203.0.113.9")

    async def both_run() -> list[Found]:
        """What Bob is told when both start (again)."""
        alice.discovery, bob.discovery = alice.another(alice.memory), bob.another(bob.memory)
        bob.found.clear()
        async with people(alice):
            meet(alice, bob)
            await settled()
            async with people(bob):
                meet(alice, bob)
                await settled()
        bob.memory = DhtMemory(bob.kept[-1], bob.kept.append)
        return [it for it in bob.found if has_record(it)]

    assert [it.candidates[0].address for it in await both_run()] == [alice.at]
    old = dict(network.items)
    alice.at = Address("198.51.100.99", 45654)
    assert [it.candidates[0].address for it in await both_run()] == [alice.at]
    network.items.update(old)  # nodes bring back what they had
    bob.discovery = bob.another(bob.memory)
    bob.found.clear()
    async with people(bob):
        meet(alice, bob)
        await settled()
    assert not [it for it in bob.found if has_record(it)]


async def test_without_any_node_nothing_is_asked_and_it_is_said() -> None:
    network = MemoryNetwork()
    network.is_silent = True
    alice, bob = Person("alice", network, "198.51.100.7"), Person("bob", network, "203.0.113.9")
    async with people(alice):
        meet(alice, bob)
        await settled()
        assert alice.engine.asked == []
        assert alice.engine.health.state is DhtState.ALONE
        network.is_silent = False
        alice.engine.refresh()
        await settled()
        assert "put" in alice.engine.asked


async def test_without_an_engine_everything_is_still() -> None:
    found: list[Found] = []
    device = Device.from_seed(bytes(32))
    discovery = DhtDiscovery(
        NoDht(DhtState.MISSING, "none here"), DhtMemory(), device.blinded, lambda n: PeerRecord(number=n),
        lambda: 1, found.append, os.urandom,
    )  # fmt: skip
    await discovery.start()
    discovery.want([Meeting(BOOK, (bytes(32),))])
    await settled()
    assert found == []
    await discovery.aclose()


# -- what is kept -------------------------------------------------------------------------------------------------


def test_numbers_only_ever_rise_whatever_is_lost() -> None:
    kept: list[bytes] = []
    memory = DhtMemory(save=kept.append)
    given_out = [memory.next_number() for _ in range(3 * BLOCK)]
    assert len(kept) <= 4
    after_a_crash = DhtMemory(kept[-1]).next_number()
    assert given_out == sorted(set(given_out))
    assert after_a_crash > given_out[-1]


def test_a_restored_backup_goes_on_behind_what_others_heard() -> None:
    memory = DhtMemory()
    memory.at_least(5_000)
    assert memory.next_number() == 5_001


def test_numbers_heard_and_nodes_survive() -> None:
    kept: list[bytes] = []
    memory = DhtMemory(save=kept.append)
    assert [memory.hear(b"a", n) for n in (5, 5, 6, 4)] == [True, False, True, None]
    memory.keep([Address("198.51.100.1", 6881), Address("2001:db8::1", 1)])
    again = DhtMemory(kept[-1])
    assert again.hear(b"a", 5) is None
    assert [str(it) for it in again.nodes] == ["198.51.100.1:6881", "[2001:db8::1]:1"]
    memory.keep([])  # a start without a network forgets none
    assert DhtMemory(kept[-1]).nodes == again.nodes


def test_damaged_memory_is_our_own_bug() -> None:
    with pytest.raises(LocalError):
        DhtMemory(b"nonsense")


def test_what_is_signed_is_what_libtorrent_signs() -> None:
    assert signed_part(b"x", Item(b"ab", 7)) == b"4:salt1:x3:seqi7e1:v2:ab"
