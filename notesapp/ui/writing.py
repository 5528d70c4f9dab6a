"""Brings notes into the editor and edits to the node: loads, keeps some documents warm, remembers caret and scroll.

The stored text is shown at once and read-only; when the note itself is there, it takes over and can be written in.
"""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QTextCursor

from notesapp.errors import LocalError
from notesapp.node.events import Event, NoteEdited
from notesapp.text import Splice, between
from notesapp.ui.desk import Desk
from notesapp.ui.editor.binding import EditorBinding
from notesapp.ui.editor.blocks import Kind
from notesapp.ui.editor.note_edit import NoteEdit
from notesapp.ui.panel.outline import OutlineRow
from notesapp.ui.settings import Spot

if TYPE_CHECKING:
    from notesapp.notes.note import Note

WARM = 8  # documents kept laid out; one of 100 kB takes about 6 MB
FACTS_MS = 250
_WORD = re.compile(r"\w+(?:['’\-]\w+)*")


@dataclass(slots=True)
class _Open:
    binding: EditorBinding
    note: Note | None = None


class Writing(QObject):
    """The open notes of one window. `facts_changed(words, selected words)` comes when typing pauses."""

    facts_changed = Signal(int, int)
    outline_changed = Signal(list)
    opened = Signal(bytes)

    def __init__(self, desk: Desk, editor: NoteEdit) -> None:
        super().__init__(editor)
        self._desk, self._editor = desk, editor
        self._warm: OrderedDict[bytes, _Open] = OrderedDict()
        self._now: bytes | None = None
        self._load: asyncio.Task[None] | None = None
        self._wanted_at: int | None = None
        self._facts = QTimer(self)
        self._facts.setSingleShot(True)
        self._facts.setInterval(FACTS_MS)
        self._facts.timeout.connect(self.tell_facts)
        self.wants_outline = False
        desk.note_changed.connect(self.show)
        desk.node_event.connect(self._heard)
        desk.note_facts_changed.connect(self._lock)
        editor.caret_changed.connect(self._soon)
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
        """Puts a note into the editor; a warm one at once, another as soon as its text is read."""
        if note_id == self._now and (note_id is None or self._editor.binding is not None):
            return
        self.leave()
        if self._load is not None:
            self._load.cancel()
            self._load = None
        self._now = note_id
        if note_id is None:
            self._editor.show_binding(None)
            self.tell_facts()
        elif note_id in self._warm:
            self._warm.move_to_end(note_id)
            self._put(self._warm[note_id], note_id)
        else:
            self._load = self._desk.start(self._bring(note_id), "open a note")

    def go_to(self, at: int) -> None:
        """Shows a place of the note (code points), now or when it is loaded."""
        if self._editor.binding is not None and self._now in self._warm:
            self._editor.scroll_to(at)
        else:
            self._wanted_at = at

    def leave(self) -> None:
        """Ends the burst of typing and remembers where the caret was: before switching, on blur, at the end."""
        binding = self._editor.binding
        if self._now is None or binding is None or self._now not in self._warm:
            return
        spots = self._desk.settings.now.spots
        spots.pop(self._now.hex(), None)
        at = binding.to_at(self._editor.textCursor().position())
        spots[self._now.hex()] = Spot(at, self._editor.verticalScrollBar().value())
        if self._warm[self._now].note is not None:
            self._desk.node.flush(self._now)

    def close(self) -> None:
        """Gives all notes back to the node."""
        self.leave()
        self._editor.show_binding(None)
        for note_id in tuple(self._warm):
            self._cool(note_id)
        self._now = None

    async def _bring(self, note_id: bytes) -> None:
        text = await self._desk.node.stored_text(note_id)
        binding = EditorBinding(self._editor.make_sheet(text), partial(self._spliced, note_id))
        binding.trouble.connect(self._desk.say)
        binding.spliced.connect(self._soon)
        opened = _Open(binding)
        self._warm[note_id] = opened
        try:
            self._put(opened, note_id)
            opened.note = await self._desk.node.open_note(note_id)
        except BaseException:
            self._warm.pop(note_id, None)
            raise
        # What came in between reading the stored text and having the note.
        newer = between(binding.text, opened.note.text)
        if newer is not None:
            binding.apply((newer,))
        if self._now == note_id:
            self._lock()
            self.opened.emit(note_id)
        while len(self._warm) > WARM:
            self._cool(next(iter(self._warm)))

    def _put(self, opened: _Open, note_id: bytes) -> None:
        self._editor.show_binding(opened.binding, read_only=opened.note is None)
        spot = self._desk.settings.now.spots.get(note_id.hex(), Spot())
        at = opened.binding.to_qt(min(spot.caret, len(opened.binding.text)))
        self._editor.place_caret(at, at)
        self._editor.verticalScrollBar().setValue(spot.scroll)
        wanted, self._wanted_at = self._wanted_at, None
        if wanted is not None:
            self._editor.scroll_to(min(wanted, len(opened.binding.text)))
        self._lock()
        self.tell_facts()

    def _cool(self, note_id: bytes) -> None:
        opened = self._warm.pop(note_id)
        if opened.note is not None:
            self._desk.node.close_note(note_id)

    def _lock(self) -> None:
        """Read-only while the note is loading or lies in the trash."""
        opened = self._warm.get(self._now) if self._now is not None else None
        view = self._desk.note()
        if opened is not None:
            locked = opened.note is None or view is None or view.trashed_ms is not None
            if self._editor.isReadOnly() != locked:
                self._editor.setReadOnly(locked)

    # -- edits

    def _spliced(self, note_id: bytes, splice: Splice) -> None:
        self._desk.node.edit(note_id, splice, screen=self)

    def _heard(self, event: Event) -> None:
        if isinstance(event, NoteEdited) and event.screen is not self:
            opened = self._warm.get(event.note_id)
            if opened is not None and opened.note is not None:
                opened.binding.apply(event.splices)

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
        if abs(line - self._line) > 1 and self._now is not None and self._now in self._warm:
            opened = self._warm[self._now]
            if opened.note is not None:
                self._desk.node.flush(self._now)
        self._line = line

    # -- earlier versions

    def preview(self, text: str) -> None:
        """Shows another text in the note's place, to be read only."""
        self.leave()
        self._editor.show_binding(EditorBinding(self._editor.make_sheet(text), _refuse), read_only=True)
        self.tell_facts()

    def end_preview(self) -> None:
        """Shows the note again."""
        opened = self._warm.get(self._now) if self._now is not None else None
        if opened is not None and self._now is not None:
            self._put(opened, self._now)

    # -- facts

    def _soon(self, *_: object) -> None:
        if not self._facts.isActive():
            self._facts.start()

    def tell_facts(self) -> None:
        """Counts words and reads the headings."""
        selected = self._editor.textCursor().selectedText()
        self.facts_changed.emit(count_words(self.text), count_words(selected) if selected else 0)
        if self.wants_outline:
            self.outline_changed.emit(self.headings())

    def headings(self) -> list[OutlineRow]:
        """The headings of the text in the editor."""
        sheet, binding = self._editor.sheet, self._editor.binding
        if sheet is None or binding is None:
            return []
        found = []
        for number, row in enumerate(sheet.rows):
            if row.line.kind is Kind.HEADING:
                block = sheet.document.findBlockByNumber(number)
                text = block.text()[row.line.prefix :].strip().strip("#*_ ")
                found.append(OutlineRow(binding.to_at(block.position()), row.line.level, text))
        return found


def count_words(text: str) -> int:
    """How many words a person would count."""
    return sum(1 for _ in _WORD.finditer(text))


def _refuse(splice: Splice) -> None:
    raise LocalError(what="an earlier version was typed into")
