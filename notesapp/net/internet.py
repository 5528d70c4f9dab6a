"""Everything a swarm needs beyond its own network: the DHT, mirrors, a mapping. Decides how they go together.

It is made only after the person agreed, and closed by the off switch. What it learns it hands to the swarm: where
others may be (`learn`), what the router makes of our port (`outreach.nat`), which port it keeps open for us.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from msgspec import structs

from notesapp.identity.primitives import Entropy
from notesapp.net import krpc
from notesapp.net.address import Address, Reach
from notesapp.net.candidate import NatClass
from notesapp.net.dht import PUBLIC_BOOTSTRAP, DhtEngine, DhtHealth, DhtOptions, DhtState
from notesapp.net.dht_discovery import DhtDiscovery, Signer
from notesapp.net.dht_engines import engine as engine_of
from notesapp.net.dht_memory import DhtMemory
from notesapp.net.dht_plan import Meeting
from notesapp.net.mirror import Mirror, Mirrored
from notesapp.net.nat import NatReport, network_of
from notesapp.net.portmap import PortMapper
from notesapp.net.quick_dht import QuickDht
from notesapp.net.standing import BondChanged, Event, LinkEnded, LinkOpened, NetworkChanged, Stage
from notesapp.net.stun import Stun
from notesapp.net.swarm import Swarm
from notesapp.net.tasks import Tasks
from notesapp.net.tidings import Tidings, packed_nodes
from notesapp.net.vetting import Vetting

log = logging.getLogger(__name__)

RESOLVE_S: Final = 10.0
SAY_AFTER_S: Final = 3.0  # a put may take 15 s, so it waits for what mirrors say, but not longer than this


@dataclass(frozen=True, slots=True)
class InternetOptions:
    """What the person set. `bootstrap`: nodes of a network of one's own; empty: the public one.

    `be_found`: others may find us; else we only look for them. `mapping`: ask the router to open our port. `stun`:
    servers to ask where we are seen, if fewer than three others tell.
    """

    bootstrap: tuple[str, ...] = ()
    be_found: bool = True
    mapping: bool = True
    stun: tuple[str, ...] = ()

    @property
    def is_private(self) -> bool:
        """Whether it is a network of one's own."""
        return bool(self.bootstrap)


@dataclass(frozen=True, slots=True)
class InternetReport:
    """What the connection doctor asks about."""

    dht: DhtHealth
    nat: NatReport
    mapped: Address | None
    mapping_fails: str | None


