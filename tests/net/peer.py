"""One end for tests with several processes: `python -m tests.net.peer NAME OTHER SECRET SIDE [PORT]` in any namespace.

It wants one bond, sends a count each 0.2 s, and prints what happens as JSON lines with the time.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time

from notesapp.errors import LinkOver
from notesapp.net.bond import Bond, Side
from notesapp.net.link import Link
from notesapp.net.mdns import MdnsDiscovery
from notesapp.net.standing import BondChanged, Event, LinkEnded, LinkOpened, NetworkChanged
from notesapp.net.swarm import Swarm
from notesapp.net.watch import NetWatch

BEAT_S = 0.2


def say(what: str, **facts: object) -> None:
    """One line of JSON."""
    print(json.dumps({"at": time.monotonic(), "what": what, **facts}), flush=True)


async def _read(link: Link) -> None:
    async for message in link:
        say("heard", text=message.decode())


async def _beat(swarm: Swarm) -> None:
    number = 0
    while True:
        for link in swarm.links:
            number += 1
            try:
                async with asyncio.timeout(BEAT_S):
                    await link.send(str(number).encode())
            except (LinkOver, TimeoutError) as error:
                say("unsent", why=str(error))
        await asyncio.sleep(BEAT_S)


async def main(name: str, other: str, secret: str, side: str, port: str = "") -> None:
    """Runs until it is killed."""
    quiet = "PEER_WITHOUT_MDNS" in os.environ
    swarm = Swarm(None if quiet else MdnsDiscovery(), NetWatch())
    readers = set[asyncio.Task[None]]()

    def on_event(event: Event) -> None:
        match event:
            case LinkOpened(link):
                say("opened", to=str(link.remote), binding=link.binding.hex(), dialled=link.is_dialer)
                reader = asyncio.get_running_loop().create_task(_read(link))
                readers.add(reader)
                reader.add_done_callback(readers.discard)
            case LinkEnded(link, end):
                say("ended", end=end)
            case BondChanged(_, state):
                say("state", stage=state.stage, address=str(state.address), error=state.error)
            case NetworkChanged(generation, change):
                say("network", generation=generation, change=change)
            case _:
                pass

    swarm.subscribe(on_event)
    await swarm.open(int(port) if port else None)
    say("ready", name=name, addresses=[str(it) for it in swarm.addresses()])
    swarm.want([Bond(other.encode(), bytes.fromhex(secret), Side[side])])
    await _beat(swarm)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
