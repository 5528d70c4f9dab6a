"""Figures of two swarms in one process over this computer's own addresses: `python -m tests.net.bench_link`."""

from __future__ import annotations

import asyncio
import os
import statistics
import time

from notesapp.net.bond import Bond, Side
from notesapp.net.link import Link
from notesapp.net.mdns import MdnsDiscovery
from notesapp.net.standing import Event, LinkOpened
from notesapp.net.swarm import Swarm
from notesapp.net.watch import NetWatch

ROUNDS, BULK, IDLE_S = 300, 20_000_000, 20.0


def first_link(swarm: Swarm) -> asyncio.Future[Link]:
    """Done with the first link."""
    found: asyncio.Future[Link] = asyncio.get_running_loop().create_future()

    def on_event(event: Event) -> None:
        if isinstance(event, LinkOpened) and not found.done():
            found.set_result(event.link)

    swarm.subscribe(on_event)
    return found


async def echo(link: Link) -> None:
    """Sends back what comes."""
    async for message in link:
        await link.send(message)


async def round_trips(here: Link) -> list[float]:
    """Seconds from sending a small message to its echo."""
    took, messages = list[float](), aiter(here)
    for _ in range(ROUNDS):
        began = time.perf_counter()
        await here.send(bytes(200))
        await anext(messages)
        took.append(time.perf_counter() - began)
        await asyncio.sleep(0.005)
    return sorted(took)


async def bulk(here: Link) -> None:
    """Sends and hears 20 MB."""
    for _ in range(BULK // 1_000_000):
        await here.send(bytes(1_000_000))


async def hear(link: Link) -> None:
    """Until 20 MB came."""
    got = 0
    async for message in link:
        got += len(message)
        if got >= BULK:
            return


async def main() -> None:
    """Prints one figure a line."""
    secret = os.urandom(32)
    alice, bob = Swarm(MdnsDiscovery(), NetWatch()), Swarm(MdnsDiscovery(), NetWatch())
    links = first_link(alice), first_link(bob)
    began = time.perf_counter()
    for swarm, bond in ((alice, Bond(b"bob", secret, Side.FIRST)), (bob, Bond(b"alice", secret, Side.SECOND))):
        await swarm.open(0)
        swarm.want([bond])
    here, there = await asyncio.gather(*links)
    print(f"found and linked, cold        {time.perf_counter() - began:6.2f} s")
    echoing = asyncio.create_task(echo(there))
    took = await round_trips(here)
    echoing.cancel()
    print(f"round trip p50 / p95          {1e3 * statistics.median(took):6.2f} / {1e3 * took[-ROUNDS // 20]:.2f} ms")
    began, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(bulk(there), hear(here))
    took_s, cpu = time.perf_counter() - began, time.process_time() - cpu
    print(f"20 MB, both ends in here      {BULK / 1e6 / took_s:6.1f} MB/s ({BULK / 1e6 / cpu:.1f} per s of a core)")
    cpu = time.process_time()
    await asyncio.sleep(IDLE_S)
    print(f"idle, both ends               {100 * (time.process_time() - cpu) / IDLE_S:6.2f} % of a core")
    await alice.aclose()
    await bob.aclose()


if __name__ == "__main__":
    asyncio.run(main())
