"""Where carets are, in one session. Decides how often that is said and when it is forgotten; stores nothing.

Only the latest counts, in both directions. It is said again before it expires, and expires after 30 s of silence.
"""

from __future__ import annotations

from notesapp.sync.events import PresenceShown
from notesapp.sync.messages import Presence
from notesapp.sync.voice import Voice

EXPIRES_MS = 30_000
AGAIN_MS = 10_000  # three chances before it expires
PAUSE_MS = 40  # between two of the same notebook: 25 a second look smooth
NOWHERE = bytes(16)


class Carets:
    """The presence of one notebook, as we show it and as the peer does."""

    def __init__(self, voice: Voice, notebook: bytes, number: int) -> None:
        self._voice = voice
        self._notebook = notebook
        self._number = number
        self._ours: Presence | None = None
        self._unsaid = False
        self._said_ms = voice.now_ms - PAUSE_MS
        self._theirs: Presence | None = None
        self._heard_ms = 0
        self._untold = False

    def show(self, note: bytes, at: int, anchor: int, heads: bytes) -> None:
        """Our caret stands here, in the text at `heads` (32 bytes each, joined)."""
        self._ours = Presence(self._number, note, at, anchor, heads)
        self._unsaid = True

    def hide(self) -> None:
        """We are in no note of this notebook any more."""
        if self._ours is not None:
            self._ours = Presence(self._number, NOWHERE, 0, 0, b"")
            self._unsaid = True

    def heard(self, message: Presence) -> None:
        """The peer says where it is."""
        self._theirs = None if message.note == NOWHERE else message
        self._heard_ms = self._voice.now_ms
        self._untold = True

    def deadline(self) -> int | None:
        """When something is to be said again or forgotten."""
        times: list[int] = []
        if self._unsaid:
            times.append(self._said_ms + PAUSE_MS)
        elif self._ours is not None and self._ours.note != NOWHERE:
            times.append(self._said_ms + AGAIN_MS)
        if self._theirs is not None:
            times.append(self._heard_ms + EXPIRES_MS)
        return min(times, default=None)

    def run(self) -> None:
        """Says, tells and forgets what is due."""
        now_ms, ours = self._voice.now_ms, self._ours
        if ours is not None:
            due = PAUSE_MS if self._unsaid else AGAIN_MS
            if (self._unsaid or ours.note != NOWHERE) and now_ms - self._said_ms >= due and not self._voice.full:
                self._voice.say(ours)
                self._said_ms, self._unsaid = now_ms, False
                self._ours = None if ours.note == NOWHERE else ours
        if self._theirs is not None and now_ms - self._heard_ms >= EXPIRES_MS:
            self._theirs, self._untold = None, True
        if self._untold:
            self._untold = False
            self._voice.tell(PresenceShown(self._notebook, self._theirs))
