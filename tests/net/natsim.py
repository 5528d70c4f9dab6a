"""A small internet in memory and virtual time: hosts with plans and probes, behind NATs of all kinds.

Pure Python, so it runs everywhere; `tests/lab` has the same kinds as real routers. What an end does with its plan's
acts is the same as in `Outreach` and `Swarm`, without sockets: a link counts as made when both have validated a way.
"""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from notesapp.net.acts import Act, Alight, Ask, Broadcast, Call, Dial, Fresh, Gather, Ping, Probe, Scatter
from notesapp.net.address import Address, Reach
from notesapp.net.bond import Bond, Side
from notesapp.net.candidate import Candidate, Found, Kind, NatClass, PeerRecord
from notesapp.net.disco import Answered, Disco, Said
from notesapp.net.packet import What
from notesapp.net.paths import PathTable
from notesapp.net.plan import DialPlan
from notesapp.net.relay import Desk, Rides, mark

LATENCY_S = 0.02
HOPS_BETWEEN = 12
FORGETS_S = 30.0
PORT = 45_654


class Nat(StrEnum):
    """What a router makes of ports, and whom it lets in."""

    OPEN = "open"
    FULL = "full"
    ADDRESS = "address"
    PORT = "port"
    SYMMETRIC = "symmetric"
    SEQUENTIAL = "sequential"
    BLOCK = "block"
    CARRIER = "carrier"
    BLOCKED = "blocked"
    NODROP = "nodrop"
    MAPPED = "mapped"

    @property
    def looks(self) -> NatClass:
        """What mirrors call it."""
        match self:
            case Nat.OPEN:
                return NatClass.OPEN
            case Nat.SEQUENTIAL:
                return NatClass.SEQUENTIAL
            case Nat.SYMMETRIC | Nat.BLOCK | Nat.CARRIER | Nat.MAPPED:
                return NatClass.RANDOM
            case Nat.BLOCKED:
                return NatClass.BLOCKED
            case _:
                return NatClass.CONSISTENT


Spot = tuple[str, int]


class Router:
    """One NAT: its table of (inside port, destination) and outside ports."""

    def __init__(self, nat: Nat, outside: str, dice: random.Random) -> None:
        self.nat, self.outside, self.dice = nat, outside, dice
        self._out: dict[tuple[int, Spot], tuple[int, float]] = {}  # (inside port, there) -> outside port, used at
        self._taken: dict[tuple[int, Spot], float] = {}  # unasked packets that made an entry (no drop of new ones)
        self._next = 30_000

    def leaves(self, port: int, there: Spot, now: float) -> Spot | None:
        """Where a packet of an inside port seems to come from."""
        if self.nat is Nat.BLOCKED:
            return None
        known = self._out.get((port, there))
        if known is None or now - known[1] > FORGETS_S:
            known = (self._port(port, there, now), now)
        self._out[(port, there)] = (known[0], now)
        return (self.outside, known[0])

    def enters(self, port: int, source: Spot, now: float) -> int | None:
        """The inside port for a packet to an outside port; None: dropped."""
        if self.nat is Nat.MAPPED and port == PORT:
            self._out[(PORT, source)] = (port, now)  # what answers goes out as it came in
            return PORT
        for (inside, there), (outside, used) in self._out.items():
            if outside == port and now - used <= FORGETS_S and self._lets_in(there, source):
                if there == source:
                    self._out[(inside, there)] = (outside, now)
                return inside
        if self.nat is Nat.NODROP:
            self._taken[(port, source)] = now
        return PORT if self.nat is Nat.OPEN else None

    def _lets_in(self, there: Spot, source: Spot) -> bool:
        match self.nat:
            case Nat.OPEN | Nat.FULL:
                return True
            case Nat.ADDRESS:
                return there[0] == source[0]
            case _:
                return there == source

    def _port(self, port: int, there: Spot, now: float) -> int:
        match self.nat:
            case Nat.SYMMETRIC | Nat.MAPPED:
                return self.dice.randrange(1_024, 65_536)
            case Nat.BLOCK | Nat.CARRIER:
                return self.dice.randrange(40_000, 42_048)
            case Nat.SEQUENTIAL:
                self._next += 1
                return self._next
            case Nat.NODROP if now - self._taken.get((port, there), -FORGETS_S) < FORGETS_S:
                return self.dice.randrange(1_024, 65_536)
            case _:
                return port


