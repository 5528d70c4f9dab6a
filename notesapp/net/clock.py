"""Whether this computer's clock is right, as far as the clocks of members can tell. Pure: knows differences only.

Nothing else here tells the time: the DHT has none, and no server is asked. So the sentence says with whom was compared.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

FINE_MS: Final = 5 * 60_000  # what a clock that nobody sets loses in a year or so; nothing here minds


@dataclass(frozen=True, slots=True)
class ClockReport:
    """How many clocks were compared, and how much later the others are than ours (half of them more, half less).

    `sure`: two or more of them agree with each other, so it is ours that is wrong if they differ.
    """

    compared: int = 0
    ahead_ms: int = 0
    sure: bool = False

    @property
    def fine(self) -> bool:
        """Whether nothing is wrong, as far as is known."""
        return abs(self.ahead_ms) < FINE_MS


def judged(ahead_ms: Sequence[int]) -> ClockReport:
    """The report of these differences, one for each other device."""
    if not ahead_ms:
        return ClockReport()
    middle = round(statistics.median_low(ahead_ms))
    agreeing = sum(1 for it in ahead_ms if abs(it - middle) < FINE_MS)
    return ClockReport(len(ahead_ms), middle, agreeing >= 2 and 2 * agreeing > len(ahead_ms))


def span(ms: int) -> str:
    """A difference in words."""
    minutes = round(abs(ms) / 60_000)
    days, hours, rest = minutes // 1_440, minutes // 60 % 24, minutes % 60
    parts = [f"{days} d" if days else "", f"{hours} h" if hours or days else "", f"{rest} min" if not days else ""]
    return " ".join(it for it in parts if it)
