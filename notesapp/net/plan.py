"""Decides whom to ping and dial next. Knows bonds, addresses and times (seconds); dials nobody.

Of a pair of devices, FIRST (the smaller key) dials as soon as a way is validated; SECOND waits a moment, because two
links at once would cost one. Of an invite only the joiner dials. If there are two links all the same, both ends keep
the one that FIRST dialled, and of two dialled by the same end the newer.

An address that a peer's own record names is asked for as long as the record is fresh (`cadence`), the best kinds first,
six in a tick; what goes beyond probes is `punch`'s. Whoever isn't reached directly is asked for at members who are.

Invariants: 1. one dial at a time for a bond and run; 2. no dial without a way that answered within 30 s; 3. whatever a
peer does, the next dial is at most a minute away, and at least the backoff.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable

from notesapp.identity.primitives import Entropy
from notesapp.net.acts import Act, Ask, Broadcast, Call, Dial
from notesapp.net.address import Address
from notesapp.net.bond import Bond, Side
from notesapp.net.candidate import Found, NatClass, PunchSlot
from notesapp.net.chance import Chance
from notesapp.net.link import End
from notesapp.net.punch import Punch, Turn
from notesapp.net.search import Run, Search

GRACE_S = 0.8  # what SECOND leaves to FIRST: ten round trips of a bad radio link
FRESH_S = 30.0
RELAY_S, RELAY_SOON_S = 3.0, 1.0  # how long a direct way is waited for; less where there is no hope
RUNS = 4  # per bond of two devices; per invite it is the number of joiners
JOINERS = 32
HOSTS = 3  # that a joiner knocks at: whoever answered first may not be the one who lets him in
BACKOFF_S = (0.3, 1.0, 2.0, 5.0, 15.0, 30.0, 60.0)
LASTING_S = 30.0  # a link that lived this long was no failure
BROADCAST_S = (1.5, 10.0, 60.0)  # after a search began; then each minute


class DialPlan:
    """Tell it what happened; ask `due` what to do now and `wake_at` when to ask again."""

    def __init__(self, run: bytes, entropy: Entropy = bytes) -> None:
        self.nat = NatClass.UNKNOWN  # of this device's IPv4
        self._run, self._entropy = run, entropy
        self._turn = Turn()
        self._slot: PunchSlot | None = None
        self._searches: dict[bytes, Search] = {}

    def want(self, bonds: Iterable[Bond], now: float) -> None:
        """Exactly these bonds are looked for from now on."""
        before, self._searches = self._searches, {}
        for bond in bonds:
            old = before.get(bond.name)
            if old is None or old.bond != bond:
                tries = Punch(bond, self._entropy, self._turn, now)
                old = Search(bond, now, tries, now + BROADCAST_S[0])
            self._searches[bond.name] = old
        for name in before.keys() - self._searches.keys():
            self._turn.give(name)

    def places(self, name: bytes) -> tuple[Address, ...]:
        """The addresses that answered for this bond, the last to answer first."""
        search = self._searches.get(name)
        known = [] if search is None else [it for it in search.places.values() if it.answered_at is not None]
        return tuple(it.address for it in sorted(known, key=lambda it: -(it.answered_at or 0.0)))

    def goes_by(self, mine: int) -> bytes | None:
        """A bond whose other end is asked for from this further port of ours."""
        return next((name for name, it in self._searches.items() if any(at.mine == mine for at in it.places)), None)

    def found(self, name: bytes, addresses: Iterable[Address], now: float) -> None:
        """Somebody with this bond may be at these addresses."""
        search = self._searches.get(name)
        if search is not None:
            for address in addresses:
                search.found(address, now)

    def heard(self, name: bytes, address: Address, now: float) -> None:
        """A ping of a bond's other end came from there: it is there now, whatever was asked before."""
        if (search := self._searches.get(name)) is not None:
            search.heard(address, now)

    def learn(self, found: Found, now: float) -> None:
        """What was read of a bond's other end: where it may be, and what it says of itself."""
        if (search := self._searches.get(found.bond)) is not None:
            search.learn(found, now)

    def ride(self, name: bytes, via: bytes, address: Address, now: float) -> None:
        """The member `via` opened a channel to a bond's other end; `address` is made up for it."""
        if (search := self._searches.get(name)) is not None:
            search.ride(via, address, now)

    def refused(self, name: bytes, via: bytes, now: float) -> None:
        """A member doesn't carry us."""
        if (search := self._searches.get(name)) is not None:
            search.seek.refused(via, now)

    def alight(self, name: bytes, address: Address, now: float) -> None:
        """A ride is over, or worth nothing."""
        if (search := self._searches.get(name)) is not None:
            search.alight(address, now)

    def fresh(self, name: bytes, mine: int | None, outside: int, now: float) -> None:
        """One more port is open for a retry; `outside`: as others see it, 0 if nobody said."""
        if (search := self._searches.get(name)) is not None:
            search.punch.fresh(mine, outside, now)

    def chance(self, name: bytes) -> Chance | None:
        """What can be hoped for; None before anything is known of the other end."""
        search = self._searches.get(name)
        return None if search is None or search.punch.record is None else search.punch.chance(self.nat)

    def their_nat(self, name: bytes) -> NatClass:
        """The class of the other end's NAT, as it says."""
        search = self._searches.get(name)
        record = search.punch.record if search is not None else None
        return record.nat if record is not None else NatClass.UNKNOWN

    def their_addresses(self, name: bytes) -> tuple[Address, ...]:
        """Where the other end says it is; nothing before that was read."""
        search = self._searches.get(name)
        record = search.punch.record if search is not None else None
        return tuple(it.address for it in record.candidates) if record is not None else ()

    def is_punching(self, name: bytes, now: float) -> bool:
        """Whether a fresh record of the other end is known and no direct way to it."""
        search = self._searches.get(name)
        return search is not None and search.punch.is_trying(now) and not search.is_direct

    def slot(self) -> PunchSlot | None:
        """The newest call that our record should carry."""
        return self._slot

    def answered(self, name: bytes, run: bytes, address: Address, used: Address, now: float) -> None:
        """A pong came from there; `used` is the way by which that run is reached now."""
        search = self._searches.get(name)
        if search is None:
            return
        search.answered(address, used, now)
        known = search.runs.get(run)
        if known is None:
            room = JOINERS if search.bond.many else RUNS
            if len(search.runs) >= room and not search.forget_run():
                return
            search.runs[run] = Run(now, used, valid_since=now)
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
            search.again(now)

    def due(self, now: float, busy: Collection[bytes] = ()) -> list[Act]:
        """What to do now; `busy`: bonds over whose links something is being written."""
        acts: list[Act] = []
        for search in self._searches.values():
            acts += search.alights(now)
            acts += search.pings(now, busy=search.bond.name in busy)
            acts += self._dials(search, now)
            tries = search.punch.due(now, self.nat)
            self._slot = next((it.slot for it in tries if isinstance(it, Call)), self._slot)
            acts += tries
            if now >= self._ask_at(search) and (via := search.seek.whom(self._vias(search), now)) is not None:
                acts.append(Ask(search.bond.name, via))
            if self._broadcasts(search) and now >= search.broadcast_at:
                acts.append(Broadcast(search.bond.name))
                search.broadcasts += 1
                search.broadcast_at = now + BROADCAST_S[min(search.broadcasts, len(BROADCAST_S) - 1)]
        return acts

    def wake_at(self, now: float, busy: Collection[bytes] = ()) -> float:
        """When `due` has something next; infinity if never."""
        soonest = math.inf
        for search in self._searches.values():
            soonest = min(
                soonest,
                search.pings_at(busy=search.bond.name in busy),
                search.punch.wake_at(now, self.nat),
                self._ask_at(search),
            )
            for run, it in search.runs.items():
                soonest = min(soonest, self._dial_at(search, run, it, now))
            if self._broadcasts(search):
                soonest = min(soonest, search.broadcast_at)
        return soonest

    # -- inside -------------------------------------------------------------------------------------------------------

    def _ask_at(self, search: Search) -> float:
        """When a member may be asked for a ride; infinity while there is a direct link, or a ride."""
        if search.is_direct or search.rides or search.bond.many or not self._vias(search):
            return math.inf
        hopeless = search.punch.record is not None and search.punch.chance(self.nat) in (Chance.NONE, Chance.BLOCKED)
        return max(search.began_at + (RELAY_SOON_S if hopeless else RELAY_S), search.seek.next_at)

    def _vias(self, search: Search) -> list[bytes]:
        """Members to whom we have a direct link."""
        return [
            it.bond.name
            for it in self._searches.values()
            if it is not search and not it.bond.many and it.bond.side is not Side.BOTH and it.is_direct
        ]

    def _dials(self, search: Search, now: float) -> list[Act]:
        acts: list[Act] = []
        for run, it in search.runs.items():
            if self._dial_at(search, run, it, now) <= now:
                it.dialling = True
                acts.append(Dial(search.bond.name, run))
                if search.bond.many:
                    break  # one host after the other
        return acts

    def _dial_at(self, search: Search, run: bytes, it: Run, now: float) -> float:
        bond = search.bond
        if it.dialling or run in search.linked or now - it.answered_at > FRESH_S:
            return math.inf
        if bond.many and (
            bond.side is Side.FIRST
            or len(search.linked) >= HOSTS
            or any(other.dialling for other in search.runs.values())
        ):
            return math.inf
        at_once = bond.many or bond.side is Side.FIRST or (bond.side is Side.BOTH and self._run < run)
        return max(it.dial_at, it.valid_since) + (0.0 if at_once else GRACE_S)

    def _broadcasts(self, search: Search) -> bool:
        return not search.linked and not search.is_host


def keeps(side: Side, *, old_dialled: bool, new_dialled: bool, smaller_run: bool) -> bool:
    """Whether the new of two links with one run is kept: the one dialled by FIRST, else the newer.

    For two runs of one device the smaller run id counts as FIRST.
    """
    if old_dialled == new_dialled:
        return True
    first = smaller_run if side is Side.BOTH else side is Side.FIRST
    return new_dialled == first
