"""Decides whom to ping and dial next. Knows bonds, addresses and times (seconds); dials nobody.

Of a pair of devices, FIRST (the smaller key) dials as soon as a way is validated; SECOND waits a moment, because two
links at once would cost one. Of an invite only the joiner dials. If there are two links all the same, both ends keep
the one that FIRST dialled, and of two dialled by the same end the newer.

Invariants: 1. one dial at a time for a bond and run; 2. no dial without a way that answered within 30 s; 3. whatever a
peer does, the next dial is at most a minute away, and at least the backoff.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from notesapp.net.address import Address
from notesapp.net.bond import Bond, Side
from notesapp.net.cadence import Place
from notesapp.net.link import End

GRACE_S = 0.8  # what SECOND leaves to FIRST: ten round trips of a bad radio link
FRESH_S = 30.0
PLACES = 16  # per bond
RUNS = 4  # per bond of two devices; per invite it is the number of joiners
JOINERS = 32
BACKOFF_S = (0.3, 1.0, 2.0, 5.0, 15.0, 30.0, 60.0)
LASTING_S = 30.0  # a link that lived this long was no failure
BROADCAST_S = (1.5, 10.0, 60.0)  # after a search began; then each minute


@dataclass(frozen=True, slots=True)
class Ping:
    """Ask whether somebody is there."""

    bond: bytes
    address: Address


@dataclass(frozen=True, slots=True)
class Dial:
    """Open a link to a run."""

    bond: bytes
    run: bytes


@dataclass(frozen=True, slots=True)
class Broadcast:
    """Ask all of each IPv4 network: perhaps multicast is filtered."""

    bond: bytes


Act = Ping | Dial | Broadcast


@dataclass(slots=True)
class _Run:
    answered_at: float
    at: Address
    valid_since: float
    dialling: bool = False
    failures: int = 0
    dial_at: float = 0.0


@dataclass(slots=True)
class _Search:
    bond: Bond
    began_at: float
    places: dict[Address, Place] = field(default_factory=dict)
    runs: dict[bytes, _Run] = field(default_factory=dict)
    linked: dict[bytes, float] = field(default_factory=dict)  # run -> since when
    broadcasts: int = 0
    broadcast_at: float = 0.0


class DialPlan:
    """Tell it what happened; ask `due` what to do now and `wake_at` when to ask again."""

    def __init__(self, run: bytes) -> None:
        self._run = run
        self._searches: dict[bytes, _Search] = {}

    def want(self, bonds: Iterable[Bond], now: float) -> None:
        """Exactly these bonds are looked for from now on."""
        before, self._searches = self._searches, {}
        for bond in bonds:
            old = before.get(bond.name)
            kept = (
                old if old is not None and old.bond == bond else _Search(bond, now, broadcast_at=now + BROADCAST_S[0])
            )
            self._searches[bond.name] = kept

    def places(self, name: bytes) -> tuple[Address, ...]:
        """The addresses that answered for this bond, the last to answer first."""
        search = self._searches.get(name)
        known = [] if search is None else [it for it in search.places.values() if it.answered_at is not None]
        return tuple(it.address for it in sorted(known, key=lambda it: -(it.answered_at or 0.0)))

    def found(self, name: bytes, addresses: Iterable[Address], now: float) -> None:
        """Somebody with this bond may be at these addresses."""
        search = self._searches.get(name)
        for address in addresses if search is not None else ():
            if not address.usable or search is None:
                continue
            place = search.places.get(address)
            if place is None:
                _make_room(search)
                search.places[address] = Place(address, now)
            elif place.is_silent:
                place.again(now)

    def answered(self, name: bytes, run: bytes, address: Address, used: Address, now: float) -> None:
        """A pong came from there; `used` is the way by which that run is reached now."""
        search = self._searches.get(name)
        if search is None:
            return
        if address not in search.places:
            _make_room(search)
        place = search.places.setdefault(address, Place(address, now))
        place.answered_at = now
        place.pinged_at = min(place.pinged_at if place.pinged_at is not None else now, now)
        known = search.runs.get(run)
        if known is None:
            room = JOINERS if search.bond.many else RUNS
            if len(search.runs) >= room and not _forget_run(search):
                return
            search.runs[run] = _Run(now, used, valid_since=now)
        else:
            if now - known.answered_at > FRESH_S:
                known.valid_since = now
            known.answered_at, known.at = now, used

    def opened(self, name: bytes, run: bytes, now: float) -> None:
        """There is a link."""
        search = self._searches.get(name)
        if search is not None:
            search.linked.setdefault(run, now)
            if (it := search.runs.get(run)) is not None:
                it.dialling = False

    def ended(self, name: bytes, run: bytes, end: End, now: float) -> None:
        """There is no link any more, or a dial failed."""
        search = self._searches.get(name)
        if search is None:
            return
        since = search.linked.pop(run, None)
        search.began_at, search.broadcasts, search.broadcast_at = now, 0, now + BROADCAST_S[0]
        if (it := search.runs.get(run)) is not None:
            it.dialling = False
            lasted = since is not None and now - since >= LASTING_S
            it.failures = 0 if lasted else it.failures + 1
            it.dial_at = now + BACKOFF_S[min(it.failures, len(BACKOFF_S) - 1)]
            it.valid_since = now
        for place in search.places.values():
            if place.answered_at is not None and end in (End.SILENT, End.NO_ANSWER):
                place.pinged_at = min(place.pinged_at or now, now - 60.0)  # ask at once

    def new_network(self, now: float) -> None:
        """Everything may be different: ask all places at once, forget backoffs."""
        for search in self._searches.values():
            search.began_at, search.broadcasts, search.broadcast_at = now, 0, now + BROADCAST_S[0]
            for place in search.places.values():
                place.again(now)
            for it in search.runs.values():
                it.failures, it.dial_at = 0, now

    def due(self, now: float, busy: Collection[bytes] = ()) -> list[Act]:
        """What to do now; `busy`: bonds over whose links something is being written."""
        acts: list[Act] = []
        for search in self._searches.values():
            acts += self._pings(search, now, busy=search.bond.name in busy)
            acts += self._dials(search, now)
            if self._broadcasts(search) and now >= search.broadcast_at:
                acts.append(Broadcast(search.bond.name))
                search.broadcasts += 1
                search.broadcast_at = now + BROADCAST_S[min(search.broadcasts, len(BROADCAST_S) - 1)]
        return acts

    def wake_at(self, now: float, busy: Collection[bytes] = ()) -> float:
        """When `due` has something next; infinity if never."""
        soonest = math.inf
        for search in self._searches.values():
            is_busy = search.bond.name in busy
            for place in search.places.values():
                soonest = min(soonest, place.next_at(in_use=self._in_use(search, place), busy=is_busy))
            for run, it in search.runs.items():
                soonest = min(soonest, self._dial_at(search, run, it, now))
            if self._broadcasts(search):
                soonest = min(soonest, search.broadcast_at)
        return soonest

    # -- inside -------------------------------------------------------------------------------------------------------

    def _pings(self, search: _Search, now: float, *, busy: bool) -> list[Act]:
        acts: list[Act] = []
        for place in search.places.values():
            if place.next_at(in_use=self._in_use(search, place), busy=busy) <= now:
                place.tries += 1
                place.pinged_at = now
                acts.append(Ping(search.bond.name, place.address))
        return acts

    def _dials(self, search: _Search, now: float) -> list[Act]:
        acts: list[Act] = []
        for run, it in search.runs.items():
            if self._dial_at(search, run, it, now) <= now:
                it.dialling = True
                acts.append(Dial(search.bond.name, run))
                if search.bond.many:
                    break  # one host is enough for a joiner
        return acts

    def _dial_at(self, search: _Search, run: bytes, it: _Run, now: float) -> float:
        bond = search.bond
        if it.dialling or run in search.linked or now - it.answered_at > FRESH_S:
            return math.inf
        if bond.many and (
            bond.side is Side.FIRST or search.linked or any(other.dialling for other in search.runs.values())
        ):
            return math.inf
        at_once = bond.many or bond.side is Side.FIRST or (bond.side is Side.BOTH and self._run < run)
        return max(it.dial_at, it.valid_since) + (0.0 if at_once else GRACE_S)

    def _broadcasts(self, search: _Search) -> bool:
        is_host = search.bond.many and search.bond.side is Side.FIRST
        return not search.linked and not is_host

    def _in_use(self, search: _Search, place: Place) -> bool:
        return any((it := search.runs.get(run)) is not None and it.at == place.address for run in search.linked)


def keeps(side: Side, *, old_dialled: bool, new_dialled: bool, smaller_run: bool) -> bool:
    """Whether the new of two links with one run is kept: the one dialled by FIRST, else the newer.

    For two runs of one device the smaller run id counts as FIRST.
    """
    if old_dialled == new_dialled:
        return True
    first = smaller_run if side is Side.BOTH else side is Side.FIRST
    return new_dialled == first


def _make_room(search: _Search) -> None:
    """A new address pushes out one that never answered first, then the one that answered longest ago."""
    while len(search.places) >= PLACES:
        worst = min(search.places.values(), key=lambda it: (it.answered_at or -math.inf, it.found_at))
        del search.places[worst.address]


def _forget_run(search: _Search) -> bool:
    spare = [run for run, it in search.runs.items() if run not in search.linked and not it.dialling]
    if spare:
        del search.runs[min(spare, key=lambda run: search.runs[run].answered_at)]
    return bool(spare)
