"""Decides when a burst of typing ends and becomes one change; knows clocks and sizes, no text.

300 ms of quiet, 25 ms while somebody else is in the note, 64 KB, or when a screen says so (a caret jump, blur, switch,
close). A burst that never pauses ends after 2 s all the same, so that a kill costs at most that much typing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

QUIET_S = 0.300
SHARED_QUIET_S = 0.025
LONGEST_S = 2.0
BURST_CHARS = 64 * 1024


@dataclass(slots=True)
class _Burst:
    timer: asyncio.TimerHandle
    ends_by_s: float
    chars: int


class Bursts:
    """The running bursts of all notes; calls `end(note_id)` once at the end of each."""

    def __init__(self, end: Callable[[bytes], None], is_shared: Callable[[bytes], bool]) -> None:
        self._end = end
        self._is_shared = is_shared
        self._running: dict[bytes, _Burst] = {}

    def typed(self, note_id: bytes, chars: int) -> None:
        """The note's burst grew by `chars` code points, written or struck."""
        loop = asyncio.get_running_loop()
        quiet_s = SHARED_QUIET_S if self._is_shared(note_id) else QUIET_S
        burst = self._running.get(note_id)
        if burst is None:
            timer = loop.call_later(quiet_s, self.end, note_id)
            burst = self._running[note_id] = _Burst(timer, loop.time() + LONGEST_S, 0)
        else:
            burst.timer.cancel()
            burst.timer = loop.call_at(min(loop.time() + quiet_s, burst.ends_by_s), self.end, note_id)
        burst.chars += chars
        if burst.chars >= BURST_CHARS:
            self.end(note_id)

    def end(self, note_id: bytes) -> None:
        """Ends the note's burst now, if one runs."""
        burst = self._running.pop(note_id, None)
        if burst is not None:
            burst.timer.cancel()
            self._end(note_id)

    def end_all(self) -> None:
        """Ends every burst now."""
        for note_id in tuple(self._running):
            self.end(note_id)

    def runs(self, note_id: bytes) -> bool:
        """Whether the note has typing that is no change yet."""
        return note_id in self._running
