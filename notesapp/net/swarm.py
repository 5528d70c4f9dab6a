"""Keeps the wanted links alive, one per bond and run. Decides nothing that `DialPlan` can decide; proves nobody.

It joins the port, the plan, discovery and the watch over the network: whatever happens is told to the plan, and what
the plan says is due is done. Who is at the other end of a link is proven by whoever takes it from `LinkOpened`.
"""

from __future__ import annotations

import asyncio
import logging
import math
import os
from collections.abc import Callable, Iterable
from typing import Final

from notesapp.errors import LinkOver
from notesapp.identity.primitives import Entropy
from notesapp.net import interfaces
from notesapp.net.acts import Broadcast, Dial, Ping
from notesapp.net.address import Address
from notesapp.net.bond import Bond, Side
from notesapp.net.candidate import Found
from notesapp.net.connection import IDLE_S
from notesapp.net.diagnosis import REMEDIES, Facts, cause
from notesapp.net.disco import Answered, Heard, Said
from notesapp.net.discovery import CARD_BYTES, Announcement, Discovery, Lookout, Notice
from notesapp.net.link import End
from notesapp.net.mux import PORT
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
    Stage,
)
from notesapp.net.station import Station
from notesapp.net.tasks import Tasks
from notesapp.net.watch import Change, Watch

log = logging.getLogger(__name__)

BUSY_S: Final = 30.0  # after the last message a link counts as busy
KEEP_ALIVE_S: Final = 15.0  # a sixth of what a silent connection lives
SEARCHING_S: Final = 30.0  # then the person reads "offline" and why, while the search goes on
SLACK_S: Final = 0.01


