"""Swarms on loopback with discovery in memory: links come, stay one, come back, and end when unwanted."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from notesapp.net import states, swarm
from notesapp.net.address import Address
from notesapp.net.bond import Bond, Side
from notesapp.net.connection import IDLE_S
from notesapp.net.diagnosis import REMEDIES, Cause
from notesapp.net.discovery import MemoryAir, MemoryDiscovery
from notesapp.net.link import End, Link
from notesapp.net.standing import BondChanged, Event, LinkEnded, LinkOpened, NearbyChanged, NetworkChanged, Stage
from notesapp.net.swarm import Swarm
from notesapp.net.watch import Change, FakeWatch
from tests.net.ends import LOCAL, bonds

pytestmark = pytest.mark.socket


class Person:
    """A swarm and what it told."""

    def __init__(self, name: str, air: MemoryAir | None, idle_s: float = IDLE_S) -> None:
        discovery = MemoryDiscovery(air, name, LOCAL, os.urandom) if air is not None else None
        self.watch = FakeWatch()
        self.swarm = Swarm(discovery, self.watch, idle_s=idle_s)
        self.told: list[Event] = []
        self._news = asyncio.Event()
        self.swarm.subscribe(self._on_event)

    def _on_event(self, event: Event) -> None:
        self.told.append(event)
        self._news.set()

    async def until(self, what: Callable[[Event], bool], within_s: float = 8.0, after: int = 0) -> Event:
        """The first event after the first `after` ones that is so."""
        async with asyncio.timeout(within_s):
            while True:
                for event in self.told[after:]:
                    if what(event):
                        return event
                self._news.clear()
                await self._news.wait()

    async def link(self, after: int = 0) -> Link:
        """The next link."""
        event = await self.until(lambda it: isinstance(it, LinkOpened), after=after)
        assert isinstance(event, LinkOpened)
        return event.link

    @property
    def address(self) -> Address:
        """Where this one is."""
        return Address(LOCAL, self.swarm.station.mux.port)


@asynccontextmanager
async def people(*names: str, air: MemoryAir | None, idle_s: float = IDLE_S) -> AsyncIterator[list[Person]]:
    them = [Person(name, air, idle_s) for name in names]
    try:
        for it in them:
            await it.swarm.open(0)
        yield them
    finally:
        for it in them:
            await it.swarm.aclose()


async def test_two_who_want_each_other_get_exactly_one_link() -> None:
    async with people("alice", "bob", air=MemoryAir()) as (alice, bob):
        to_bob, to_alice = bonds()
        alice.swarm.want([to_bob])
        bob.swarm.want([to_alice])
        here, there = await alice.link(), await bob.link()
        assert (here.is_dialer, there.is_dialer) == (True, False)
        assert here.binding == there.binding
        await here.send(b"hello")
        async for message in there:
            assert message == b"hello"
            break
        await asyncio.sleep(1.2)  # longer than SECOND waits before it dials too
        assert len(alice.swarm.links) == len(bob.swarm.links) == 1
        assert alice.swarm.state(b"bob").stage is Stage.DIRECT
        assert alice.swarm.good_addresses(b"bob") == (bob.address,)
        assert [it for it in alice.told if isinstance(it, LinkEnded)] == []


async def test_a_typed_address_is_enough_where_nothing_is_announced() -> None:
    async with people("alice", "bob", air=None) as (alice, bob):
        to_bob, to_alice = bonds()
        alice.swarm.want([to_bob])
        bob.swarm.want([to_alice])
        bob.swarm.hint(b"alice", [Address.parse(str(alice.address))])
        here = await alice.link()
        assert here.is_dialer  # the smaller key dials, although the other one knew the address


async def test_a_link_that_ends_is_opened_again() -> None:
    async with people("alice", "bob", air=MemoryAir()) as (alice, bob):
        to_bob, to_alice = bonds()
        alice.swarm.want([to_bob])
        bob.swarm.want([to_alice])
        await alice.link()
        there = await bob.link()
        before = len(alice.told)
        await there.aclose()
        ended = await alice.until(lambda it: isinstance(it, LinkEnded), after=before)
        assert isinstance(ended, LinkEnded)
        assert ended.end is End.CLOSED_THERE
        assert (await alice.link(after=before)).end is None


async def test_an_unwanted_bond_loses_its_link_and_is_not_sought() -> None:
    async with people("alice", "bob", air=MemoryAir()) as (alice, bob):
        to_bob, to_alice = bonds()
        alice.swarm.want([to_bob])
        bob.swarm.want([to_alice])
        there = await bob.link()
        alice.swarm.want([])
        async with asyncio.timeout(5):
            assert await there.wait_closed() is End.UNWANTED
        assert alice.swarm.links == []
        assert alice.swarm.state(b"bob").stage is Stage.OFFLINE


async def test_joiners_dial_the_host_of_an_invite_and_each_has_a_link() -> None:
    async with people("host", "ana", "bob", air=MemoryAir()) as (host, ana, bob):
        secret = os.urandom(32)
        host.swarm.want([Bond(b"invite", secret, Side.FIRST, many=True)])
        for joiner in (ana, bob):
            joiner.swarm.want([Bond(b"invite", secret, Side.SECOND, many=True)])
        assert (await ana.link()).is_dialer
        assert (await bob.link()).is_dialer
        await host.until(lambda it: len(host.swarm.links) == 2)
        assert {it.run for it in host.swarm.links} == {ana.swarm.station.run, bob.swarm.station.run}


async def test_a_stranger_in_the_same_room_gets_nothing() -> None:
    async with people("alice", "mallory", air=MemoryAir()) as (alice, mallory):
        alice.swarm.want([bonds()[0]])
        mallory.swarm.want([Bond(b"alice", os.urandom(32), Side.SECOND)])
        mallory.swarm.hint(b"alice", [alice.address])
        alice.swarm.hint(b"bob", [mallory.address])
        await asyncio.sleep(2.5)
        assert [it for it in alice.told + mallory.told if isinstance(it, LinkOpened)] == []
        assert mallory.swarm.station.disco.dropped == 3  # what an address that never answers is asked


async def test_a_new_network_is_told_and_a_link_survives_it() -> None:
    async with people("alice", "bob", air=MemoryAir()) as (alice, bob):
        to_bob, to_alice = bonds()
        alice.swarm.want([to_bob])
        bob.swarm.want([to_alice])
        here = await alice.link()
        alice.watch.tell(Change.WOKE)
        assert NetworkChanged(1, Change.WOKE) in alice.told
        await asyncio.sleep(0.5)
        assert here.end is None
        assert alice.swarm.state(b"bob").stage is Stage.DIRECT


async def test_a_peer_who_falls_silent_is_called_silent_and_then_direct_again() -> None:
    async with people("alice", "bob", air=MemoryAir()) as (alice, bob):
        to_bob, to_alice = bonds()
        alice.swarm.want([to_bob])
        bob.swarm.want([to_alice])
        await alice.link()
        before = len(alice.told)
        hear, bob.swarm.station.disco.receive = bob.swarm.station.disco.receive, lambda *_: None  # type: ignore[method-assign]  # deaf
        alice.watch.tell(Change.LINK)  # asks at once
        await alice.until(lambda it: isinstance(it, BondChanged) and it.state.stage is Stage.SILENT, after=before)
        bob.swarm.station.disco.receive = hear  # type: ignore[method-assign]  # hears again
        before = len(alice.told)
        await alice.until(lambda it: isinstance(it, BondChanged) and it.state.stage is Stage.DIRECT, after=before)


async def test_a_link_on_which_nothing_is_heard_for_long_is_kept_and_counts_as_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(states, "SILENT_S", 1.5)
    async with people("alice", "bob", air=MemoryAir()) as (alice, bob):
        to_bob, to_alice = bonds()
        alice.swarm.want([to_bob])
        bob.swarm.want([to_alice])
        here = await alice.link()
        hear, bob.swarm.station.disco.receive = bob.swarm.station.disco.receive, lambda *_: None  # type: ignore[method-assign]  # deaf
        alice.watch.tell(Change.LINK)
        told = await alice.until(lambda it: isinstance(it, BondChanged) and it.state.is_lost)
        assert isinstance(told, BondChanged)
        assert (told.state.stage, told.state.cause) == (Stage.SILENT, Cause.NO_ANSWER)
        assert told.state.remedy is REMEDIES[Cause.NO_ANSWER]
        assert here.end is None
        bob.swarm.station.disco.receive = hear  # type: ignore[method-assign]  # hears again
        before = len(alice.told)
        await alice.until(lambda it: isinstance(it, BondChanged) and not it.state.is_lost, after=before)


async def test_whoever_misses_a_heartbeat_is_asked_by_the_way_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(swarm, "HEARTBEAT_S", 1.0)
    async with people("alice", "bob", air=MemoryAir()) as (alice, bob):
        to_bob, to_alice = bonds()
        alice.swarm.want([to_bob])
        bob.swarm.want([to_alice])
        await alice.link()
        await bob.link()
        monkeypatch.setattr(alice.swarm._plan, "due", lambda *_: [])  # asks other addresses, or nobody
        monkeypatch.setattr(bob.swarm.station.disco, "receive", lambda *_: None)  # deaf
        before = len(alice.told)
        await alice.until(lambda it: isinstance(it, BondChanged) and it.state.stage is Stage.SILENT, after=before)


async def test_a_link_on_which_nobody_says_anything_stays() -> None:
    async with people("alice", "bob", air=MemoryAir(), idle_s=1.2) as (alice, bob):
        to_bob, to_alice = bonds()
        alice.swarm.want([to_bob])
        bob.swarm.want([to_alice])
        here, there = await alice.link(), await bob.link()
        await asyncio.sleep(4)
        assert (here.end, there.end) == (None, None)


async def test_the_doctor_reads_the_port_and_what_was_dropped() -> None:
    async with people("alice", air=None) as (alice,):
        report = alice.swarm.report
        assert report.port == alice.address.port
        assert not report.is_usual_port
        assert report.announcing_fails == "it is switched off"
        assert report.dropped == {"probes": 0}


async def test_people_nearby_show_a_card_and_can_hide_it() -> None:
    async with people("alice", "bob", air=MemoryAir()) as (alice, bob):
        alice.swarm.show(b"key, and the name Alice")
        await bob.until(lambda it: it == NearbyChanged({"alice": b"key, and the name Alice"}))
        alice.swarm.show(None)
        await bob.until(lambda it: it == NearbyChanged({}))


async def test_closing_says_so_to_the_other_end_and_leaves_no_task() -> None:
    async with people("alice", "bob", air=MemoryAir()) as (alice, bob):
        to_bob, to_alice = bonds()
        alice.swarm.want([to_bob])
        bob.swarm.want([to_alice])
        there = await bob.link()
        await alice.link()
        await alice.swarm.aclose()
        async with asyncio.timeout(5):
            assert await there.wait_closed() is End.CLOSED_THERE
        assert len(alice.swarm._tasks) == 0
