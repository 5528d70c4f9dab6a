"""Does what a plan wants done for those who are far: further ports, sprays, calls, rides through members.

Decides nothing about when or whom; it keeps the ports that were opened and the channels that were given, and builds
the record that says where we are.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from typing import Final, Protocol

from notesapp.errors import RemoteError
from notesapp.identity.primitives import Entropy
from notesapp.net import interfaces
from notesapp.net.acts import Alight, Ask, Call, Fresh, Gather, Probe, PunchAct, Scatter
from notesapp.net.address import Address, Reach
from notesapp.net.candidate import CANDIDATES, Candidate, Found, Kind, NatClass, PeerRecord
from notesapp.net.disco import Answered, Said
from notesapp.net.doubt import Doubt
from notesapp.net.grapevine import Grapevine
from notesapp.net.packet import What
from notesapp.net.plan import DialPlan
from notesapp.net.quic_link import QuicLink
from notesapp.net.relay import Desk, Rides, mark
from notesapp.net.station import Station
from notesapp.net.tasks import Tasks
from notesapp.net.tidings import Tidings, packed

log = logging.getLogger(__name__)

CALL_FRESH_S: Final = 180.0  # how long what a call said is worth a try
OUTSIDE_S: Final = 1.5  # in which somebody must say where a fresh port is seen
OUTSIDE_EACH_S: Final = 0.3
KEPT: Final = 4  # further ports that carry a bond's ways


class Nat(Protocol):
    """What mirrors say of this device's IPv4 port."""

    @property
    def nat(self) -> NatClass:
        """Its class."""

    @property
    def external(self) -> Address | None:
        """Where it is seen from outside."""


class UnknownNat:
    """Nobody was asked yet."""

    nat = NatClass.UNKNOWN
    external: Address | None = None


