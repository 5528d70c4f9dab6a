"""One bond's search: where its other end may be, which runs of it answered, what is tried. Pure.

An address that the peer's own record names is asked for as long as the record is fresh (`cadence`), the best kinds
first, six in a tick; hearsay three times.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from notesapp.net.acts import Act, Alight, Ping
from notesapp.net.address import Address, Reach
from notesapp.net.bond import Bond, Side
from notesapp.net.cadence import FIRST_TRIES_S, SPARE_S, Place
from notesapp.net.candidate import Found, Kind
from notesapp.net.punch import Punch
from notesapp.net.relay import Seek

PLACES = 24
A_TICK = 6  # probes to addresses that only a record names
TICK_S = 0.05
AGAIN_S = 0.3  # after a ping was heard: longer than most answers take
RIDE_S = 5.0  # in which a relay's channel must carry an answer
LOST = 5  # unanswered pings on a relayed way: the relay lets nothing through
SILENT = 3  # unanswered pings on a direct way: then a member may be asked


@dataclass(slots=True)
class Run:
    """One run of the other end."""

    answered_at: float
    at: Address
    valid_since: float
    dialling: bool = False
    failures: int = 0
    dial_at: float = 0.0


@dataclass(slots=True)
class Search:
    """What a plan holds of one bond."""

    bond: Bond
    began_at: float
    punch: Punch
    broadcast_at: float
    broadcasts: int = 0
    places: dict[Address, Place] = field(default_factory=dict)
    runs: dict[bytes, Run] = field(default_factory=dict)
    linked: dict[bytes, float] = field(default_factory=dict)  # run -> since when
    seek: Seek = field(default_factory=Seek)
    rides: dict[Address, bytes] = field(default_factory=dict)  # made-up address -> the member who carries
    _tick_at: float = 0.0

    def found(self, address: Address, now: float) -> Place | None:
        """Somebody may be there; None if nobody can."""
        if not address.usable:
            return None
        place = self.places.get(address)
        if place is None:
            place = self._add(Place(address, now))
        elif place.is_silent:
            place.again(now)
        return place

    def learn(self, found: Found, now: float) -> None:
        """Candidates, and what the peer's record says of them."""
        record = found.record
        vouched = {it.address for it in record.candidates} if record is not None else set()
        for candidate in found.candidates:
            place = self.found(candidate.address, now)
            if place is not None and candidate.address in vouched:
                place.vouch(candidate.kind, found.fresh_until, now)
        if record is not None:
            before = self.punch.outside
            self.punch.learn(record, found.fresh_until, now, linked=bool(self.linked))
            if not self.bond.many and not self.punch.is_trying(now):
                moved = before not in ("", self.punch.outside)
                if moved:
                    self._doubt(now)
                if moved or not self._is_reached():
                    self.punch.again(now)

    def answered(self, address: Address, used: Address, now: float) -> None:
        """A pong came from an address; `used` is the way in use."""
        place = self.places.get(address) or self._add(Place(address, now))
        place.answered_at, place.unanswered = now, 0
        place.pinged_at = min(place.pinged_at if place.pinged_at is not None else now, now)
        if used.reach is not Reach.RELAY:
            self.punch.reached(now)
        elif not self.punch.is_trying(now):
            self.punch.again(now)

    def heard(self, address: Address, now: float) -> None:
        """A ping came from there: it is asked once more, if what it is asked at once (by `disco`) brings no answer.

        What was asked just before it began to listen is lost, and its packets are taken only from where it answered.
        """
        place = self.places.get(address) or (self._add(Place(address, now)) if address.usable else None)
        if place is not None and place.answered_at is None and not place.is_vouched:
            place.found_at, place.tries = now + AGAIN_S - FIRST_TRIES_S[-1], len(FIRST_TRIES_S) - 1

    def ride(self, via: bytes, address: Address, now: float) -> None:
        """A member opened a channel: its made-up address is asked at once, for a few seconds."""
        if address not in self.rides:
            self.rides[address] = via
            self._add(Place(address, now, kind=Kind.LAST, vouched_until=now + RIDE_S))

    def alight(self, address: Address, now: float) -> None:
        """A ride is over, or worth nothing."""
        if (via := self.rides.pop(address, None)) is not None:
            self.places.pop(address, None)
            self.seek.failed(via, now)

    def again(self, now: float) -> None:
        """Another network: everything anew."""
        self.punch.again(now)
        self.seek = Seek()
        for place in self.places.values():
            place.again(now)
        for it in self.runs.values():
            it.failures, it.dial_at = 0, now

    @property
    def is_direct(self) -> bool:
        """Whether a link goes a direct way on which something is heard."""
        return any(
            it.at.reach is not Reach.RELAY and ((place := self.places.get(it.at)) is None or place.unanswered < SILENT)
            for it in self._linked_runs()
        )

    @property
    def is_host(self) -> bool:
        """Whether joiners come to us: then we look for nobody."""
        return self.bond.many and self.bond.side is Side.FIRST

    def pings(self, now: float, *, busy: bool) -> list[Act]:
        """Whom to ask now."""
        direct = self.is_direct
        due = [it for it in self.places.values() if self._next_at(it, busy=busy, direct=direct) <= now]
        vouched: list[Place] = []
        if now >= self._tick_at and any(it.is_vouched for it in due):
            self._tick_at = now + TICK_S
            vouched = sorted((it for it in due if it.is_vouched), key=lambda it: (it.kind, it.tries))[:A_TICK]
        acts: list[Act] = []
        for place in [*vouched, *(it for it in due if not it.is_vouched)]:
            acts.append(Ping(self.bond.name, place.address, place.is_vouched))
            place.tries += 1
            place.unanswered += 1
            place.pinged_at = now
        if not self.bond.many and self.punch.was_reached(now) and self._fell_silent():
            self.punch.again(now)  # what the peer last said of himself may lead to where he is now
        return acts

    def pings_at(self, *, busy: bool) -> float:
        """When `pings` or `alights` has something next."""
        soonest, direct = math.inf, self.is_direct
        for place in self.places.values():
            at = self._next_at(place, busy=busy, direct=direct)
            if place.is_vouched:
                at = max(at, self._tick_at)
                if place.address in self.rides:
                    at = min(at, place.vouched_until)
            soonest = min(soonest, at)
        return soonest

    def alights(self, now: float) -> list[Act]:
        """Rides that carry nothing: never an answer, or none to the last pings."""
        gone = [address for address in self.rides if self._is_lost(address, now)]
        for address in gone:
            self.alight(address, now)
        return [Alight(self.bond.name, address) for address in gone]

    def forget_run(self) -> bool:
        """Makes room for another run, if one is spare."""
        spare = [run for run, it in self.runs.items() if run not in self.linked and not it.dialling]
        if spare:
            del self.runs[min(spare, key=lambda run: self.runs[run].answered_at)]
        return bool(spare)

    def _doubt(self, now: float) -> None:
        """The peer is elsewhere, as it says: the ways that led to it are asked, and an answer ends what is tried."""
        for it in self.places.values():
            if it.answered_at is not None and not it.is_silent:
                it.pinged_at = it.answered_at - SPARE_S

    def _is_lost(self, address: Address, now: float) -> bool:
        place = self.places.get(address)
        return place is None or (place.is_vouched and now >= place.vouched_until) or place.unanswered >= LOST

    def _is_reached(self) -> bool:
        return any(
            it.answered_at is not None and not it.is_silent and it.address.reach is not Reach.RELAY
            for it in self.places.values()
        )

    def _fell_silent(self) -> bool:
        """Whether ways had answered, and none does any more."""
        ways = [it for it in self.places.values() if it.answered_at is not None and it.address.reach is not Reach.RELAY]
        return bool(ways) and all(it.unanswered >= SILENT for it in ways)

    def _linked_runs(self) -> Iterator[Run]:
        return (it for run in self.linked if (it := self.runs.get(run)) is not None)

    def _next_at(self, place: Place, *, busy: bool, direct: bool) -> float:
        in_use = any(it.at == place.address for it in self._linked_runs())
        return place.next_at(in_use=in_use, busy=busy, linked=direct)

    def _add(self, place: Place) -> Place:
        """A new address pushes out hearsay first, then what never answered, then what answered longest ago."""
        while len(self.places) >= PLACES:
            worst = min(
                self.places.values(), key=lambda it: (it.answered_at or -math.inf, it.vouched_until > 0, it.found_at)
            )
            del self.places[worst.address]
        self.places[place.address] = place
        return place