class Swarm:
    """The links of this device. Make it, `subscribe`, `open`, `want`."""

    def __init__(
        self, discovery: Discovery | None, watch: Watch | None, entropy: Entropy = os.urandom, idle_s: float = IDLE_S
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self.station = Station(entropy, idle_s)
        self.generation = 0
        self._discovery, self._watch = discovery, watch
        self._plan = DialPlan(self.station.run, entropy)
        self._lookout = Lookout()
        self._bonds: dict[bytes, Bond] = {}
        self._card: bytes | None = None
        self._links: dict[tuple[bytes, bytes], QuicLink] = {}
        self._states: dict[bytes, BondState] = {}
        self._errors: dict[bytes, str] = {}
        self._searching_since: dict[bytes, float] = {}
        self._listeners: list[Callable[[Event], None]] = []
        self._tasks = Tasks()
        self.outreach = Outreach(self.station, self._plan, entropy, self._tasks)
        self.outreach.on_change = self._outreached
        self._timer: asyncio.TimerHandle | None = None
        self._check: asyncio.TimerHandle | None = None
        self._keep_alive_s = min(KEEP_ALIVE_S, idle_s / 6)
        self._alive_at = 0.0
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
        if self._discovery is not None:
            await self._discovery.start(self._noticed)
        self._announce()
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
        self.outreach.want([bond.name for bond in self._bonds.values() if not bond.many and bond.side is not Side.BOTH])
        for held in (self._states, self._errors, self._searching_since):
            for name in [name for name in held if name not in self._bonds]:
                del held[name]
        for name in self._bonds:
            self._searching_since.setdefault(name, now)
        for sighting in self._lookout.know(self._bonds.values()):
            for name in sighting.bonds:
                self._plan.found(name, sighting.addresses, now)
        self._announce()
        self._schedule()

    def hint(self, name: bytes, addresses: Iterable[Address]) -> None:
        """Last known addresses, or one that a person typed."""
        self._plan.found(name, addresses, self._loop.time())
        self._schedule()

    def learn(self, found: Found) -> None:
        """What was read of a bond's other end, in the DHT or from a member."""
        self._plan.nat = self.outreach.nat.nat
        self._plan.learn(found, self._loop.time())
        self._refresh(found.bond)
        self._schedule()

    def nat_changed(self) -> None:
        """`outreach.nat` or `outreach.mapped` is another one: plan by it, and tell whoever is reached by a relay."""
        self._plan.nat = self.outreach.nat.nat
        self.outreach.recall()
        for name in self._bonds:
            self._refresh(name)
        self._schedule()

    def show(self, card: bytes | None) -> None:
        """Shows these bytes (at most 200) to everybody in the network, or nothing any more."""
        self._card = None if card is None else card[:CARD_BYTES]
        self._announce()

    @property
    def cards(self) -> dict[str, bytes]:
        """Who shows himself now: announced name and card."""
        return self._lookout.cards

    @property
    def links(self) -> list[QuicLink]:
        """All links that can be used."""
        return list(self._links.values())

    def addresses(self) -> tuple[Address, ...]:
        """Where others may find us, best first, as far as this computer knows itself."""
        mux = self.station.mux
        return interfaces.addresses(mux.port, mux.port_v6, interfaces.networks())

    def good_addresses(self, name: bytes) -> tuple[Address, ...]:
        """Where this bond's other end answered in this run: worth remembering for the next."""
        return self._plan.places(name)

    def state(self, name: bytes) -> BondState:
        """How it stands with a bond now."""
        now = self._loop.time()
        for (bond, run), link in self._links.items():
            if bond == name:
                remote = self.station.paths.remote(bond, run)
                way = remote.current if remote is not None else None
                silent = way is None or way.suspect(now)
                ride = self.outreach.rides.at(link.remote)
                stage = Stage.SILENT if silent else Stage.RELAYED if ride is not None else Stage.DIRECT
                through = ride.via if ride is not None else None
                nats = (self._plan.nat, self._plan.their_nat(name))
                return BondState(
                    stage, link.remote.reach, link.remote, link.lag_s, link.quiet_s, through=through, nats=nats
                )
        return self._state_without(name, now)

    def _state_without(self, name: bytes, now: float) -> BondState:
        """How it stands with a bond that has no link."""
        since = self._searching_since.get(name)
        searched_s = now - since if since is not None else math.inf
        facts = Facts(
            has_network=bool(self.addresses()),
            mine=self._plan.nat,
            theirs=self._plan.their_nat(name),
            chance=self._plan.chance(name),
            answered=any(it.current is not None for it in self.station.paths.of_bond(name)),
            searched_s=searched_s,
        )
        stage = Stage.OFFLINE if searched_s > SEARCHING_S else Stage.SEARCHING
        if self._plan.is_punching(name, now):
            stage = Stage.PUNCHING
        why = cause(facts)
        remedy = REMEDIES[why] if why is not None else None
        error = self._errors.get(name)
        return BondState(stage, error=error, nats=(facts.mine, facts.theirs), cause=why, remedy=remedy)

    @property
    def report(self) -> Report:
        """What the connection doctor asks about."""
        mux, discovery = self.station.mux, self._discovery
        trouble = discovery.trouble if discovery is not None else "it is switched off"
        dropped = dict(mux.dropped) | {"probes": self.station.disco.dropped}
        return Report(mux.port, mux.port_v6, mux.port == PORT, self.addresses(), trouble, dropped, mux.unsent)

    def network_changed(self, change: Change) -> None:
        """All that was learned of ways may be void: ask everywhere at once."""
        if self._closed:
            return
        now = self._loop.time()
        self.generation += 1
        log.info("= network %d: %s", self.generation, change)
        self.station.disco.new_network()
        self._plan.new_network(now)
        for name in self._bonds:
            self._searching_since[name] = now
        if self._discovery is not None:
            self._discovery.refresh()
        self._announce()
        self._tell(NetworkChanged(self.generation, change))
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
        if self._discovery is not None:
            await self._discovery.aclose()

    # -- what happens -------------------------------------------------------------------------------------------------

    def _noticed(self, notice: Notice) -> None:
        before = self._lookout.cards
        sighting = self._lookout.saw(notice)
        if sighting is not None:
            for name in sighting.bonds:
                self._plan.found(name, sighting.addresses, self._loop.time())
            self._schedule()
        if self._lookout.cards != before:
            self._tell(NearbyChanged(self._lookout.cards))

    def _probed(self, probe: Answered | Heard | Said) -> None:
        now = self._loop.time()
        if isinstance(probe, Heard):
            self._check_soon()  # it was pinged back; its answer comes as `Answered`
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
            log.info("= %s by way of %s", _short(remote.bond), used)
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
        self._errors.pop(link.bond, None)
        self._plan.opened(link.bond, link.run, self._loop.time())
        log.info("%s link with %s at %s", ">" if link.is_dialer else "<", _short(link.bond), link.remote)
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
                self._searching_since[link.bond] = now
                self._errors[link.bond] = end.value
        log.info("= link with %s ended: %s", _short(link.bond), end)
        self._tell(LinkEnded(link, end))
        self._refresh(link.bond)
        self._schedule()

    async def _dial(self, act: Dial) -> None:
        try:
            link = await self.station.dial(act.bond, act.run)
        except LinkOver as error:
            why = error.facts.get("why")
            end = why if isinstance(why, End) else End.NO_ANSWER
            if act.bond in self._bonds:
                self._errors[act.bond] = end.value
            self._plan.ended(act.bond, act.run, end, self._loop.time())
            self._refresh(act.bond)
            self._schedule()
        else:
            self._keep(link)

    # -- doing what is due --------------------------------------------------------------------------------------------

    def _schedule(self) -> None:
        if self._closed:
            return
        now = self._loop.time()
        at = min(self._plan.wake_at(now, self._busy()), self._alive_at)
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_at(max(at, now), self._due)

    def _due(self) -> None:
        now = self._loop.time() + SLACK_S
        if now >= self._alive_at:
            self._alive_at = now + self._keep_alive_s
            self.station.quic.keep_alive()
            self._check_soon()
        for act in self._plan.due(now, self._busy()):
            match act:
                case Ping(bond, address, vouched):
                    self.station.ping(bond, address, vouched=vouched)
                    self._check_soon()
                case Broadcast(bond):
                    self._broadcast(bond)
                case Dial():
                    self._tasks.start(self._dial(act))
                case _:
                    self.outreach.do(act)
        self._schedule()

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

    def _broadcast(self, bond: bytes) -> None:
        for it in interfaces.networks():
            if it.broadcast is not None:
                self.station.ping(bond, Address(it.broadcast, PORT), to_all=True)

    def _busy(self) -> set[bytes]:
        now = self._loop.time()
        return {link.bond for link in self._links.values() if now - link.used_at < BUSY_S}

    def _announce(self) -> None:
        if self._discovery is not None and not self._closed:
            mux = self.station.mux
            bonds = tuple(self._bonds.values())
            self._discovery.announce(Announcement(mux.port, mux.port_v6, bonds, self._card))

    def _refresh(self, name: bytes) -> None:
        if name not in self._bonds:
            return
        state = self.state(name)
        before = self._states.get(name)
        if before is None or before.essence != state.essence:
            self._states[name] = state
            self._tell(BondChanged(name, state))

    def _outreached(self, name: bytes) -> None:
        self._refresh(name)
        self._schedule()

    def _tell(self, event: Event) -> None:
        for listener in list(self._listeners):
            listener(event)


def _short(name: bytes) -> str:
    return name[:4].hex()
