"""Brings notes into the editor and edits to the node: loads, keeps some documents warm, remembers caret and scroll.

The stored text is shown at once and read-only; when the note itself is there, it takes over and can be written in.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QTextCursor

from notesapp.errors import LocalError
from notesapp.node.events import Event, NoteEdited
from notesapp.text import Splice, between
from notesapp.ui.desk import Desk
from notesapp.ui.editor.binding import EditorBinding
from notesapp.ui.editor.desk import Desk as Kept
from notesapp.ui.editor.early import EarlyKeys
from notesapp.ui.editor.note_edit import NoteEdit
from notesapp.ui.settings import Spot

if TYPE_CHECKING:
    from notesapp.notes.note import Note


class Writing(QObject):
    """The open notes of one window."""

    opened = Signal(bytes)
    edited = Signal()
    placed = Signal()  # a note is on the screen, where it was left

    def __init__(self, desk: Desk, editor: NoteEdit) -> None:
        super().__init__(editor)
        self._desk, self._editor = desk, editor
        self._kept = Kept(editor)
        self._mine: dict[bytes, Note | None] = {}  # shown lately; None while the note itself is loading
        self._now: bytes | None = None
        self._load: asyncio.Task[None] | None = None
        self._early = EarlyKeys(editor)
        self._wanted_at: int | None = None
        self._previewing = False
        desk.note_changed.connect(self.show)
        desk.node_event.connect(self._heard)
        desk.note_facts_changed.connect(self._lock)
        editor.cursorPositionChanged.connect(self._caret_moved)
        self._line = -1

    # -- showing

    @property
    def note_id(self) -> bytes | None:
        """The note in the editor."""
        return self._now

    @property
    def text(self) -> str:
        """The text in the editor."""
        return self._editor.binding.text if self._editor.binding is not None else ""

    def show(self, note_id: bytes | None) -> None:
        """Puts a note into the editor; one at hand at once, another as soon as its text is read."""
        if note_id == self._now and (note_id is None or self._editor.binding is not None):
            return
        self.leave()
        self._previewing = False
        if self._load is not None:
            self._load.cancel()
            self._load = None
        self._now = note_id
        if note_id is None:
            self._early.end(False)
            self._editor.show_binding(None)
        elif self._mine.get(note_id) is not None and self._kept.binding(note_id) is not None:
            self._early.end(False)
            self._put(note_id, "")
        else:
            self._early.hold()
            self._load = self._desk.start(self._bring(note_id), "open a note")
            self._load.add_done_callback(self._came)

    def _came(self, load: asyncio.Task[None]) -> None:
        if load is self._load:
            self._early.end(self.is_loaded)

    @property
    def is_there(self) -> bool:
        """Whether what the editor shows is the note that was asked for last."""
        return self._now is not None and self._kept.binding(self._now) is self._editor.binding

    @property
    def is_loaded(self) -> bool:
        """Whether the editor shows the note itself as it is now: no stored text, no earlier version."""
        return self.is_there and self._now is not None and self._mine.get(self._now) is not None

    def is_blank(self, note_id: bytes) -> bool:
        """Whether this note is in the editor and nothing is written in it."""
        return note_id == self._now and self._mine.get(note_id) is not None and not self.text

    def go_to(self, at: int) -> None:
        """Shows a place of the note (code points), now or when it is loaded."""
        if self._editor.binding is not None and self._now in self._mine:
            self._editor.scroll_to(at)
        else:
            self._wanted_at = at

    def leave(self) -> None:
        """Ends the burst of typing and remembers where the caret was: before switching, on blur, at the end."""
        self.remember()
        if self._now is not None and not self._previewing and self._mine.get(self._now) is not None:
            self._desk.node.flush(self._now)

    def remember(self) -> None:
        """Notes where the caret and the scroll bar are."""
        if self._now is None or self._previewing or self._kept.binding(self._now) is None:
            return
        spots = self._desk.settings.now.spots
        spots.pop(self._now.hex(), None)
        _, caret, scroll = self._kept.spot(self._now)
        spots[self._now.hex()] = Spot(caret, scroll)

    def close(self) -> None:
        """Gives all notes back to the node."""
        self.leave()
        if self._load is not None:
            self._load.cancel()  # else it would put a note into an editor that is being taken down
            self._load = None
        self._early.end(False)
        self._editor.show_binding(None)
        for note_id, note in self._mine.items():
            if note is not None:
                self._desk.node.close_note(note_id)
        self._mine.clear()
        self._now = None
        self._kept.close()

    async def _bring(self, note_id: bytes) -> None:
        text = await self._desk.node.stored_text(note_id)
        if note_id not in self._mine:
            spot = self._desk.settings.now.spots.get(note_id.hex())
            if spot is not None:
                self._kept.set_spot(note_id, spot.caret, spot.caret, spot.scroll)
        self._mine.setdefault(note_id, None)
        binding = self._put(note_id, text)
        held = self._mine[note_id]
        note = held or await self._desk.node.open_note(note_id)
        if self._kept.binding(note_id) is not binding:  # put away meanwhile: for another note, or with the window
            if held is None:
                self._desk.node.close_note(note_id)
            return
        self._mine[note_id] = note
        # What came in between reading the stored text and having the note.
        newer = between(binding.text, note.text)
        if newer is not None:
            binding.apply((newer,))
            if self._now == note_id and not self._previewing:
                spot = self._desk.settings.now.spots.get(note_id.hex(), Spot())
                at = binding.to_qt(min(spot.caret, len(binding.text)))
                self._editor.place_caret(at, at)
                self.placed.emit()
        self._tidy()
        if self._now == note_id:
            self._lock()
            self.opened.emit(note_id)

    def _put(self, note_id: bytes, text: str) -> EditorBinding:
        binding = self._kept.show(
            note_id, lambda: text, partial(self._spliced, note_id), read_only=self._mine.get(note_id) is None
        )
        # One connection however often the note is shown.
        binding.trouble.connect(self._desk.say_sentence, Qt.ConnectionType.UniqueConnection)
        wanted, self._wanted_at = self._wanted_at, None
        if wanted is not None:
            self._editor.scroll_to(min(wanted, len(binding.text)))
        else:
            self.placed.emit()
        self._lock()
        return binding

    def _tidy(self) -> None:
        """Gives back the notes whose documents were put away."""
        for note_id in [one for one in self._mine if self._kept.binding(one) is None]:
            if self._mine.pop(note_id) is not None:
                self._desk.node.close_note(note_id)

    def _lock(self) -> None:
        """Read-only while the note is loading, lies in the trash, an earlier version is shown, or I may not write."""
        if self._now is None or self._editor.binding is None:
            return
        view = self._desk.note()
        loading = self._mine.get(self._now) is None
        locked = self._previewing or loading or view is None or view.trashed_ms is not None
        locked = locked or (view is not None and not self._desk.people.of(view.notebook_id).may_write)
        if self._editor.isReadOnly() != locked:
            self._editor.setReadOnly(locked)

    # -- edits

    def _spliced(self, note_id: bytes, splice: Splice) -> None:
        self._desk.node.edit(note_id, splice, screen=self)
        self.edited.emit()

    def _heard(self, event: Event) -> None:
        if isinstance(event, NoteEdited) and event.screen is not self:
            self._kept.apply(event.note_id, event.splices)
            self.edited.emit()

    def rewrite(self, text: str) -> None:
        """Makes the open note read `text`: typed as one edit of mine, so that it can be undone."""
        binding = self._editor.binding
        splice = between(binding.text, text) if binding is not None else None
        if binding is None or splice is None or self._editor.isReadOnly():
            return
        cursor = self._editor.textCursor()
        cursor.setPosition(binding.to_qt(splice.at))
        cursor.setPosition(binding.to_qt(splice.removed_end), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(splice.inserted)

    def _caret_moved(self) -> None:
        # A jump to another line ends the burst: what is typed there is another change.
        line = self._editor.textCursor().blockNumber()
        if abs(line - self._line) > 1 and self._now is not None and self._mine.get(self._now) is not None:
            self._desk.node.flush(self._now)
        self._line = line

    # -- earlier versions

    def preview(self, text: str) -> None:
        """Shows another text in the note's place, to be read only."""
        self.leave()
        self._previewing = True
        self._editor.show_binding(EditorBinding(self._editor.make_sheet(text), _refuse), read_only=True)

    def end_preview(self) -> None:
        """Shows the note again."""
        if not self._previewing:
            return
        self._previewing = False
        if self._now is not None:
            # The caret of the version that was shown must not become the note's.
            spot = self._desk.settings.now.spots.get(self._now.hex(), Spot())
            binding = self._put(self._now, "")
            at = binding.to_qt(min(spot.caret, len(binding.text)))
            self._editor.place_caret(at, at)
            self._editor.verticalScrollBar().setValue(spot.scroll)


def _refuse(splice: Splice) -> None:
    raise LocalError(what="an earlier version was typed into")
