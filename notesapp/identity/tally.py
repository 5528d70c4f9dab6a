"""How much one author may send. Decides it from what came and when; keeps only what lies within the window."""

from __future__ import annotations

from collections import deque

DAY_MS = 86_400_000
RECORDS_PER_DAY = 500  # of one author in one notebook: an admin who adds 10 people with 16 devices each makes 170
AUTHORS_LIMIT = 4096  # counted at once; the longest silent is forgotten first


class Tally:
    """Counts what comes from whom within a sliding window of the receiver's own clock."""

    def __init__(self, limit: int = RECORDS_PER_DAY, window_ms: int = DAY_MS) -> None:
        """At most `limit` per author within `window_ms`."""
        self._limit = limit
        self._window_ms = window_ms
        self._came: dict[bytes, deque[int]] = {}

    def take(self, author: bytes, now_ms: int) -> bool:
        """Counts one more of this author at this time (monotonic ms); False, and uncounted, if that is too many."""
        came = self._came.pop(author, deque())
        while came and came[0] <= now_ms - self._window_ms:
            came.popleft()
        self._came[author] = came  # now the last in the order of use
        if len(self._came) > AUTHORS_LIMIT:
            del self._came[next(iter(self._came))]
        if len(came) >= self._limit:
            return False
        came.append(now_ms)
        return True

    def left(self, author: bytes, now_ms: int) -> int:
        """How many more this author may send at this time."""
        since = now_ms - self._window_ms
        return self._limit - sum(at > since for at in self._came.get(author, ()))
