"""One end of the lab: a swarm behind a router, told by a file where the others are. `python -m tests.lab.end CONFIG`.

The file stands for the DHT: each end writes its record into a folder, and reads there what the others wrote. Prints
what happens as JSON lines; answers each message of another end, so that "converged" is a round trip of words.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from notesapp.errors import LinkOver
from notesapp.net.address import Address
from notesapp.net.bond import Bond, Side
from notesapp.net.candidate import Found, NatClass, PeerRecord
from notesapp.net.link import Link
from notesapp.net.mdns import MdnsDiscovery
from notesapp.net.portmap import PortMapper
from notesapp.net.standing import BondChanged, Event, LinkEnded, LinkOpened, NetworkChanged
from notesapp.net.swarm import Swarm
from notesapp.net.watch import NetWatch

LOOK_S = 0.2
FRESH_S = 120.0
MIRROR_PORT = 6_881


@dataclass(frozen=True)
class Seen:
    """What the mirrors said."""

    nat: NatClass = NatClass.UNKNOWN
    external: Address | None = None


def say(what: str, **facts: object) -> None:
    """One line of JSON."""
    print(json.dumps({"at": time.monotonic(), "what": what, **facts}), flush=True)


class End:
    """One swarm and its file."""

    def __init__(self, config: dict[str, Any]) -> None:
        self.name: str = config["name"]
        self.folder = Path(config["folder"])
        self.mirrors: list[str] = config["mirrors"]
        self.delay_s: float = config.get("found_after_s", 0.0)
        self.swarm = Swarm(MdnsDiscovery() if config.get("mdns", True) else None, NetWatch())
        self.swarm.outreach.desk.on = config.get("relays", True)
        self.bonds = [
            Bond(it["name"].encode(), bytes.fromhex(it["secret"]), Side[it["side"]]) for it in config["bonds"]
        ]
        self.reads: list[str] = config.get("reads") or [it["name"] for it in config["bonds"]]
        self.port: int | None = config.get("port")
        self.number = 0
        self._told: PeerRecord | None = None
        self._read: dict[str, bytes] = {}
        self._seen: dict[str, Address] = {}
        self._asked = False
        self._readers = set[asyncio.Task[None]]()
        self._mapper: PortMapper | None = None

    async def run(self) -> None:
        """Until it is killed."""
        self.swarm.subscribe(self._on_event)
        outreach = self.swarm.outreach
        outreach.on_record, outreach.mirrors = self._publish, self._ask_mirrors
        await self.swarm.open(self.port)
        self.swarm.station.mux.dht = self._mirrored
        say("ready", name=self.name, addresses=[str(it) for it in self.swarm.addresses()])
        self.swarm.want(self.bonds)
        self._mapper = PortMapper(self.swarm.station.mux.port, self._mapped)
        self._mapper.start()
        await self._classify()
        looked = asked = time.monotonic()
        while True:
            self._look()
            now = time.monotonic()
            if now - asked > 15.0:
                asked = now
                await self._classify()
            if now - looked > 1.0:
                looked = now
                self._publish()
            await asyncio.sleep(LOOK_S)

    def _on_event(self, event: Event) -> None:
        match event:
            case LinkOpened(link):
                say("opened", bond=link.bond.decode(), to=str(link.remote), dialled=link.is_dialer)
                reader = asyncio.get_running_loop().create_task(self._talk(link))
                self._readers.add(reader)
                reader.add_done_callback(self._readers.discard)
            case LinkEnded(link, end):
                say("ended", bond=link.bond.decode(), end=end)
            case BondChanged(name, state):
                say(
                    "state", bond=name.decode(), stage=state.stage, address=str(state.address), error=state.error,
                    cause=state.cause, remedy=state.remedy, nats=state.nats,
                    through=state.through.decode() if state.through is not None else None,
                    reach=state.via.name.lower() if state.via is not None else None,
                )  # fmt: skip
            case NetworkChanged(generation, change):
                say("network", generation=generation, change=change)
                self._seen.clear()
                if self._mapper is not None:
                    self._mapper.again()
                classify = asyncio.get_running_loop().create_task(self._classify())
                self._readers.add(classify)
                classify.add_done_callback(self._readers.discard)
            case _:
                pass

    async def _talk(self, link: Link) -> None:
        async def beat() -> None:
            number = 0
            while link.end is None:
                number += 1
                await link.send(f"{self.name} {number}".encode())
                await asyncio.sleep(0.25)

        beating = asyncio.get_running_loop().create_task(beat())
        try:
            async for message in link:
                text = message.decode()
                if text.startswith("re: "):
                    say("answered", bond=link.bond.decode(), text=text, lag_s=link.lag_s)
                else:
                    await link.send(b"re: " + message)
        except LinkOver as error:
            say("over", why=str(error))
        finally:
            beating.cancel()

    # -- mirrors ------------------------------------------------------------------------------------------------------

    async def _classify(self) -> None:
        for wait in (0.15, 0.3, 0.6):
            for host in self.mirrors:
                if host not in self._seen:
                    self._ask(Address(host, MIRROR_PORT))
            await asyncio.sleep(wait)
            if len(self._seen) >= 3:
                break
        seen = list(self._seen.values())
        ports = [it.port for it in seen]
        local = {it.host for it in self.swarm.addresses()}
        if len(seen) < 3:
            nat = NatClass.BLOCKED if self._asked else NatClass.UNKNOWN
        elif len(set(seen)) == 1:
            nat = NatClass.OPEN if seen[0].host in local else NatClass.CONSISTENT
        else:
            steps = all(0 < after - before <= 8 for before, after in pairwise(ports))
            nat = NatClass.SEQUENTIAL if steps else NatClass.RANDOM
        report = Seen(nat, max(seen, key=lambda it: it.port) if seen else None)
        if report != self.swarm.outreach.nat:
            self.swarm.outreach.nat = report
            say("class", nat=nat, external=str(report.external))
            self.swarm.nat_changed()
            self._publish()

    def _ask(self, to: Address) -> None:
        ping = b"d1:ad2:id20:" + os.urandom(20) + b"e1:q4:ping2:roi1e1:t2:nl1:y1:qe"
        self._asked |= self.swarm.station.mux.send(ping, to)  # without IPv4 nobody can be asked

    def _ask_mirrors(self, mine: int) -> None:
        for host in self.mirrors[:2]:
            self._ask(Address(host, MIRROR_PORT, 0, mine))

    def _mirrored(self, data: bytes, address: Address) -> bool:
        at = data.find(b"2:ip6:")
        if at < 0 or address.host not in self.mirrors:
            return False
        raw = data[at + 6 : at + 12]
        outside = Address(".".join(map(str, raw[:4])), int.from_bytes(raw[4:], "big"))
        if address.mine:
            self.swarm.outreach.mirrored(address.mine, outside)
        else:
            self._seen[address.host] = outside
        return True

    def _mapped(self, outside: Address | None) -> None:
        say("mapped", outside=str(outside))
        self.swarm.outreach.mapped = outside
        self.swarm.nat_changed()
        self._publish()

    # -- the file -----------------------------------------------------------------------------------------------------

    def _publish(self) -> None:
        record = self.swarm.outreach.record(self.number)
        if self._told is None or record != self._told:
            self.number += 1
            self._told = self.swarm.outreach.record(self.number)
            new = self.folder / f"{self.name}.new"
            new.write_bytes(self._told.packed())
            new.replace(self.folder / f"{self.name}.record")

    def _look(self) -> None:
        for bond in self.bonds:
            name = bond.name.decode()
            if name not in self.reads:
                continue
            path = self.folder / f"{name}.record"
            if not path.exists() or time.time() - path.stat().st_mtime < self.delay_s:
                continue
            data = path.read_bytes()
            if data != self._read.get(name):
                self._read[name] = data
                record = PeerRecord.unpacked(data)
                until = asyncio.get_running_loop().time() + FRESH_S
                say("read", bond=name, nat=record.nat, candidates=[str(it.address) for it in record.candidates])
                self.swarm.learn(Found(bond.name, record.candidates, record, until))


async def main(config: str) -> None:
    """Runs until it is killed."""
    await End(json.loads(config)).run()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
