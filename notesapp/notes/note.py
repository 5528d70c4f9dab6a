"""Decides when typing becomes a change: text over a replica, plus the burst that isn't in it yet.

Positions, sizes and characters are checked here, before anything changes. When to flush (time, caret jumps, blur) is
left to the node; undo is left to `UndoStack`; what the text means to `markup`.
"""

from __future__ import annotations

from collections.abc import Iterable

from notesapp.errors import LocalError, TooLarge
from notesapp.notes.change import Change
from notesapp.notes.intake import Received
from notesapp.notes.replica import Replica
from notesapp.notes.schema import MAX_TEXT_BYTES
from notesapp.notes.touching import append
from notesapp.text import Splice, apply, between, clean, cross, shift


class Note:
    """One note that is open on this device."""

    def __init__(self, note_id: bytes, replica: Replica) -> None:
        self.note_id = note_id
        self.replica = replica
        self._text = replica.text
        self._bytes = _utf8_bytes(self._text)
        self._burst: list[Splice] = []

    @property
    def text(self) -> str:
        """The running text, the burst included."""
        return self._text

    @property
    def heads(self) -> tuple[bytes, ...]:
        """The replica's heads: without the burst, which has no hash yet."""
        return self.replica.heads

    @property
    def pending(self) -> bool:
        """Whether something was typed that is no change yet."""
        return bool(self._burst)

    @property
    def pending_chars(self) -> int:
        """How much the burst removes and inserts, in code points; the node flushes at 64 K."""
        return sum(len(splice.removed) + len(splice.inserted) for splice in self._burst)

    def edit(self, splice: Splice) -> None:
        """Change the text by one own splice and keep it in the burst.

        TooLarge over 2 MB of UTF-8, NewerNote if a newer program wrote it, LocalError if it doesn't fit the text or
        holds what no note may hold; nothing is changed in these cases. Costs one copy of the text.
        """
        self.replica.check_writable()
        text, at, removed, inserted = self._text, splice.at, splice.removed, splice.inserted
        end = at + len(removed)
        if not 0 <= at <= end <= len(text) or not text.startswith(removed, at):
            raise LocalError(what=f"a splice at {at} doesn't fit a text of {len(text)} characters")
        size = self._bytes
        if inserted:
            if clean(inserted) != inserted:
                raise LocalError(what="characters that no note may hold reached one")
            size += _utf8_bytes(inserted)
        if removed:
            size -= _utf8_bytes(removed)
        if size > MAX_TEXT_BYTES and size > self._bytes:
            raise TooLarge(what="The note", size=_in_megabytes(size), limit=_in_megabytes(MAX_TEXT_BYTES))
        self._text = text[:at] + inserted + text[end:]
        self._bytes = size
        append(self._burst, splice)

    def flush(self) -> tuple[Change, ...]:
        """Make the burst a change (several if it is huge); () if there is no burst."""
        if not self._burst:
            return ()
        changes = self.replica.edit(self._burst, begun=True)
        self._burst = []
        self._take_text()
        return changes

    def receive(
        self, raws: Iterable[bytes], *, feeds: Iterable[bytes] | None = None
    ) -> tuple[tuple[Change, ...], Received]:
        """Flush the burst, then apply others' changes: (own changes, what came of theirs); `feeds` carried them.

        The splices in `Received` fit the text as it was after the flush; it is `text` plus them afterwards.
        """
        own = self.flush()
        received = self.replica.receive(raws, feeds=feeds)
        if received.splices:
            self._text = self.replica.text
            self._bytes += sum(_utf8_bytes(s.inserted) - _utf8_bytes(s.removed) for s in received.splices)
        return own, received

    def now_at(self, at: int, heads: Iterable[bytes]) -> int | None:
        """Where a position of the text at these heads is in the running text; None if some are unknown here."""
        found = self.replica.now_at(at, heads)
        if found is not None:
            for splice in self._burst:
                found = shift(found, splice, stays_before=True)
        return found

    def begin_again(self, replica: Replica) -> Splice | None:
        """Another replica takes the place of this one: changes were taken out, which none can forget.

        The burst is kept, moved onto the other text, however long that becomes. Returns what this does to the text
        that was shown; NewerNote, before anything changes, if there is a burst and the other replica takes none.
        """
        shown, burst = self._text, self._burst
        if burst:
            replica.check_writable(begun=True)
        taken_out = between(self.replica.text, replica.text)
        self.replica, self._text, self._burst = replica, replica.text, []
        for splice in cross(burst, () if taken_out is None else (taken_out,))[0]:
            self._text = apply(self._text, splice)
            append(self._burst, splice)
        self._bytes = _utf8_bytes(self._text)
        return between(shown, self._text)

    def _take_text(self) -> None:
        text = self.replica.text
        if text != self._text:  # a memcmp: 3 µs at 100 kB, once per burst
            raise LocalError(what="a replica disagrees with the text that was typed into it")
        self._text = text


def _utf8_bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _in_megabytes(size: int) -> str:
    return f"{size / 1e6:.2f} MB"
