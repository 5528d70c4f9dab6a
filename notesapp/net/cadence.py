"""When to ping an address again. Pure: from how it was found and how it answered follows the next time."""

from __future__ import annotations

import math
from dataclasses import dataclass

from notesapp.net.address import Address

FIRST_TRIES_S = (0.0, 0.4, 1.5)  # three pings, then silence: nobody there ever asked for them
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
    answered_at: float | None = None
    pinged_at: float | None = None

    @property
    def is_silent(self) -> bool:
        """Whether it has answered once, and not the last ping."""
        answered, pinged = self.answered_at, self.pinged_at
        return answered is not None and pinged is not None and pinged > answered

    def next_at(self, *, in_use: bool, busy: bool) -> float:
        """When to ping it; infinity if it shall be left alone."""
        if self.answered_at is None:
            return self.found_at + FIRST_TRIES_S[self.tries] if self.tries < len(FIRST_TRIES_S) else math.inf
        pinged = self.pinged_at if self.pinged_at is not None else self.answered_at
        if self.is_silent:
            silent = pinged - self.answered_at
            return pinged + next(each for limit, each in _SILENT_S if silent < limit)
        return pinged + ((BUSY_S if busy else IDLE_S) if in_use else SPARE_S)

    def again(self, now: float) -> None:
        """Another network: whatever was learned of silence is void, and it is asked at once."""
        if self.answered_at is None:
            self.found_at, self.tries = now, 0
        else:
            self.pinged_at = self.answered_at = now - SPARE_S
