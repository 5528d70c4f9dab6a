"""Decides what to try where plain probes don't get through. Pure: knows two NAT classes, a record and the time.

Where one end's outside port differs for each destination and the other's doesn't, chance helps: the random end opens
256 ports that all write to the other end's one outside port, and that end sprays its probes over the ports of the
random end's address; after 175 of them half of all tries have met, after 1,000 all but 2 %. One such try at a time,
six an hour for a peer, 35 s at most.

Where both are consistent and nothing comes through all the same, a router remembers a probe that came before its own
host's (it has no drop of new packets), and has moved the host's port since. Then both begin anew from fresh ports, of
which no probe has been seen: one calls ("this is my new port"), the other opens its own router with probes that die
before the caller's, and calls back; now the caller writes, and the answer comes through both.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

from notesapp.identity.primitives import Entropy
from notesapp.net.acts import Call, Fresh, Gather, Probe, PunchAct, Scatter
from notesapp.net.address import Address, Reach
from notesapp.net.bond import Bond, Side
from notesapp.net.cadence import PROBES_S
from notesapp.net.candidate import Kind, NatClass, PeerRecord, PunchSlot, slot_mark
from notesapp.net.chance import Chance, chance

PATIENCE_S: Final = 1.0  # plain probes first: many a router that looks hard lets one through
TICK_S: Final = 0.05
PORTS: Final = 256
SCATTER_A_TICK: Final = 32
SCATTER_AGAIN_S: Final = 12.0  # a router forgets an unanswered mapping after 30 s (RFC 4787 §4.3)
SPRAY_A_TICK: Final = 5  # 100 a second
SPRAY_S: Final = 35.0
PAUSE_S: Final = 60.0
TIMES: Final = 6  # birthdays per peer and hour
HOUR_S: Final = 3_600.0
NEAR: Final = 64  # ports beyond the last seen one of a router that counts up
LOWEST: Final = 1_024
RETRY_S: Final = 4.0  # nine probes went by then: a router that lets any in has let one in
ANSWER_RETRY_S: Final = 10.0  # when the one who should call has not
RETRY_LASTS_S: Final = 45.0
OPENER_HOPS: Final = 4  # past the own router and a carrier's, and not as far as the other end's
_STEP: Final = 40_505  # coprime to the number of ports, so that each comes once


class Turn:
    """Whose birthday it is: one at a time on this device."""

    def __init__(self) -> None:
        self.holder: bytes | None = None

    def take(self, bond: bytes) -> bool:
        """Whether it is this bond's now."""
        if self.holder is None:
            self.holder = bond
        return self.holder == bond

    def give(self, bond: bytes) -> None:
        """It was this bond's."""
        if self.holder == bond:
            self.holder = None


@dataclass(slots=True)
class _Birthday:
    began_at: float
    target: Address
    next_at: float
    opened: int = 0
    again_at: float = math.inf
    sent: int = 0
    first: int = 0
    near: tuple[int, ...] = ()


@dataclass(slots=True)
class _Retry:
    began_at: float
    caller: bool
    asked: bool = False
    called: bool = False
    mine: int = 0  # our fresh port, once it is open
    slot: PunchSlot | None = None
    target: Address | None = None
    opens_at: float = math.inf
    sent: int = 0


