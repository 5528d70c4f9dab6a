"""Which ways through members are worth nothing although they answer: probes pass, and nothing larger. Pure.

A relay that drops all is found out by pings. One that passes these alone would look alive for ever, so what counts is
whether anything that was written is confirmed, and whether a link comes about.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from notesapp.net.address import Address, Reach

STUCK_S: Final = 8.0  # five tries of QUIC, each after twice the time; a rate that is used up lets some through
DIALS: Final = 2  # dials in a row; the first may have come while the other end was busy


@dataclass(slots=True)
class Doubt:
    """What is owed on each relayed way, since when."""

    _owed: dict[Address, tuple[int, float]] = field(default_factory=dict)
    _dials: dict[Address, int] = field(default_factory=dict)

    def weigh(self, owed: Iterable[tuple[Address, int | None]], now: float) -> list[Address]:
        """The ways to leave. `owed`: each link's way, and how many bytes were confirmed if more are on their way."""
        before, self._owed = self._owed, {}
        for address, confirmed in owed:
            if address.reach is Reach.RELAY and confirmed is not None:
                known = before.get(address)
                since = known[1] if known is not None and known[0] == confirmed else now
                self._owed[address] = (confirmed, since)
        return [address for address, (_, since) in self._owed.items() if now - since >= STUCK_S]

    def failed(self, address: Address) -> bool:
        """A dial by this way was not answered; whether to leave it."""
        if address.reach is Reach.RELAY:
            self._dials[address] = self._dials.get(address, 0) + 1
        return self._dials.get(address, 0) >= DIALS

    def opened(self, address: Address) -> None:
        """A link came about by this way."""
        self._dials.pop(address, None)

    def gone(self, address: Address) -> None:
        """There is no such way any more."""
        self._owed.pop(address, None)
        self._dials.pop(address, None)