@dataclass
class Host:
    """A node's network half: plan, probes, further ports, rides."""

    world: World
    name: bytes
    router: Router
    plan: DialPlan
    disco: Disco
    paths: PathTable
    desk: Desk
    rides: Rides
    bonds: dict[bytes, Bond] = field(default_factory=dict)
    ports: dict[int, int] = field(default_factory=lambda: {0: PORT})
    ports_of: dict[bytes, list[int]] = field(default_factory=dict)
    turn: dict[bytes, int] = field(default_factory=dict)
    slots: int = 0
    number: int = 0
    linked: dict[bytes, tuple[float, Address]] = field(default_factory=dict)
    sent: list[tuple[float, Address]] = field(default_factory=list)
    opened: int = 0

    def send(self, data: bytes, to: Address, hops: int = 0) -> bool:
        """A datagram leaves."""
        if to.reach is Reach.RELAY:
            it = self.rides.wrap(data, to)
            return it is not None and self.send(it.data, it.address)
        self.sent.append((self.world.now, to))
        self.world.carry(self, data, to, hops)
        return True

    def receive(self, data: bytes, source: Address) -> bool:
        """A datagram came; whether it meant something."""
        now = self.world.now
        if data[0] == 0x1E:
            if self.desk.owns(data):
                it = self.desk.frame(data, source, now)
                return it is not None and self.send(it.data, it.address)
            got = self.rides.frame(data, source, now)
            return got is not None and self.receive(got[0], got[1].address)
        match self.disco.receive(data, source, now):
            case Answered(remote, address, _, changed):
                used = remote.current.address if remote.current is not None else address
                self.plan.answered(remote.bond, remote.run, address, used, now)
                if used.reach is Reach.RELAY and changed:
                    self.disco.say(remote.bond, What.CALL, self.record().packed(), used)
            case Said(remote, address, what, body):
                self._said(remote.bond, address, what, body)
            case None:
                return False
            case _:
                pass
        return True

    def _said(self, bond: bytes, address: Address, what: What, body: bytes) -> None:
        now, names = self.world.now, list(self.bonds)
        match what:
            case What.ASK:
                by = next(iter(self.paths.of_bond(bond)))
                for it in self.desk.asked(by, body, names, now):
                    if it.remote.current is not None:
                        self.disco.say(it.remote.bond, it.what, it.body, it.remote.current.address)
            case What.OPEN:
                via = next(iter(self.paths.of_bond(bond)))
                if (ride := self.rides.opened(via, body, names)) is not None:
                    self.plan.ride(ride.bond, ride.via, ride.address, now)
            case What.REFUSE:
                self.plan.refused(next(it for it in names if mark(it) == body), bond, now)
            case What.CALL:
                record = PeerRecord.unpacked(body)
                self.plan.learn(Found(bond, record.candidates, record, now + 120), now)
            case _:
                raise AssertionError(what)

    def record(self) -> PeerRecord:
        """What this host says of itself."""
        outside = self.world.seen(self, 0)
        found = [Candidate(Address(f"192.168.1.{self.name[0]}", PORT), Kind.LAN)]
        if self.router.nat is Nat.MAPPED:
            found.append(Candidate(Address(self.router.outside, PORT), Kind.MAPPED))
        if outside is not None:
            found.append(Candidate(outside, Kind.REFLEXIVE))
        return PeerRecord(tuple(found), self.router.nat.looks, self.desk.on, self.plan.slot(), self.number)

    def act(self) -> None:
        """Does what is due."""
        for act in self.plan.due(self.world.now):
            self._do(act)

    def _do(self, act: Act) -> None:
        now = self.world.now
        match act:
            case Ping(bond, address, vouched):
                self.disco.ping(bond, address, now, vouched=vouched)
            case Probe(bond, address, hops):
                self.disco.ping(bond, address, now, vouched=True, hops=hops)
            case Scatter(bond, address, count):
                self._scatter(bond, address, count)
            case Gather(bond):
                for mine in self.ports_of.pop(bond, []):
                    if not any(way.mine == mine for it in self.paths.of_bond(bond) for way in it.ways):
                        del self.ports[mine]
                self.turn.pop(bond, None)
            case Fresh(bond):
                mine = self._open(bond)
                outside = self.world.seen(self, mine)
                self.plan.fresh(bond, mine, outside.port if outside is not None else 0, now)
            case Call():
                self.number += 1
                self.world.publish(self)
            case Dial(bond, run):
                remote = self.paths.remote(bond, run)
                assert remote is not None
                assert remote.current is not None
                self.plan.opened(bond, run, now)
                self.linked.setdefault(bond, (now, remote.current.address))
                self.world.accepted(self, bond)
            case Ask(bond, via):
                remote = next(iter(self.paths.of_bond(via)))
                assert remote.current is not None
                self.disco.say(via, What.ASK, mark(bond), remote.current.address)
            case Alight(_, address):
                self.rides.drop(address)
                self.paths.forget(address)
            case Broadcast():
                pass

    def _open(self, bond: bytes) -> int:
        self.opened += 1
        self.ports[self.opened] = 50_000 + self.opened
        self.ports_of.setdefault(bond, []).append(self.opened)
        return self.opened

    def _scatter(self, bond: bytes, address: Address, count: int) -> None:
        ports, first = self.ports_of.setdefault(bond, []), self.turn.get(bond, 0)
        for number in range(first, first + count):
            mine = ports[number] if number < len(ports) else self._open(bond)
            self.disco.ping(bond, Address(address.host, address.port, 0, mine), self.world.now, vouched=True)
        self.turn[bond] = (first + count) % 256


