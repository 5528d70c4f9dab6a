"""Members tell each other how it stands: clocks, routers, nodes. Real ports on loopback."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable

import pytest

from notesapp.net import grapevine
from notesapp.net.address import Address
from notesapp.net.bond import Bond, Side
from notesapp.net.candidate import NatClass
from notesapp.net.dht import DhtState
from notesapp.net.nat import NatReport
from notesapp.net.standing import LinkOpened
from notesapp.net.swarm import Swarm
from notesapp.net.tidings import LIMIT, NODES, TIDINGS, Tidings, packed_nodes
from notesapp.net.watch import FakeWatch
from tests.net.ends import LOCAL, bonds

pytestmark = pytest.mark.socket
TWO_HOURS_MS = 2 * 3_600_000


async def until(what: Callable[[], object], within_s: float = 20.0) -> None:
    async with asyncio.timeout(within_s):
        while not what():  # noqa: ASYNC110  # told by several things
            await asyncio.sleep(0.01)


@pytest.fixture
async def pair() -> AsyncIterator[tuple[Swarm, Swarm]]:
    """Alice's and Bob's swarms, not yet looking for each other; Bob's clock is two hours ahead."""
    alice, bob = Swarm(None, FakeWatch()), Swarm(None, FakeWatch())
    bob.outreach.grapevine.unix_ms = lambda: time.time_ns() // 1_000_000 + TWO_HOURS_MS
    bob.outreach.nat = NatReport(NatClass.CONSISTENT, Address("198.51.100.7", 4242))
    for one in (alice, bob):
        await one.open(0)
    yield alice, bob
    for one in (alice, bob):
        await one.aclose()


async def meet(alice: Swarm, bob: Swarm) -> None:
    opened = asyncio.Event()
    alice.subscribe(lambda event: opened.set() if isinstance(event, LinkOpened) else None)
    for one, bond in zip((alice, bob), bonds(), strict=True):
        one.want([bond])
    alice.hint(b"bob", [Address(LOCAL, bob.station.mux.port)])
    async with asyncio.timeout(20):
        await opened.wait()


async def test_each_hears_the_others_clock_and_router(pair: tuple[Swarm, Swarm]) -> None:
    alice, bob = pair
    await meet(alice, bob)
    await until(lambda: alice.outreach.grapevine.heard and bob.outreach.grapevine.heard)
    (heard,) = alice.outreach.grapevine.heard.values()
    assert abs(heard.ahead_ms - TWO_HOURS_MS) < 60_000
    assert (heard.tidings.nat, heard.tidings.external) == (NatClass.CONSISTENT, Address("198.51.100.7", 4242))
    assert abs(bob.outreach.grapevine.heard[b"alice"].ahead_ms + TWO_HOURS_MS) < 60_000


async def test_a_look_from_both_ends_counts_answers_and_brings_fresh_tidings(pair: tuple[Swarm, Swarm]) -> None:
    alice, bob = pair
    await meet(alice, bob)
    closer = await alice.outreach.grapevine.look_closer(b"bob")
    assert closer is not None
    assert closer.theirs is not None
    assert closer.sent >= len(closer.lags_s) > closer.sent / 2
    assert closer.seen_as == Address(LOCAL, alice.station.mux.port)
    assert await alice.outreach.grapevine.look_closer(b"carol") is None


async def test_whoever_comes_by_an_invite_is_told_nothing(
    pair: tuple[Swarm, Swarm], monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, bob = pair
    monkeypatch.setattr(grapevine, "WAIT_S", 0.3)
    monkeypatch.setattr(grapevine, "PINGS", 3)
    secret = os.urandom(32)
    opened = asyncio.Event()
    alice.subscribe(lambda event: opened.set() if isinstance(event, LinkOpened) else None)
    alice.want([Bond(b"invite", secret, Side.SECOND, many=True)])
    bob.want([Bond(b"invite", secret, Side.FIRST, many=True)])
    alice.hint(b"invite", [Address(LOCAL, bob.station.mux.port)])
    async with asyncio.timeout(20):
        await opened.wait()
    closer = await alice.outreach.grapevine.look_closer(b"invite")  # asks, and gets no tidings
    assert closer is not None
    assert closer.theirs is None
    assert not alice.outreach.grapevine.heard
    assert not bob.outreach.grapevine.heard


def test_the_longest_tidings_fit_into_one_probe() -> None:
    node = Address("198.51.100.7", 65_535)
    most = Tidings(
        True, 253_402_300_799_999, NatClass.CONSISTENT, node.packed(), node.packed(), True, DhtState.JOINING,
        1_000_000, True, packed_nodes([node] * 50),
    )  # fmt: skip
    data = TIDINGS.encode(most)
    assert len(data) <= LIMIT
    assert TIDINGS.decode(data).nodes == (node,) * NODES