class Outreach:
    """One swarm's. `mirrors(mine)` sends questions to mirrors from one more port of ours, if somebody set it."""

    def __init__(self, station: Station, plan: DialPlan, entropy: Entropy, tasks: Tasks) -> None:
        self.nat: Nat = UnknownNat()
        self.mapped: Address | None = None
        self.number = 0  # of our record
        self.on_record: Callable[[], None] = lambda: None
        self.on_change: Callable[[bytes], None] = lambda bond: None
        self.mirrors: Callable[[int], None] = lambda mine: None
        self.desk = Desk(station.paths, entropy)
        self.rides = Rides(station.paths)
        self._doubt = Doubt()
        self.grapevine = Grapevine(station)
        self.grapevine.mine = self._tidings
        self._station, self._plan, self._tasks = station, plan, tasks
        self._loop = asyncio.get_running_loop()
        self._names: list[bytes] = []
        self._ports: dict[bytes, list[int]] = {}  # bond -> further ports opened for it
        self._turn: dict[bytes, int] = {}
        self._seen: dict[int, asyncio.Future[int]] = {}
        station.mux.relay = self._send_relayed
        station.on_frame = self._framed

    # -- for the swarm ------------------------------------------------------------------------------------------------

    def want(self, names: list[bytes], all_of_them: Collection[bytes]) -> None:
        """The bonds of two devices that are looked for, and all bonds with those of invites."""
        self._names = names
        self.grapevine.want(names)
        for ride in self.rides.keep(lambda it: it.bond in names and it.via in names):
            self._station.paths.forget(ride.address)
        for bond in [it for it in self._ports if it not in all_of_them]:
            self._hand_on(bond)
            self._close_ports(bond, all_of_them=True)

    def record(self, number: int) -> PeerRecord:
        """What we say of where we are; `number` counts up for as long as this device lives."""
        self.number = max(self.number, number)
        mux = self._station.mux
        local = interfaces.addresses(mux.port, mux.port_v6, interfaces.networks())
        found = [Candidate(it, _kind(it)) for it in local if not (":" in it.host and it.scope)]
        if self.mapped is not None:
            found.append(Candidate(self.mapped, Kind.MAPPED))
        if self.nat.external is not None:
            found.append(Candidate(self.nat.external, Kind.REFLEXIVE))
        for it in self._seen_as():
            found.append(Candidate(it, Kind.REFLEXIVE))
        unique = list({it.address: it for it in sorted(found, key=lambda it: -it.kind)}.values())
        unique.sort(key=lambda it: it.kind)
        spare = [it for it in unique if it.kind is Kind.LAN][6:]  # a router's side matters more than a tenth interface
        kept = [it for it in unique if it not in spare][:CANDIDATES]
        return PeerRecord(tuple(kept), self.nat.nat, self.desk.on, self._plan.slot(), number)

    def do(self, act: PunchAct | Ask | Alight) -> None:
        """What the plan says is due."""
        match act:
            case Probe(bond, address, hops):
                self._station.ping(bond, address, vouched=True, hops=hops)
            case Scatter(bond, address, count):
                self._tasks.start(self._scatter(bond, address, count))
            case Gather(bond):
                self._close_ports(bond)
            case Fresh(bond):
                self._tasks.start(self._fresh(bond))
            case Call(bond):
                self._call(bond)
                self.on_record()
            case Ask(bond, via):
                self._say(via, What.ASK, mark(bond))
            case Alight(bond, address):
                self._alight(address)

    def answered(self, probe: Answered) -> None:
        """A pong came: a fresh port learns its outside, a relayed end hears where we are."""
        address = probe.address
        self.grapevine.answered(probe)
        if (seen := self._seen.get(address.mine)) is not None and probe.seen is not None and not seen.done():
            seen.set_result(probe.seen.port)
        if address.reach is Reach.RELAY and probe.changed:
            self._call(probe.remote.bond)

    def mirrored(self, mine: int, outside: Address) -> None:
        """A mirror told where one of our further ports is seen."""
        if (seen := self._seen.get(mine)) is not None and not seen.done():
            seen.set_result(outside.port)

    def said(self, said: Said) -> None:
        """Something between members."""
        now, bond = self._loop.time(), said.remote.bond
        match said.what:
            case What.ASK if said.address.reach is not Reach.RELAY:
                for it in self.desk.asked(said.remote, said.body, self._names, now):
                    if it.remote.current is not None:
                        self._station.disco.say(it.remote.bond, it.what, it.body, it.remote.current.address)
            case What.OPEN if said.address.reach is not Reach.RELAY:
                ride = self.rides.opened(said.remote, said.body, self._names)
                if ride is not None:
                    self._plan.ride(ride.bond, ride.via, ride.address, now)
            case What.REFUSE:
                wanted = next((it for it in self._names if mark(it) == said.body), None)
                if wanted is not None:
                    self._plan.refused(wanted, bond, now)
            case What.CALL:
                self._called(bond, said.body)
            case What.TIDINGS:
                way = said.remote.ways.get(said.address)
                self.grapevine.said(bond, said.body, way.lag_s if way is not None else 0.0)
            case _:
                log.debug("< %s from %s", said.what, said.address)

    def weigh(self, links: Collection[QuicLink]) -> None:
        """Leaves members by whom nothing that was written is confirmed."""
        for address in self._doubt.weigh(((it.remote, it.connection.owed) for it in links), self._loop.time()):
            self._leave(address, "carries nothing but probes")

    def dialled(self, bond: bytes, run: bytes, *, answered: bool) -> None:
        """A dial was answered or not; a member by whom none is, is left."""
        remote = self._station.paths.remote(bond, run)
        if remote is None or remote.current is None:
            return
        address = remote.current.address
        if answered:
            self._doubt.opened(address)
        elif self._doubt.failed(address):
            self._leave(address, "lets no link come about")

    def recall(self) -> None:
        """Where we are changed: whoever is reached by a relay hears it at once."""
        for ride in self.rides.all:
            self._call(ride.bond)

    def close(self) -> None:
        """Gives the further ports back."""
        for bond in list(self._ports):
            self._close_ports(bond, all_of_them=True)

    # -- relays -------------------------------------------------------------------------------------------------------

    def _send_relayed(self, data: bytes, address: Address) -> bool:
        it = self.rides.wrap(data, address)
        return it is not None and self._station.mux.send(it.data, it.address)

    def _framed(self, data: bytes, address: Address) -> bool:
        now = self._loop.time()
        if self.desk.owns(data):
            it = self.desk.frame(data, address, now)
            return it is not None and self._station.mux.send(it.data, it.address)
        got = self.rides.frame(data, address, now)
        if got is None:
            for ride in [it for it in self.rides.all if it.bad]:
                self._leave(ride.address, "floods")
            return False
        inner, ride = got
        if not self._station.mux.again(inner, ride.address):
            self.rides.wasted(ride, now)
            if ride.bad:
                self._leave(ride.address, "floods")
        return True

    def _leave(self, address: Address, why: str) -> None:
        if (ride := self.rides.at(address)) is not None:
            log.info("! a relay %s: given up", why)
            self._plan.alight(ride.bond, address, self._loop.time())
            self._alight(address)

    def _alight(self, address: Address) -> None:
        ride = self.rides.at(address)
        self.rides.drop(address)
        self._doubt.gone(address)
        for remote in self._station.paths.forget(address):
            self._station.quic.revive(remote.bond, remote.run)
        if ride is not None:
            self.on_change(ride.bond)

    def _call(self, bond: bytes) -> None:
        """Tells a relayed end where we are; it opens its router for us, we ours for it."""
        body = self.record(self.number).packed()
        for ride in self.rides.all:
            if ride.bond == bond:
                self._station.disco.say(bond, What.CALL, body, ride.address)

    def _called(self, bond: bytes, body: bytes) -> None:
        try:
            record = PeerRecord.unpacked(body)
        except RemoteError as error:
            log.info("! a call from %s: %s", bond[:4].hex(), error)
            return
        now = self._loop.time()
        self._plan.learn(Found(bond, record.candidates, record, now + CALL_FRESH_S), now)

    def _tidings(self, asks: bool) -> Tidings:
        return Tidings(
            asks, self.grapevine.unix_ms(), self.nat.nat, packed(self.nat.external), packed(self.mapped), self.desk.on
        )

    def _say(self, bond: bytes, what: What, body: bytes) -> None:
        for remote in reversed(self._station.paths.of_bond(bond)):
            if remote.current is not None and remote.current.address.reach is not Reach.RELAY:
                self._station.disco.say(bond, what, body, remote.current.address)
                return

    # -- further ports ------------------------------------------------------------------------------------------------

    async def _scatter(self, bond: bytes, address: Address, count: int) -> None:
        ports = self._ports.setdefault(bond, [])
        first = self._turn.get(bond, 0)
        for number in range(first, first + count):
            if number < len(ports):
                mine: int | None = ports[number]
            elif (mine := await self._station.mux.open_spare()) is not None:
                ports.append(mine)
            if mine is not None:
                there = Address(address.host, address.port, 0, mine)
                self._station.ping(bond, there, vouched=True)
        self._turn[bond] = 0 if first + count >= 256 else first + count

    async def _fresh(self, bond: bytes) -> None:
        mine = await self._station.mux.open_spare()
        outside = 0
        if mine is not None:
            self._ports.setdefault(bond, []).append(mine)
            outside = await self._outside(mine)
        self._plan.fresh(bond, mine if outside else None, outside, self._loop.time())
        self.on_change(bond)

    async def _outside(self, mine: int) -> int:
        """The outside port of one of our further ports: what a member or a mirror says, else the likely one."""
        seen = self._seen[mine] = self._loop.create_future()
        try:
            for _ in range(round(OUTSIDE_S / OUTSIDE_EACH_S)):
                self.mirrors(mine)
                for name in self._names:
                    for remote in self._station.paths.of_bond(name):
                        it = remote.current.address if remote.current is not None else None
                        if it is not None and it.reach is Reach.V4:
                            self._station.ping(name, Address(it.host, it.port, 0, mine), vouched=True)
                await asyncio.wait([seen], timeout=OUTSIDE_EACH_S)
                if seen.done():
                    port: int = seen.result()
                    return port
        finally:
            del self._seen[mine]
        number = self._station.mux.spare.get(mine, 0)
        external = self.nat.external
        keeps = external is not None and external.port == self._station.mux.port
        return number if keeps else 0

    def _hand_on(self, bond: bytes) -> None:
        """Whoever came by a code comes by its invite next, then as a member: the port that one bond has opened serves
        the next, else two routers would have to be passed anew each time."""
        for mine in self._ports[bond]:
            if (heir := self._plan.goes_by(mine)) is not None:
                self._ports[bond] = [it for it in self._ports[bond] if it != mine]
                self._ports.setdefault(heir, []).append(mine)

    def _close_ports(self, bond: bytes, *, all_of_them: bool = False) -> None:
        """Those that carry a way of the bond stay, a few of them."""
        ports, paths = self._ports.pop(bond, []), self._station.paths
        self._turn.pop(bond, None)
        ways = [way.address for remote in paths.of_bond(bond) for way in remote.ways.values()]
        used = {it.mine for it in sorted(ways, key=lambda it: -it.mine)[-KEPT:]} if not all_of_them else set()
        used |= {remote.current.address.mine for remote in paths.of_bond(bond) if remote.current is not None}
        kept = [it for it in ports if it in used and not all_of_them]
        for mine in ports:
            if mine not in kept:
                self._station.mux.close_spare(mine)
                paths.forget_mine(mine)
        if kept:
            self._ports[bond] = kept

    def _seen_as(self) -> list[Address]:
        """How members on the internet see our port."""
        out = []
        for name in self._names:
            for remote in self._station.paths.of_bond(name):
                if remote.seen_as is not None and remote.seen_as.reach is Reach.V4:
                    out.append(remote.seen_as)
        return list(dict.fromkeys(out))[:3]


def _kind(address: Address) -> Kind:
    match address.reach:
        case Reach.V6:
            return Kind.V6
        case Reach.V4:
            return Kind.REFLEXIVE
        case _:
            return Kind.LAN
