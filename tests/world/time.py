"""Virtual time: a heap of what happens when. The same seed gives the same world."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from hashlib import blake2b
from itertools import count

YEAR_MS = 365 * 24 * 3600 * 1000


class Clock:
    """Runs deeds in the order of their times."""

    def __init__(self, seed: int | str) -> None:
        self.now_ms = 0
        self.chance = random.Random(f"world {seed}")
        self.deeds = 0
        self._heap: list[tuple[int, int, Callable[[], None]]] = []
        self._order = count()
        self._seed = f"{seed}"
        self._rolls = count()

    def after(self, delay_ms: int, deed: Callable[[], None]) -> None:
        """Does something `delay_ms` from now."""
        heapq.heappush(self._heap, (self.now_ms + max(0, delay_ms), next(self._order), deed))

    def run(self, duration_ms: int, stop: Callable[[], bool] | None = None) -> bool:
        """Lets time pass; true if `stop` was, before the end (asked every 50 deeds)."""
        end = self.now_ms + duration_ms
        while self._heap and self._heap[0][0] <= end:
            at, _, deed = heapq.heappop(self._heap)
            self.now_ms = max(self.now_ms, at)
            self.deeds += 1
            deed()
            if stop is not None and self.deeds % 50 == 0 and stop():
                return True
        self.now_ms = end
        return stop is not None and stop()

    def entropy(self, size: int) -> bytes:
        """Bytes that look like chance."""
        out = b""
        while len(out) < size:
            out += blake2b(f"{self._seed}/{next(self._rolls)}".encode()).digest()
        return out[:size]
