"""One end that finds the other through the DHT alone: `python -m tests.lab.far NAME OTHER BOOTSTRAP,... [KIND]`.

KIND: a notebook (of both), an invite (NAME is the host or the joiner) or a code. Prints what happens as JSON lines.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from hashlib import blake2b

from notesapp.errors import LinkOver
from notesapp.identity.keys import Device
from notesapp.net.bond import Bond, Side
from notesapp.net.dht_memory import DhtMemory
from notesapp.net.dht_plan import Meeting
from notesapp.net.internet import Internet, InternetOptions
from notesapp.net.link import Link
from notesapp.net.standing import BondChanged, Event, LinkEnded, LinkOpened
from notesapp.net.swarm import Swarm
from notesapp.net.topics import Meet, Topic
from notesapp.net.watch import NetWatch


def say(what: str, **facts: object) -> None:
    """One line of JSON."""
    print(json.dumps({"at": time.monotonic(), "what": what, **facts}), flush=True)


def device(name: str) -> Device:
    """The device of a name."""
    return Device.from_seed(name.encode().ljust(32))


def bond_of(name: str, other: str, kind: Meet) -> tuple[Bond, Meeting]:
    """Whom this end looks for, and where."""
    secret = blake2b(kind.encode(), digest_size=32).digest()
    topic = Topic(kind, secret)
    if kind in (Meet.INVITE, Meet.CODE):
        side = Side.FIRST if name == "host" else Side.SECOND
        return Bond(b"way", secret, side, many=True), Meeting(topic, (b"way",), side)
    me, you = device(name).device_id, device(other).device_id
    return Bond(you, secret, Side.FIRST if me < you else Side.SECOND), Meeting(topic, (you,))


async def main(name: str, other: str, bootstrap: str, kind: str = "notebook") -> None:
    """Runs until it is killed."""
    swarm = Swarm(None, NetWatch())
    readers = set[asyncio.Task[None]]()
    told: dict[str, object] = {}

    def on_event(event: Event) -> None:
        match event:
            case LinkOpened(link):
                say("opened", to=str(link.remote))
                task = asyncio.get_running_loop().create_task(talk(link))
                readers.add(task)
                task.add_done_callback(readers.discard)
            case LinkEnded(_, end):
                say("ended", end=end)
            case BondChanged(_, state):
                say("state", stage=state.stage, cause=state.cause, remedy=state.remedy)
            case _:
                pass

    async def talk(link: Link) -> None:
        try:
            await link.send(b"hello from " + name.encode())
            async for message in link:
                say("heard", text=message.decode())
        except LinkOver as error:
            say("over", why=str(error))

    def on_change() -> None:
        report = internet.report
        facts = {
            "dht": report.dht.state, "nodes": report.dht.nodes, "nat": report.nat.nat,
            "external": str(report.nat.external), "mapped": str(report.mapped),
        }  # fmt: skip
        if facts != told:
            told.update(facts)
            say("internet", **facts)

    swarm.subscribe(on_event)
    await swarm.open()
    say("ready", addresses=[str(it) for it in swarm.addresses()])
    options = InternetOptions(tuple(bootstrap.split(",")))
    internet = Internet(swarm, DhtMemory(), device(name).blinded, options, on_change)
    await internet.start()
    bond, meeting = bond_of(name, other, Meet(kind))
    swarm.want([bond])
    internet.want([meeting])
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
