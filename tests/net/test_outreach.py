"""Three swarms on loopback: a member carries a link end to end, a call makes it direct in mid-transfer."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from notesapp.net import doubt, interfaces, outreach, plan, relay
from notesapp.net.address import Address, Reach
from notesapp.net.bond import Bond, Side
from notesapp.net.candidate import Candidate, Found, Kind, NatClass, PeerRecord
from notesapp.net.mux import SPARE_PORTS
from notesapp.net.quic_link import QuicLink
from notesapp.net.standing import BondChanged, LinkEnded, LinkOpened, Stage
from tests.lab.harm import harm
from tests.net.ends import LOCAL
from tests.net.test_swarm import Person

pytestmark = pytest.mark.socket


@asynccontextmanager
async def carried(monkeypatch: pytest.MonkeyPatch, *, tell: bool = False) -> AsyncIterator[list[Person]]:
    """Alice and Bob, who know nothing of each other's place, and Carol, whom both know.

    `tell`: their records say where they are; else they say nothing, so that the ride stays.
    """
    monkeypatch.setattr(plan, "RELAY_S", 0.2)
    if not tell:
        monkeypatch.setattr(interfaces, "addresses", lambda *_: ())
    else:
        monkeypatch.setattr(interfaces, "addresses", lambda port, *_: (Address(LOCAL, port),))
    names = (b"alice", b"bob", b"carol")
    secrets = {frozenset((a, b)): os.urandom(32) for a in names for b in names if a < b}
    them = [Person(name.decode(), None) for name in names]
    try:
        for name, it in zip(names, them, strict=True):
            await it.swarm.open(0)
            it.swarm.want(
                Bond(other, secrets[frozenset((name, other))], Side.FIRST if name < other else Side.SECOND)
                for other in names
                if other != name
            )
        for it in them[:2]:
            it.swarm.hint(b"carol", [them[2].address])
        yield them
    finally:
        for it in them:
            await it.swarm.aclose()


async def link_with(person: Person, bond: bytes) -> QuicLink:
    event = await person.until(lambda it: isinstance(it, LinkOpened) and it.link.bond == bond, within_s=20)
    assert isinstance(event, LinkOpened)
    assert isinstance(event.link, QuicLink)
    return event.link


async def received(link: QuicLink, count: int) -> list[bytes]:
    out = []
    async for message in link:
        out.append(message)
        if len(out) == count:
            break
    return out


async def test_two_who_find_each_other_nowhere_are_carried_by_a_member(monkeypatch: pytest.MonkeyPatch) -> None:
    async with carried(monkeypatch) as (alice, bob, carol):
        here, there = await link_with(alice, b"bob"), await link_with(bob, b"alice")
        assert here.binding == there.binding  # end to end: Carol has no part in it
        assert here.remote.reach is Reach.RELAY
        state = alice.swarm.state(b"bob")
        assert (state.stage, state.through) == (Stage.RELAYED, b"carol")
        messages = [os.urandom(20_000) for _ in range(20)]
        async with asyncio.timeout(30):
            reading = asyncio.ensure_future(received(there, len(messages)))
            for message in messages:
                await here.send(message)
            assert await reading == messages
        assert carol.swarm.outreach.desk.count == 1
        assert carol.swarm.outreach.desk.passed > 400_000


async def test_a_carried_link_becomes_direct_in_mid_transfer(monkeypatch: pytest.MonkeyPatch) -> None:
    async with carried(monkeypatch, tell=True) as (alice, bob, _):
        here, there = await link_with(alice, b"bob"), await link_with(bob, b"alice")
        reading = asyncio.ensure_future(received(there, 40))
        for number in range(40):
            await here.send(number.to_bytes(4, "big") * 2_000)
        async with asyncio.timeout(30):
            assert await reading == [number.to_bytes(4, "big") * 2_000 for number in range(40)]
        await alice.until(
            lambda it: isinstance(it, BondChanged) and it.name == b"bob" and it.state.stage is Stage.DIRECT, 20
        )
        assert here.remote == bob.address
        assert [it for it in alice.told + bob.told if isinstance(it, LinkEnded) and it.link in (here, there)] == []


async def test_a_member_who_makes_up_frames_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "JUNK", 50)
    async with carried(monkeypatch) as (alice, _, carol):
        here = await link_with(alice, b"bob")
        [ride] = alice.swarm.outreach.rides.all
        junk = bytes([relay.FRAME]) + ride.channel
        for _ in range(400):
            carol.swarm.station.mux.send(junk + b"\x1fndp" + os.urandom(60), alice.address)
        carol.swarm.outreach.desk.on = False  # and doesn't carry any more
        await alice.until(
            lambda it: isinstance(it, BondChanged) and it.name == b"bob" and it.state.stage is Stage.SILENT, 20
        )
        assert alice.swarm.outreach.rides.all == []
        assert here.end is None  # it waits for another way


async def test_a_member_who_passes_probes_alone_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doubt, "STUCK_S", 1.0)
    async with carried(monkeypatch) as (alice, _, carol):
        here = await link_with(alice, b"bob")
        harm(carol.swarm, "picky")
        await here.send(os.urandom(5_000))  # what is smaller passes as probes do, and is confirmed
        await alice.until(
            lambda it: isinstance(it, BondChanged) and it.name == b"bob" and it.state.stage is Stage.SILENT, 20
        )
        assert alice.swarm.outreach.rides.all == []
        assert here.end is None


async def test_strangers_frames_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    async with carried(monkeypatch) as (alice, _, carol):
        await link_with(alice, b"carol")
        before = alice.swarm.report.dropped.get("relay", 0)
        carol.swarm.station.mux.send(bytes([relay.FRAME]) + os.urandom(8) + b"anything", alice.address)
        carol.swarm.station.mux.send(bytes([relay.FRAME]), alice.address)
        async with asyncio.timeout(5):
            while alice.swarm.report.dropped.get("relay", 0) < before + 2:  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.01)


def found(address: Address, nat: NatClass) -> Found:
    candidates = (Candidate(address, Kind.REFLEXIVE),)
    record = PeerRecord(candidates, nat, number=1)
    return Found(b"bob", candidates, record, asyncio.get_running_loop().time() + 100)


async def test_a_random_router_makes_us_open_ports_and_an_answer_closes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other end answers only from a port that we can't know: one of ours must be found by it."""
    async with carried(monkeypatch) as (alice, _, _):
        await link_with(alice, b"carol")
        mux, there = alice.swarm.station.mux, Address("203.0.113.250", 9)
        sent: set[Address] = set()

        def send(data: bytes, to: Address, hops: int = 0) -> bool:
            sent.add(to)
            return True

        monkeypatch.setattr(alice.swarm.station.disco, "_send", send)
        monkeypatch.setattr(outreach.UnknownNat, "nat", NatClass.RANDOM)
        alice.swarm.nat_changed()
        alice.swarm.learn(found(there, NatClass.CONSISTENT))
        async with asyncio.timeout(10):
            while len({to.mine for to in sent if to.host == there.host}) < 257:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        assert len(mux.spare) == 256 < SPARE_PORTS
        alice.swarm._plan.answered(b"bob", b"run", there, there, asyncio.get_running_loop().time())
        alice.swarm._schedule()
        async with asyncio.timeout(10):
            while mux.spare:  # noqa: ASYNC110
                await asyncio.sleep(0.05)