class Internet:
    """One swarm's. Make it when the swarm is open, `start`, `want`; `on_change`: the report is another one."""

    def __init__(
        self,
        swarm: Swarm,
        memory: DhtMemory,
        sign: Signer,
        options: InternetOptions,
        on_change: Callable[[], None] = lambda: None,
        entropy: Entropy = os.urandom,
        unix: Callable[[], float] = time.time,
        make_engine: Callable[[DhtOptions], DhtEngine] = engine_of,
        local: bool = False,
    ) -> None:
        self._swarm, self._memory, self._options, self._on_change = swarm, memory, options, on_change
        self._loop = asyncio.get_running_loop()
        bootstrap = options.bootstrap or PUBLIC_BOOTSTRAP
        dht = make_engine(DhtOptions(bootstrap, memory.nodes, options.is_private))
        self._quick = QuickDht(dht, swarm.station.mux.send, entropy, private=options.is_private)
        self._discovery = DhtDiscovery(
            self._quick, memory, sign, swarm.outreach.record, self._outside, swarm.learn, entropy, unix, local
        )
        self._mirror = Mirror(entropy, swarm.station.mux.send)
        self._stun = Stun(entropy, swarm.station.mux.send)
        self._servers: tuple[Address, ...] = ()
        self._tasks = Tasks()
        self._entropy, self._vetting = entropy, Vetting(entropy, private=options.is_private)
        self._without = swarm.outreach.grapevine.mine
        self._mapper = PortMapper(swarm.station.mux.port, self._mapped) if options.mapping else None
        self._nat = NatReport()
        self._linked: set[bytes] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._say: asyncio.TimerHandle | None = None
        self._cancel: Callable[[], None] = lambda: None
        self._was = dht.health
        self._ours = self._addresses()

    async def start(self) -> None:
        """Begins; needs no network to be there."""
        outreach = self._swarm.outreach
        outreach.on_record, outreach.mirrors = self._discovery.changed, self._ask_for
        self._swarm.station.mux.dht = self._answered
        outreach.grapevine.mine, outreach.grapevine.on_tidings = self._tidings, self._told
        self._cancel = self._swarm.subscribe(self._happened)
        self._mirror.know(self._memory.nodes)
        self._begin()
        self._discovery.say(False)
        self._speak_soon()
        await self._discovery.start(self._engine_changed)
        self._count_linked()
        if self._mapper is not None:
            self._mapper.start()
        if self._options.stun:
            self._tasks.start(self._find_servers())

    def want(self, meetings: Iterable[Meeting]) -> None:
        """Exactly these meetings from now on."""
        self._discovery.want(meetings)

    @property
    def report(self) -> InternetReport:
        """How it stands now."""
        mapper = self._mapper
        mapped = mapper.external if mapper is not None else None
        fails = "it is switched off" if mapper is None else (None if mapped is not None else mapper.trouble)
        return InternetReport(self._discovery.engine.health, self._nat, mapped, fails)

    async def aclose(self) -> None:
        """Leaves; the swarm forgets what it was told of our router."""
        self._cancel()
        for handle in (self._timer, self._say):
            if handle is not None:
                handle.cancel()
        self._swarm.station.mux.dht = None
        outreach = self._swarm.outreach
        outreach.on_record, outreach.mirrors = _nothing, _nothing_for
        outreach.grapevine.mine, outreach.grapevine.on_tidings = self._without, _nothing_of
        outreach.nat, outreach.mapped = NatReport(), None
        await self._tasks.aclose()
        await self._discovery.aclose()
        if self._mapper is not None:
            await self._mapper.aclose()

    # -- mirrors ------------------------------------------------------------------------------------------------------

    def _begin(self, *, keeps: bool = False) -> None:
        self._mirror.begin(self._loop.time(), keeps=keeps)
        self._ask()

    def _ask(self) -> None:
        now = self._loop.time()
        self._mirror.due(now)
        if self._servers and self._nat.nat in (NatClass.UNKNOWN, NatClass.BLOCKED):
            self._stun.ask(self._servers, now)
        self._concluded()
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_at(self._mirror.wake_at(), self._ask)

    async def _find_servers(self) -> None:
        """What the names of STUN servers mean now."""
        found: list[Address] = []
        for text in self._options.stun:
            host, _, port = text.rpartition(":")
            try:
                async with asyncio.timeout(RESOLVE_S):
                    infos = await self._loop.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_DGRAM)
            except (OSError, TimeoutError) as error:
                log.info("! the STUN server %s has no address: %s", text, error)
                continue
            found += [Address.of(it[4]) for it in infos[:2]]
        self._servers = tuple(it for it in found if it.usable)
        self._ask()

    def _ask_for(self, mine: int) -> None:
        self._mirror.ask(mine, self._loop.time())

    def _answered(self, data: bytes, address: Address) -> bool:
        if self._quick.receive(data, address, self._loop.time()):
            return True
        if self._vetted(data, address):
            return True
        if (seen := self._stun.receive(data, address, self._loop.time())) is not None:
            self._mirror.told_by(address, seen, self._loop.time())
            self._concluded()
            return True
        found = self._mirror.receive(data, address, self._loop.time())
        if isinstance(found, Mirrored):
            self._swarm.outreach.mirrored(found.mine, found.outside)
        elif found:
            self._concluded()
        return bool(found)

    def _concluded(self) -> None:
        report = self._mirror.report(self._swarm.addresses(), self._loop.time())
        before, self._nat = self._nat, report
        if (report.nat, report.external) == (before.nat, before.external):
            return
        log.info("= %s router, seen at %s by %d mirrors", report.nat, report.external, len(report.answers))
        self._swarm.outreach.nat = report
        self._swarm.nat_changed()
        self._discovery.changed()
        if report.nat is not NatClass.UNKNOWN:
            self._speak()
        self._on_change()

    # -- what members tell --------------------------------------------------------------------------------------------

    def _tidings(self, asks: bool) -> Tidings:
        """Ours, with nodes of the DHT that answered us, each of another network."""
        health, one_each = self._discovery.engine.health, dict[bytes, Address]()
        for node in sorted(self._discovery.engine.nodes(), key=lambda it: self._entropy(4)):
            if ":" not in node.host:
                one_each.setdefault(network_of(node), node)
        return structs.replace(
            self._without(asks),
            dht=health.state,
            answering=health.nodes,
            private=self._options.is_private,
            packed_nodes=packed_nodes(one_each.values()),
        )

    def _told(self, member: bytes, it: Tidings) -> None:
        """A member named nodes: some are asked whether they are any."""
        if it.private is not self._options.is_private:
            return
        now, known = self._loop.time(), (*self._memory.nodes, *self._discovery.engine.nodes())
        for node in self._vetting.told(member, it.nodes, known, now):
            transaction = self._entropy(krpc.TRANSACTION_BYTES)
            if self._swarm.station.mux.send(krpc.ping(transaction, self._entropy(krpc.NODE_ID_BYTES)), node):
                self._vetting.asked(transaction, node, now)

    def _vetted(self, data: bytes, address: Address) -> bool:
        said = krpc.answer(data)
        if said is None or (node := self._vetting.answered(said.transaction, address, self._loop.time())) is None:
            return False
        log.info("< a node of the DHT that a member told of answers: %s", node)
        self._discovery.engine.add_nodes([node])
        self._mirror.know([node])
        self._memory.told = tuple(self._vetting.kept)
        self._memory.keep(self._discovery.engine.nodes() or self._memory.nodes)
        return True

    # -- what happens -------------------------------------------------------------------------------------------------

    def _happened(self, event: Event) -> None:
        match event:
            case LinkOpened(link):
                for remote in self._swarm.station.paths.of_bond(link.bond):
                    if remote.current is not None and remote.seen_as is not None:
                        self._mirror.seen_by(remote.current.address, remote.seen_as, self._loop.time())
                self._concluded()
                self._count_linked()
            case LinkEnded() | BondChanged():
                self._count_linked()
            case NetworkChanged():
                self._other_network()
            case _:
                pass

    def _other_network(self) -> None:
        """Nothing is said of where we are until mirrors have seen it, if our addresses are others now."""
        before, self._ours = self._ours, self._addresses()
        moved = self._ours != before
        if moved:
            self._discovery.say(False)
            self._speak_soon()
        self._discovery.new_network(moved=moved)
        if self._mapper is not None:
            self._mapper.again()
        self._begin(keeps=not moved)

    def _addresses(self) -> set[str]:
        """Ours, without those that a network card gives itself."""
        return {it.host for it in self._swarm.addresses() if not it.scope}

    def _speak_soon(self) -> None:
        if self._say is not None:
            self._say.cancel()
        self._say = self._loop.call_later(SAY_AFTER_S, self._speak)

    def _count_linked(self) -> None:
        """A link on which nothing is heard may have lost its other end to another network: that end is missing."""
        swarm = self._swarm
        linked = {it.bond for it in swarm.links if swarm.state(it.bond).stage is not Stage.SILENT}
        if linked != self._linked:
            if self._linked - linked:
                self._mirror.doubt(self._loop.time())
                self._ask()
            self._linked = linked
            self._discovery.linked(linked)

    def _engine_changed(self) -> None:
        health = self._discovery.engine.health
        if health.state is DhtState.READY and self._was.state is not DhtState.READY:
            self._mirror.know(self._discovery.engine.nodes())
            self._mirror.more(self._loop.time())
            self._ask()
            self._swarm.outreach.grapevine.tell_all()
        self._was = health
        self._on_change()

    def _mapped(self, outside: Address | None) -> None:
        self._swarm.outreach.mapped = outside
        self._swarm.nat_changed()
        self._discovery.changed()
        self._on_change()

    def _speak(self) -> None:
        if self._say is not None:
            self._say.cancel()
            self._say = None
            self._discovery.say(self._options.be_found)

    def _outside(self) -> int:
        """The port under which others reach us: what the router opened, else as mirrors see it, else our own."""
        outreach, port = self._swarm.outreach, self._swarm.station.mux.port
        if outreach.mapped is not None:
            return outreach.mapped.port
        seen = self._nat.external
        return seen.port if seen is not None and seen.reach is Reach.V4 and not self._nat.nat.is_random else port


def _nothing() -> None:
    return None


def _nothing_of(bond: bytes, it: Tidings) -> None:
    return None


def _nothing_for(mine: int) -> None:
    return None
