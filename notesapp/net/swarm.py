"""Keeps the wanted links alive, one per bond and run. Decides nothing that `DialPlan` can decide; proves nobody.

It joins the port, the plan, discovery and the watch over the network: whatever happens is told to the plan, and what
the plan says is due is done. Who is at the other end of a link is proven by whoever takes it from `LinkOpened`.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Iterable
from typing import Final

from notesapp.errors import LinkOver
from notesapp.identity.primitives import Entropy
from notesapp.net import interfaces
from notesapp.net.acts import Broadcast, Dial, Ping
from notesapp.net.address import Address
from notesapp.net.bond import Bond, Side
from notesapp.net.cadence import BUSY_S as HEARTBEAT_S
from notesapp.net.candidate import Found
from notesapp.net.connection import IDLE_S
from notesapp.net.disco import Answered, Heard, Said
from notesapp.net.discovery import Discovery
from notesapp.net.link import End
from notesapp.net.mux import PORT
from notesapp.net.nearby import Nearby
from notesapp.net.outreach import Outreach
from notesapp.net.paths import SUSPECT_S
from notesapp.net.plan import DialPlan, keeps
from notesapp.net.quic_link import QuicLink
from notesapp.net.standing import (
    BondChanged,
    BondState,
    Event,
    LinkEnded,
    LinkOpened,
    NearbyChanged,
    NetworkChanged,
    Report,
)
from notesapp.net.states import LOOK_S, States
from notesapp.net.station import Station
from notesapp.net.tasks import Tasks
from notesapp.net.watch import Change, Watch

log = logging.getLogger(__name__)

BUSY_S: Final = 30.0  # after the last message a link counts as busy
KEEP_ALIVE_S: Final = 15.0  # a sixth of what a silent connection lives
UNHEARD_S: Final = 1.0  # after what was sent should have been confirmed
SLACK_S: Final = 0.01


class Swarm:
    """The links of this device. Make it, `subscribe`, `open`, `want`."""

    def __init__(
        self, discovery: Discovery | None, watch: Watch | None, entropy: Entropy = os.urandom, idle_s: float = IDLE_S
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self.station = Station(entropy, idle_s)
        self.generation = 0
        self._watch = watch
        self._plan = DialPlan(self.station.run, entropy)
        self._nearby = Nearby(self.station, discovery, self.hint, lambda cards: self._tell(NearbyChanged(cards)))
        self._bonds: dict[bytes, Bond] = {}
        self._links: dict[tuple[bytes, bytes], QuicLink] = {}
        self._listeners: list[Callable[[Event], None]] = []
        self._tasks = Tasks()
        self.outreach = Outreach(self.station, self._plan, entropy, self._tasks)
        self.outreach.on_change = self._outreached
        paths, rides, wall = self.station.paths, self.outreach.rides, self.station.wall
        self._stands = States(self._links, paths, self._plan, rides, self.addresses, wall)
        self._timer: asyncio.TimerHandle | None = None
        self._check: asyncio.TimerHandle | None = None
        self._keep_alive_s = min(KEEP_ALIVE_S, idle_s / 6)
        self._alive_at = self._look_at = 0.0
        self._closed = False

    # -- for the node -------------------------------------------------------------------------------------------------

    def subscribe(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Events come as plain calls on the loop; returns what cancels it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    async def open(self, port: int | None = None) -> None:
        """Opens the port (the given one, the usual one, or any) and begins to look; needs no network to be there."""
        self.station.on_link, self.station.on_probe = self._keep, self._probed
        await self.station.open(port)
        if self._watch is not None:
            self._watch.start(self.network_changed)
        await self._nearby.open()
        self._alive_at = self._loop.time() + self._keep_alive_s
        self._schedule()

    def want(self, bonds: Iterable[Bond]) -> None:
        """Exactly these bonds from now on: they are looked for and linked, the links of all others end."""
        now, wanted = self._loop.time(), {bond.name: bond for bond in bonds}
        if wanted == self._bonds:
            return
        self._bonds = wanted
        self._plan.want(self._bonds.values(), now)
        self.station.know(self._bonds.values())
        pairs = [it.name for it in self._bonds.values() if not it.many and it.side is not Side.BOTH]
        self.outreach.want(pairs, self._bonds.keys())
        self._stands.keep(self._bonds.keys(), now)
        self._nearby.know(self._bonds.values())
        self._schedule()

    def hint(self, name: bytes, addresses: Iterable[Address]) -> None:
        """Last known addresses, or one that a person typed."""
        self._plan.found(name, addresses, self._loop.time())
        self._schedule()

    def learn(self, found: Found) -> None:
        """What was read of a bond's other end, in the DHT or from a member."""
        self._plan.nat = self.outreach.nat.nat
        self._plan.learn(found, self._loop.time())
        self._outreached(found.bond)

    def nat_changed(self) -> None:
        """`outreach.nat` or `outreach.mapped` is another one: plan by it, and tell whoever is reached by a relay."""
        self._plan.nat = self.outreach.nat.nat
        self.outreach.recall()
        for name in self._bonds:
            self._refresh(name)
        self._schedule()

    def show(self, card: bytes | None) -> None:
        """Shows these bytes (at most 200) to everybody in the network, or nothing any more."""
        self._nearby.show(card)

    @property
    def cards(self) -> dict[str, bytes]:
        """Who shows himself now: announced name and card."""
        return self._nearby.cards

    @property
    def links(self) -> list[QuicLink]:
        """All links that can be used."""
        return list(self._links.values())

    def addresses(self) -> tuple[Address, ...]:
        """Where others may find us, best first, as far as this computer knows itself."""
        mux = self.station.mux
        return interfaces.addresses(mux.port, mux.port_v6, interfaces.plugged())

    def good_addresses(self, name: bytes) -> tuple[Address, ...]:
        """Where this bond's other end answered in this run: worth remembering for the next."""
        return self._plan.places(name)

    def state(self, name: bytes) -> BondState:
        """How it stands with a bond now."""
        return self._stands.state(name, self._loop.time())

    @property
    def report(self) -> Report:
        """What the connection doctor asks about."""
        mux, trouble, wall = self.station.mux, self._nearby.trouble, self.station.wall.found
        dropped = dict(mux.dropped) | {"probes": self.station.disco.dropped}
        return Report(mux.port, mux.port_v6, mux.port == PORT, self.addresses(), trouble, dropped, mux.unsent, wall)

    def network_changed(self, change: Change) -> None:
        """All that was learned of ways may be void: ask everywhere at once."""
        if self._closed:
            return
        now = self._loop.time()
        self.generation += 1
        log.info("= network %d: %s", self.generation, change)
        self.station.disco.new_network()
        self._plan.new_network(now)
        self._stands.moved(now)
        self._nearby.refresh()
        self._tell(NetworkChanged(self.generation, change))
        for name in self._bonds:
            self._refresh(name)
        self._schedule()

    async def aclose(self) -> None:
        """Ends everything; links send what waits for at most a second."""
        self._closed = True
        for handle in (self._timer, self._check):
            if handle is not None:
                handle.cancel()
        if self._watch is not None:
            self._watch.close()
        await self._tasks.aclose()
        self.outreach.close()
        await self.station.aclose()
        await self._nearby.aclose()

    # -- what happens -------------------------------------------------------------------------------------------------

    def _probed(self, probe: Answered | Heard | Said) -> None:
        now = self._loop.time()
        if isinstance(probe, Heard):  # it was pinged back; its answer comes as `Answered`
            self._plan.heard(probe.bond, probe.address, now)
            self._schedule()
            self._check_soon()
            return
        if isinstance(probe, Said):
            self.outreach.said(probe)
            self._schedule()
            return
        self.outreach.answered(probe)
        remote = probe.remote
        used = remote.current.address if remote.current is not None else probe.address
        self._plan.answered(remote.bond, remote.run, probe.address, used, now)
        if probe.changed:
            log.info("= %s by way of %s", remote.bond[:4].hex(), used)
        self._refresh(remote.bond)
        self._schedule()

    def _keep(self, link: QuicLink) -> None:
        """A link can be used: it, or the one that there was, stays."""
        bond = self._bonds.get(link.bond)
        if bond is None or self._closed:
            link.abort(End.UNWANTED)
            return
        key = (link.bond, link.run)
        old = self._links.get(key)
        if old is not None and old.end is None:
            smaller = self.station.run < link.run
            if not keeps(bond.side, old_dialled=old.is_dialer, new_dialled=link.is_dialer, smaller_run=smaller):
                self._plan.opened(link.bond, link.run, self._loop.time())
                link.abort(End.REPLACED)
                return
        self._links[key] = link
        if old is not None and old.end is None:
            old.abort(End.REPLACED)
        self._stands.failed(link.bond, None)
        self._plan.opened(link.bond, link.run, self._loop.time())
        log.info("%s link with %s at %s", ">" if link.is_dialer else "<", link.bond[:4].hex(), link.remote)
        self._tasks.start(self._attend(link))
        self._tell(LinkOpened(link))
        self._refresh(link.bond)

    async def _attend(self, link: QuicLink) -> None:
        end = await link.wait_closed()
        key = (link.bond, link.run)
        if self._links.get(key) is link:
            del self._links[key]
            now = self._loop.time()
            self._plan.ended(link.bond, link.run, end, now)
            if link.bond in self._bonds:
                self._stands.searches(link.bond, now)
                self._stands.failed(link.bond, end.value)
        log.info("= link with %s ended: %s", link.bond[:4].hex(), end)
        self._tell(LinkEnded(link, end))
        self._outreached(link.bond)

    async def _dial(self, act: Dial) -> None:
        try:
            link = await self.station.dial(act.bond, act.run)
        except LinkOver as error:
            why = error.facts.get("why")
            end = why if isinstance(why, End) else End.NO_ANSWER
            if act.bond in self._bonds:
                self._stands.failed(act.bond, end.value)
            self.outreach.dialled(act.bond, act.run, answered=end is not End.NO_ANSWER)
            self._plan.ended(act.bond, act.run, end, self._loop.time())
            self._refresh(act.bond)
            self._schedule()
        else:
            self.outreach.dialled(act.bond, act.run, answered=True)
            self._keep(link)

    # -- doing what is due --------------------------------------------------------------------------------------------

    def _schedule(self) -> None:
        if self._closed:
            return
        now = self._loop.time()
        at = min(self._plan.wake_at(now, self._busy()), self._alive_at, self._look_at)
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_at(max(at, now), self._due)

    def _due(self) -> None:
        now = self._loop.time() + SLACK_S
        if now >= self._alive_at:
            self._alive_at = now + self._keep_alive_s
            self.station.quic.keep_alive()
            self._check_soon()
        if now >= self._look_at:
            self._look_at = now + (UNHEARD_S if self._busy() else LOOK_S)
            self._ask_the_unheard(now)
            if self._stands.is_missing(self._bonds.keys()):
                self._check_soon()
        for act in self._plan.due(now, self._busy()):
            match act:
                case Ping(bond, address, vouched):
                    self.station.ping(bond, address, vouched=vouched)
                    self._check_soon()
                case Broadcast(bond):
                    self._nearby.broadcast(bond)
                case Dial():
                    self._tasks.start(self._dial(act))
                case _:
                    self.outreach.do(act)
        self._schedule()

    def _ask_the_unheard(self, now: float) -> None:
        """Whoever should have said something by now is asked at once, by the way in use, not at the next heartbeat."""
        self.outreach.weigh(self.links)
        for link in self._links.values():
            remote = self.station.paths.remote(link.bond, link.run)
            way = remote.current if remote is not None else None
            patient = not link.connection.waiting and (now - link.used_at > BUSY_S or now - link.heard_at < HEARTBEAT_S)
            waits = now - link.heard_at > UNHEARD_S and not patient
            if waits and way is not None and way.waiting_since is None:
                self.station.ping(link.bond, way.address)
                self._check_soon()

    def _check_soon(self) -> None:
        """Looks, once an answer would be overdue, whether a way fell silent."""
        if self._check is None and not self._closed:
            self._check = self._loop.call_later(SUSPECT_S + SLACK_S, self._checked)

    def _checked(self) -> None:
        self._check = None
        now = self._loop.time()
        for remote in self.station.paths.settle(now):
            self.station.quic.revive(remote.bond, remote.run)
        if self.station.paths.is_waiting(now):
            self._check_soon()
        for name in self._bonds:
            self._refresh(name)

    def _busy(self) -> set[bytes]:
        now = self._loop.time()
        return {link.bond for link in self._links.values() if now - link.used_at < BUSY_S}

    def _refresh(self, name: bytes) -> None:
        if name not in self._bonds:
            return
        state = self._stands.news(name, self._loop.time())
        if state is not None:
            self._tell(BondChanged(name, state))

    def _outreached(self, name: bytes) -> None:
        self._refresh(name)
        self._schedule()

    def _tell(self, event: Event) -> None:
        for listener in list(self._listeners):
            listener(event)
