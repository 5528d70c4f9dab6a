"""Shows in the open note what the search of all notes has found: the words of the query, the first of them in view."""

from __future__ import annotations

import re

from PySide6.QtCore import QObject

from notesapp.ui.desk import Desk
from notesapp.ui.editor.finding import Query, search
from notesapp.ui.editor.note_edit import NoteEdit
from notesapp.ui.editor.screen import Found as FoundPlaces
from notesapp.ui.places import Found, Place
from notesapp.ui.writing import Writing

MOST = 1_000
_PART = re.compile(r'(-?)(?:(tag|notebook):(?:"[^"]*"|\S+)|"([^"]*)"|(\S+))', re.IGNORECASE)


def words_of(query: str) -> list[str]:
    """The words and phrases that a query wants to see; not its filters, not what it leaves out."""
    found = []
    for match in _PART.finditer(query):
        text = match[3] or match[4]
        if text and not match[1]:
            found.append(text.strip("*"))
    return [word for word in found if word]


class Marking(QObject):
    """Marks on opening a note from a search, and takes the marks away when the search is left."""

    def __init__(self, desk: Desk, editor: NoteEdit, writing: Writing) -> None:
        super().__init__(editor)
        self._desk, self._editor, self._writing = desk, editor, writing
        self._on = False
        desk.place_changed.connect(self._left)
        writing.placed.connect(self.mark)

    def mark(self) -> None:
        """Marks what the search looks for in the note on the screen."""
        place, binding = self._desk.place, self._editor.binding
        if not isinstance(place, Found) or binding is None or not self._writing.is_there:
            return
        words = words_of(place.query)
        if not words:
            return
        pattern = "|".join(re.escape(word).replace("\\ ", r"\s+") for word in words)
        places = search(binding.text, Query(pattern, regex=True)).places[:MOST]
        self._on = bool(places)
        self._editor.set_found(FoundPlaces(places, 0 if places else -1))
        if places:
            self._editor.scroll_to(binding.to_at(places[0][0]))

    def _left(self, place: Place) -> None:
        if self._on and not isinstance(place, Found):
            self._on = False
            self._editor.set_found(FoundPlaces())
