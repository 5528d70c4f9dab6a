"""How often something may happen. Pure: the caller brings the time."""

from __future__ import annotations


class Bucket:
    """Lets `rate` things a second pass, and `burst` at once."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate, self._burst = rate, burst
        self._left = burst
        self._at: float | None = None

    def take(self, now: float, count: float = 1) -> bool:
        """Whether `count` things may happen at `now` (seconds); if not, none of them counts."""
        if self._at is not None:
            self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < count:
            return False
        self._left -= count
        return True

    def give(self, count: float) -> None:
        """Lets so many more happen at once, never more than `burst`."""
        self._left = min(self._burst, self._left + count)
