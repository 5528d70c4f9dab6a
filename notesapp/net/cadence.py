"""When to ping an address again. Pure: from how it was found and how it answered follows the next time."""

from __future__ import annotations

import math
from dataclasses import dataclass

from notesapp.net.address import Address
from notesapp.net.candidate import Kind

FIRST_TRIES_S = (0.0, 0.4, 1.5)  # three pings, then silence: nobody there ever asked for them
# To an address that the peer's own record names: both ends ask, and each question opens the own router a bit further.
PROBES_S = (0.0, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0)
PROBES_UNTIL_S, PROBES_EACH_S, LATER_EACH_S = 60.0, 5.0, 15.0
BUSY_S = 5.0  # between heartbeats while something is being written
IDLE_S = 15.0  # home routers forget a mapping after 30 s (RFC 4787 §4.3)
SPARE_S = 30.0  # for ways that work and aren't used
ANSWER_S = 1.0  # an answer that takes longer is overdue
# (silent for less than, then ping each): close at first, so that a cable that comes back is noticed within seconds
_SILENT_S = ((10.0, 1.0), (600.0, 2.0), (3_600.0, 15.0), (math.inf, 60.0))


@dataclass(slots=True)
class Place:
    """An address where somebody may be."""

    address: Address
    found_at: float
    tries: int = 0
    unanswered: int = 0  # pings since the last answer
    answered_at: float | None = None
    kind: Kind = Kind.RUMOUR
    vouched_until: float = 0.0  # until then the peer's own record, still fresh, names it
    pinged_at: float | None = None

    @property
    def is_silent(self) -> bool:
        """Whether it has answered once, and not the last ping."""
        answered, pinged = self.answered_at, self.pinged_at
        return answered is not None and pinged is not None and pinged > answered

    @property
    def is_vouched(self) -> bool:
        """Whether a sealed record named it and it has not answered yet."""
        return self.vouched_until > 0 and self.answered_at is None

    def next_at(self, *, in_use: bool, busy: bool, linked: bool = False) -> float:
        """When to ping it; infinity if it shall be left alone. `linked`: another address carries a direct link."""
        if self.is_vouched:
            if linked and self.tries >= len(PROBES_S):
                return math.inf
            at = self.found_at + probe_s(self.tries)
            return at if at <= self.vouched_until else math.inf
        if self.answered_at is None:
            return self.found_at + FIRST_TRIES_S[self.tries] if self.tries < len(FIRST_TRIES_S) else math.inf
        pinged = self.pinged_at if self.pinged_at is not None else self.answered_at
        if self.is_silent:
            silent = pinged - self.answered_at
            return pinged + next(each for limit, each in _SILENT_S if silent < limit)
        return pinged + ((BUSY_S if busy else IDLE_S) if in_use else SPARE_S)

    def vouch(self, kind: Kind, until: float, now: float) -> None:
        """A record names it; probing begins anew if it had come to its end."""
        over = self.vouched_until < now
        self.kind, self.vouched_until = min(kind, self.kind), max(until, self.vouched_until)
        if over and self.answered_at is None:
            self.found_at, self.tries = now, 0

    def again(self, now: float) -> None:
        """Another network: whatever was learned of silence is void, and it is asked at once."""
        if self.answered_at is None:
            self.found_at, self.tries = now, 0
        else:
            self.pinged_at = self.answered_at = now - SPARE_S


def probe_s(number: int) -> float:
    """How long after the search began the probe of this number (from 0) is due."""
    if number < len(PROBES_S):
        return PROBES_S[number]
    each = round((PROBES_UNTIL_S - PROBES_S[-1]) / PROBES_EACH_S)
    after = number - len(PROBES_S) + 1
    if after <= each:
        return PROBES_S[-1] + after * PROBES_EACH_S
    return PROBES_UNTIL_S + (after - each) * LATER_EACH_S