async def test_the_port_that_a_bond_has_opened_serves_the_next_one_by_which_the_same_one_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A code, then an invite, then a member: two hard routers are passed once."""
    async with carried(monkeypatch) as (alice, bob, _):
        secrets = {name: os.urandom(32) for name in (b"code", b"invite")}
        for side, it in ((Side.FIRST, alice), (Side.SECOND, bob)):
            it.swarm.want([Bond(b"code", secrets[b"code"], side, many=True)])
        outreach_of, mux = alice.swarm.outreach, alice.swarm.station.mux
        ports = [await mux.open_spare() for _ in range(3)]
        outreach_of._ports[b"code"] = [it for it in ports if it is not None]
        there = Address(bob.address.host, bob.address.port, 0, ports[1] or 0)
        alice.swarm.hint(b"code", [there])
        link = await link_with(bob, b"code")
        assert link.remote.port == mux.spare[ports[1] or 0]

        both = [Bond(name, secret, Side.FIRST, many=True) for name, secret in secrets.items()]
        alice.swarm.want(both)
        alice.swarm.hint(b"invite", [there])
        alice.swarm.want(both[1:])
        assert list(mux.spare) == [ports[1]]  # what leads to nobody is closed
        bob.swarm.want([Bond(b"invite", secrets[b"invite"], Side.SECOND, many=True)])
        bob.swarm.hint(b"invite", [link.remote])
        again = await link_with(bob, b"invite")
        assert again.remote == link.remote
        alice.swarm.want([])
        assert not mux.spare
