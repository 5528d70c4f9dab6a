"""Two ends on loopback, for tests of links: in memory, and over QUIC on real sockets."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from notesapp.net.address import Address
from notesapp.net.bond import Bond, Side
from notesapp.net.connection import IDLE_S
from notesapp.net.disco import Answered
from notesapp.net.quic_link import QuicLink
from notesapp.net.station import Station

LOCAL = "127.0.0.1"


def bonds(secret: bytes | None = None) -> tuple[Bond, Bond]:
    """(Alice's towards Bob, Bob's towards Alice)."""
    secret = secret or os.urandom(32)
    return Bond(b"bob", secret, Side.FIRST), Bond(b"alice", secret, Side.SECOND)


@asynccontextmanager
async def stations(idle_s: float = IDLE_S) -> AsyncIterator[tuple[Station, Station]]:
    """Alice's and Bob's open ports, who know each other."""
    both = (Station(idle_s=idle_s), Station(idle_s=idle_s))
    try:
        for station, bond in zip(both, bonds(), strict=True):
            await station.open(0)
            station.know([bond])
        yield both
    finally:
        for station in both:
            await station.aclose()


async def validated(alice: Station, bob: Station, host: str = LOCAL) -> None:
    """Alice pings Bob and hears his pong."""
    heard: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def on_probe(probe: object) -> None:
        if isinstance(probe, Answered) and not heard.done():
            heard.set_result(None)

    alice.on_probe = on_probe
    port = bob.mux.port if host == LOCAL else bob.mux.port_v6
    assert port is not None
    assert alice.ping(b"bob", Address(host, port))
    async with asyncio.timeout(5):
        await heard


async def linked(alice: Station, bob: Station) -> tuple[QuicLink, QuicLink]:
    """(the dialer's end at Alice's, the listener's end at Bob's)."""
    accepted: asyncio.Future[QuicLink] = asyncio.get_running_loop().create_future()
    bob.on_link = lambda link: None if accepted.done() else accepted.set_result(link)
    await validated(alice, bob)
    async with asyncio.timeout(10):
        return await alice.dial(b"bob", bob.run), await accepted