class World:
    """Runs everything in virtual time. `found_after_s`: how long a record takes to be read by others."""

    def __init__(self, seed: int, found_after_s: float = 0.3) -> None:
        self.now = 1_000.0
        self.hosts: dict[bytes, Host] = {}
        self.lost: Callable[[], bool] = lambda: False
        self.dice = random.Random(seed)
        self.found_after_s = found_after_s
        self._queue: list[tuple[float, int, Callable[[], None]]] = []
        self._count = itertools.count()
        self._mirror = itertools.count(1)

    def host(self, name: str, nat: Nat) -> Host:
        """A host behind a router of its own."""
        number = len(self.hosts) + 1
        paths, entropy = PathTable(), self.dice.randbytes
        router = Router(nat, f"203.0.113.{number}", self.dice)
        made: list[Host] = []
        disco = Disco(entropy, lambda data, to, hops: made[0].send(data, to, hops), paths)
        plan = DialPlan(disco.run, entropy)
        plan.nat = nat.looks
        host = Host(self, name.encode(), router, plan, disco, paths, Desk(paths, entropy), Rides(paths))
        made.append(host)
        self.hosts[host.name] = host
        return host

    def bond(self, *hosts: Host) -> None:
        """All of them know each other from now on."""
        for one, other in itertools.combinations(hosts, 2):
            secret = self.dice.randbytes(32)
            for me, you in ((one, other), (other, one)):
                side = Side.FIRST if me.name < you.name else Side.SECOND
                me.bonds[you.name] = Bond(you.name, secret, side)
        for host in hosts:
            host.disco.know(host.bonds.values())
            host.plan.want(host.bonds.values(), self.now)
            self.publish(host)

    def publish(self, host: Host) -> None:
        """The others read its record some time later."""
        record = host.record()

        def read(other: Host) -> None:
            if host.name in other.bonds:
                other.plan.learn(Found(host.name, record.candidates, record, self.now + 600), self.now)

        for other in self.hosts.values():
            if other is not host:
                late = self.found_after_s * (0.5 + self.dice.random())
                self._later(late, lambda it=other: read(it))  # type: ignore[misc]

    def seen(self, host: Host, mine: int) -> Address | None:
        """Where a mirror sees one of a host's ports."""
        spot = host.router.leaves(host.ports[mine], (f"198.18.0.{next(self._mirror) % 200}", 6_881), self.now)
        return Address(*spot) if spot is not None else None

    def carry(self, host: Host, data: bytes, to: Address, hops: int) -> None:
        """A datagram on its way through both routers."""
        if to.reach is Reach.LAN or to.mine not in host.ports:
            return
        source = host.router.leaves(host.ports[to.mine], (to.host, to.port), self.now)
        there = next((it for it in self.hosts.values() if it.router.outside == to.host), None)
        if source is None or there is None or 0 < hops < HOPS_BETWEEN or self.lost():
            return

        def arrive() -> None:
            port = there.router.enters(to.port, source, self.now)
            mine = next((it for it, number in there.ports.items() if number == port), None)
            if mine is not None:
                there.receive(data, Address(source[0], source[1], 0, mine))

        self._later(LATENCY_S, arrive)

    def accepted(self, dialer: Host, name: bytes) -> None:
        """The other end of a dial has the link too."""
        other = self.hosts[name]
        remote = next(iter(other.paths.of_bond(dialer.name)), None)
        if remote is not None and remote.current is not None:
            other.plan.opened(dialer.name, remote.run, self.now)
            other.linked.setdefault(dialer.name, (self.now, remote.current.address))

    def run(self, seconds: float, until: Callable[[], bool] = lambda: False) -> float:
        """Runs on; how many seconds it took until that was so (or all of them)."""
        began, over = self.now, self.now + seconds
        for _ in self._steps(over):
            if until():
                break
        return self.now - began

    def _steps(self, over: float) -> Iterator[None]:
        while True:
            wakes = [(max(it.plan.wake_at(self.now), self.now), it) for it in self.hosts.values()]
            at, host = min(wakes, key=lambda it: it[0])
            if self._queue and self._queue[0][0] <= at:
                at, _, what = heapq.heappop(self._queue)
            else:
                what = host.act
            if at > over:
                self.now = over
                return
            self.now = max(self.now, at) + 1e-6
            what()
            yield

    def _later(self, seconds: float, what: Callable[[], None]) -> None:
        heapq.heappush(self._queue, (self.now + seconds, next(self._count), what))