@dataclass(slots=True)
class Punch:
    """One peer's: `learn` his record, `due` what to do, `reached` once a direct way answered."""

    bond: Bond
    entropy: Entropy
    turn: Turn
    began_at: float
    record: PeerRecord | None = None
    fresh_until: float = 0.0
    slots: int = 0  # of ours, so far
    _seen_slot: int = -1
    _over: bool = False
    _birthday: _Birthday | None = None
    _retry: _Retry | None = None
    _times: list[float] = field(default_factory=list)
    _pause_until: float = 0.0
    _retry_at: float = 0.0
    _gather: bool = False

    def learn(self, record: PeerRecord, fresh_until: float, now: float, *, linked: bool = False) -> None:
        """What the peer says of himself; an older record than the last says nothing.

        Behind an invite there are several peers, whose numbers say nothing of each other: whoever is seen from another
        address is somebody else, and tried if he may still bring a link that is wanted (`linked`: there is one).
        """
        before = self.record
        if self.bond.many:
            if not self._takes(record, now, linked=linked):
                return
        elif before is not None and record.number < before.number:
            return
        elif before is None or self.fresh_until < now:
            self._begin(now)
        self.record, self.fresh_until = record, fresh_until
        slot = record.slot
        if slot is None or slot.number <= self._seen_slot or not slot.port:
            return
        if slot.meant != slot_mark(self.bond.secret, slot.number, self.bond.side.other):
            return
        self._seen_slot = slot.number
        outside = _outside(record)
        if outside is None or self._over:
            return
        target = Address(outside.host, slot.port)
        retry = self._retry
        if retry is None:
            self._retry = _Retry(now, caller=False, target=target)
            return
        if retry.caller and self.bond.side is not Side.FIRST:
            retry.caller = False  # both called: FIRST is the caller
        retry.target, retry.opens_at, retry.sent = target, now, 0

    def fresh(self, mine: int | None, outside: int, now: float) -> None:
        """The port that `Fresh` asked for is open, or there is none."""
        retry = self._retry
        if retry is None or retry.mine:
            return
        if mine is None:
            self._end_retry(now)
            return
        self.slots += 1
        mark = slot_mark(self.bond.secret, self.slots, self.bond.side)
        retry.mine, retry.slot = mine, PunchSlot(mark, self.slots, outside)
        retry.opens_at = now

    def reached(self, now: float) -> None:
        """A direct way answered: whatever else was tried is over."""
        self._gather = self._gather or self._birthday is not None or self._retry is not None
        self._over, self._birthday, self._retry = True, None, None
        self.turn.give(self.bond.name)

    def again(self, now: float) -> None:
        """Another network, or no way is left: everything may be tried anew."""
        self._gather = self._gather or self._birthday is not None or self._retry is not None
        self._birthday = self._retry = None
        self.turn.give(self.bond.name)
        self._begin(now)

    def is_trying(self, now: float) -> bool:
        """Whether there is a record to go by and no way yet."""
        return not self._over and self.record is not None and now < self.fresh_until

    def was_reached(self, now: float) -> bool:
        """Whether nothing is tried because a way had answered, though there is a record to go by."""
        return self._over and self.record is not None and now < self.fresh_until

    @property
    def outside(self) -> str:
        """The host as which the peer is seen from outside, as it says itself; empty if it doesn't say."""
        known = _outside(self.record) if self.record is not None else None
        return known.host if known is not None else ""

    def chance(self, nat: NatClass) -> Chance:
        """What there is to hope for; only what was learned counts."""
        return chance(nat, self.record.nat if self.record is not None else NatClass.UNKNOWN)

    def due(self, now: float, nat: NatClass) -> list[PunchAct]:
        """What to do now."""
        acts: list[PunchAct] = []
        if self._gather:
            self._gather = False
            acts.append(Gather(self.bond.name))
        if not self.is_trying(now):
            return acts
        if self._birthday is None and now >= self._birthday_at(now, nat):
            self._begin_birthday(now, nat)
        if self._birthday is not None and now >= self._birthday.next_at:
            acts += self._scatter(now) if nat.is_random else self._spray(now)
        if self._retry is None and now >= self._retry_due(nat):
            self._retry = _Retry(now, caller=True)
        if self._retry is not None:
            acts += self._retried(self._retry, now)
        return acts

    def wake_at(self, now: float, nat: NatClass) -> float:
        """When `due` has something next."""
        if self._gather:
            return now
        if not self.is_trying(now):
            return math.inf
        birthday = self._birthday.next_at if self._birthday is not None else self._birthday_at(now, nat)
        if self._retry is None:
            return min(birthday, self._retry_due(nat))
        retry = self._retry
        soon = now if not retry.asked or (retry.slot is not None and not retry.called) else self._opens_at(retry)
        return min(birthday, soon, retry.began_at + RETRY_LASTS_S)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _takes(self, record: PeerRecord, now: float, *, linked: bool) -> bool:
        """Whether a record found behind an invite is the one to go by; what is being tried is brought to its end."""
        before = self.record
        if before is None:
            self._begin(now)
            return True
        here, there = _outside(before), _outside(record)
        is_same = (here and here.host) == (there and there.host)
        if is_same and record.number < before.number:
            return False  # an older one of the same, from another day's place
        if self._birthday is not None or self._retry is not None:
            return is_same
        if not is_same and self.is_trying(now) and now < self.began_at + RETRY_LASTS_S:
            return False  # both are probed; what goes beyond that is for one of them at a time
        is_wanted = not linked or self.bond.side is Side.FIRST
        if is_wanted and (not is_same or (self._over and record.candidates != before.candidates)):
            self.again(now)
        return True

    def _begin(self, now: float) -> None:
        self._over, self.began_at, self._pause_until = False, now, now + PATIENCE_S
        self._retry_at = now + (RETRY_S if self.bond.side is Side.FIRST else ANSWER_RETRY_S)

    def _birthday_at(self, now: float, nat: NatClass) -> float:
        if self.chance(nat) not in (Chance.BIRTHDAY_HERE, Chance.BIRTHDAY_THERE):
            return math.inf
        if self.record is None or _outside(self.record) is None or self.turn.holder not in (None, self.bond.name):
            return math.inf  # whoever gives the turn back wakes us: `due` is asked for all
        recent = [it for it in self._times if now - it < HOUR_S]
        return max(self._pause_until, recent[-TIMES] + HOUR_S if len(recent) >= TIMES else 0.0)

    def _begin_birthday(self, now: float, nat: NatClass) -> None:
        target = _outside(self.record) if self.record is not None else None
        if target is None or self.record is None or not self.turn.take(self.bond.name):
            return
        self._times = [*self._times[-TIMES:], now]
        first = int.from_bytes(self.entropy(4), "big")
        near = _near(self.record) if self.record.nat is NatClass.SEQUENTIAL else ()
        self._birthday = _Birthday(now, target, now, again_at=now + SCATTER_AGAIN_S, first=first, near=near)

    def _scatter(self, now: float) -> list[PunchAct]:
        it = self._birthday
        assert it is not None
        if self._birthday_ends(it, now):
            return [Gather(self.bond.name)]
        if it.opened >= PORTS:
            it.opened, it.again_at = 0, now + SCATTER_AGAIN_S
        count = min(SCATTER_A_TICK, PORTS - it.opened)
        it.opened += count
        it.next_at = now + TICK_S if it.opened < PORTS else min(it.again_at, it.began_at + SPRAY_S)
        return [Scatter(self.bond.name, it.target, count)]

    def _spray(self, now: float) -> list[PunchAct]:
        it = self._birthday
        assert it is not None
        if self._birthday_ends(it, now):
            return []
        it.next_at = now + TICK_S
        ports = [_sprayed(it, it.sent + n) for n in range(SPRAY_A_TICK)]
        it.sent += SPRAY_A_TICK
        return [Probe(self.bond.name, Address(it.target.host, port)) for port in ports]

    def _birthday_ends(self, it: _Birthday, now: float) -> bool:
        if now < it.began_at + SPRAY_S:
            return False
        self._birthday, self._pause_until = None, now + PAUSE_S
        self.turn.give(self.bond.name)
        return True

    def _retry_due(self, nat: NatClass) -> float:
        if self.chance(nat) is not Chance.PROBES or self.record is None or _outside(self.record) is None:
            return math.inf
        return self._retry_at if not self.bond.many else math.inf

    def _opens_at(self, it: _Retry) -> float:
        if it.target is None or it.slot is None:
            return math.inf
        return it.opens_at + (PROBES_S[it.sent] if it.sent < len(PROBES_S) else PROBES_S[-1] + 5.0 * (it.sent - 9))

    def _retried(self, it: _Retry, now: float) -> list[PunchAct]:
        if now >= it.began_at + RETRY_LASTS_S:
            self._end_retry(now)
            return [Gather(self.bond.name)]
        if not it.asked:
            it.asked = True
            return [Fresh(self.bond.name)]
        if not it.mine or it.slot is None:
            return []
        acts: list[PunchAct] = []
        if it.target is not None and now >= self._opens_at(it):
            # the answering end never writes all the way by itself: the caller's router must see its own host first
            hops = OPENER_HOPS if not it.caller else 0
            acts.append(Probe(self.bond.name, Address(it.target.host, it.target.port, 0, it.mine), hops))
            it.sent += 1
        if not it.called:  # an answering end has opened its router by now
            it.called = True
            acts.append(Call(self.bond.name, it.slot))
        return acts

    def _end_retry(self, now: float) -> None:
        self._retry, self._retry_at = None, now + 2 * RETRY_LASTS_S


def _outside(record: PeerRecord) -> Address | None:
    """Where a record's writer is seen from outside, over IPv4."""
    known = [it.address for it in sorted(record.candidates, key=lambda it: it.kind is not Kind.REFLEXIVE)]
    return next((it for it in known if it.reach is Reach.V4), None)


def _near(record: PeerRecord) -> tuple[int, ...]:
    """The ports that a router which counts up gives next."""
    seen = [it.address.port for it in record.candidates if it.kind is Kind.REFLEXIVE and ":" not in it.address.host]
    return tuple(port for port in range(max(seen) + 1, max(seen) + 1 + NEAR) if port < 65_536) if seen else ()


def _sprayed(it: _Birthday, number: int) -> int:
    """The number-th port of a spray: the likely ones first, then each other once, in an order like chance."""
    if number < len(it.near):
        return it.near[number]
    count = 65_536 - LOWEST
    return LOWEST + (it.first + (number - len(it.near)) * _STEP) % count
