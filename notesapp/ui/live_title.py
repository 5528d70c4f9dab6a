"""What the open note is called while it is written, before the node has read it: list, path and title follow the keys.

Reads only the note's beginning; the node's own word is the same a moment later.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from notesapp.notes import front_matter
from notesapp.notes.markup import parse
from notesapp.ui.desk import Desk
from notesapp.ui.writing import Writing

AFTER_MS = 100
_BEGINNING = 2_000


class LiveTitle(QObject):
    """Tells the desk the open note's title, at most every `AFTER_MS`."""

    def __init__(self, desk: Desk, writing: Writing) -> None:
        super().__init__(writing)
        self._desk, self._writing = desk, writing
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(AFTER_MS)
        self._timer.timeout.connect(self._read)
        writing.edited.connect(self._soon)
        desk.note_facts_changed.connect(self._read)

    def _soon(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _read(self) -> None:
        note = self._desk.note()
        if note is None or not self._writing.is_loaded:
            return
        text = self._writing.text
        found = front_matter.find(text)
        room = _BEGINNING + (found.body_at if found is not None else 0)
        title = parse(text[:room], note.file_name).title
        if title or len(text) <= room:
            self._desk.retitle(note.note_id, title)
