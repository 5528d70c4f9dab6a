"""Keeps the last notes that were open ready to be shown again: their documents, undo, carets and scroll.

Edits of others reach a note that lies here though it isn't on the screen.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable

from notesapp.notes import front_matter
from notesapp.notes.undo import UndoStack
from notesapp.text import Splice
from notesapp.ui.editor.binding import EditorBinding
from notesapp.ui.editor.note_edit import NoteEdit

KEPT = 8  # a document of 100 kB takes about 6 MB


class Desk:
    """The notes at hand for one editor. Undo outlives the document: it is kept for as long as the program runs."""

    def __init__(self, edit: NoteEdit) -> None:
        self._edit = edit
        self._bindings: OrderedDict[bytes, EditorBinding] = OrderedDict()
        self._undo: dict[bytes, UndoStack] = {}
        self._spots: dict[bytes, tuple[int, int, int]] = {}
        self._shown: bytes | None = None

    def show(
        self, note_id: bytes, text: Callable[[], str], on_splice: Callable[[Splice], None], *, read_only: bool = False
    ) -> EditorBinding:
        """Puts a note on the screen where it was left; `text` is asked only if the note isn't at hand."""
        self.leave()
        binding = self._bindings.get(note_id)
        if binding is None:
            stack = self._undo.setdefault(note_id, UndoStack())
            binding = EditorBinding(self._edit.make_sheet(text()), on_splice, undo=stack)
            self._bindings[note_id] = binding
        self._bindings.move_to_end(note_id)
        self._shown = note_id
        self._edit.show_binding(binding, read_only=read_only)
        anchor, caret, scroll = self._spots.get(note_id) or _first_spot(binding.text)
        self._edit.place_caret(binding.to_qt(anchor), binding.to_qt(caret))
        self._edit.set_scroll(scroll)
        while len(self._bindings) > KEPT:
            self.forget(next(iter(self._bindings)))
        return binding

    def leave(self) -> None:
        """Remembers where the caret and the scroll bar are in the note on the screen."""
        if self._shown is not None and (binding := self._bindings.get(self._shown)) is not None:
            anchor, caret = self._edit.caret_qt()
            scroll = self._edit.verticalScrollBar().value()
            self._spots[self._shown] = (binding.to_at(anchor), binding.to_at(caret), scroll)

    def spot(self, note_id: bytes) -> tuple[int, int, int]:
        """Anchor, caret (code points) and scroll (pixels) of a note."""
        if note_id == self._shown:
            self.leave()
        return self._spots.get(note_id, (0, 0, 0))

    def set_spot(self, note_id: bytes, anchor: int, caret: int, scroll: int) -> None:
        """Where a note is to be shown the next time."""
        self._spots[note_id] = (anchor, caret, scroll)

    def apply(self, note_id: bytes, splices: Iterable[Splice]) -> None:
        """Others' edits of a note, at hand or not."""
        binding = self._bindings.get(note_id)
        if binding is not None:
            binding.apply(splices)
        elif note_id in self._undo:
            for splice in splices:
                self._undo[note_id].foreign(splice)

    def binding(self, note_id: bytes) -> EditorBinding | None:
        """The binding of a note at hand."""
        return self._bindings.get(note_id)

    def forget(self, note_id: bytes) -> None:
        """Puts a note's document away; its undo stays."""
        if note_id == self._shown:
            self._edit.show_binding(None)
            self._shown = None
        if (binding := self._bindings.pop(note_id, None)) is not None:
            binding.end()

    def close(self) -> None:
        """Puts everything away, undo too: the notes are locked or the program ends."""
        for note_id in list(self._bindings):
            self.forget(note_id)
        self._undo.clear()


def _first_spot(text: str) -> tuple[int, int, int]:
    """Where the caret is in a note that was never open here: where the writing begins, behind folded front matter."""
    found = front_matter.find(text)
    at = min(found.body_at, len(text)) if found is not None else 0
    return at, at, 0
