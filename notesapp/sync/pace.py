"""How fast a feed may grow live. Decides the budget; the clock is the caller's.

50 changes a second and bursts of 2,000 are far above what a person types and far below what hurts a receiver.
"""

from __future__ import annotations

RATE = 50  # live changes a second
BURST = 2000
_MILLI = 1000


class Pace:
    """A bucket of tokens, counted in thousandths so that nothing is lost by rounding."""

    __slots__ = ("_at_ms", "_burst", "_milli", "_rate")

    def __init__(self, now_ms: int, rate: int = RATE, burst: int = BURST) -> None:
        self._rate = rate
        self._burst = burst * _MILLI
        self._milli = self._burst
        self._at_ms = now_ms

    def left(self, now_ms: int) -> int:
        """How many may go now."""
        self._refill(now_ms)
        return max(0, self._milli // _MILLI)

    def spend(self, count: int, now_ms: int) -> None:
        """So many went; more than `left` runs into debt."""
        self._refill(now_ms)
        self._milli -= count * _MILLI

    def ready_ms(self, now_ms: int) -> int:
        """When the next one may go: `now_ms` or later."""
        self._refill(now_ms)
        lacking = _MILLI - self._milli
        return now_ms if lacking <= 0 else now_ms + -(-lacking // self._rate)

    def _refill(self, now_ms: int) -> None:
        if now_ms > self._at_ms:
            self._milli = min(self._burst, self._milli + (now_ms - self._at_ms) * self._rate)
        self._at_ms = max(self._at_ms, now_ms)
