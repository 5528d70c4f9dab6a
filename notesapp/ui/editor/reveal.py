"""Decides which markers are seen: those of the construct that the caret touches, if nothing jumps because of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QTextCursor

from notesapp.ui.editor.blocks import FRONT_MATTER
from notesapp.ui.editor.formats import Markers
from notesapp.ui.editor.runs import prefix_shown, touched

if TYPE_CHECKING:
    from notesapp.ui.editor.sheet import Sheet


class Reveal:
    """What the caret reveals in one sheet. `near` is None while no caret is shown."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self.near: QTextCursor | None = None
        self.revealed: frozenset[int] = frozenset()
        self.edited = False  # since the caret was set last
        self._shown = False

    def forget(self) -> None:
        """There is a new document."""
        self.near, self.revealed, self._shown = None, frozenset(), False

    @property
    def folded(self) -> bool:
        """Whether the front matter is folded away: the caret isn't in it."""
        if self.near is None:
            return True
        rows, number = self._sheet.rows, self.near.blockNumber()
        return number >= len(rows) or rows[number].line.kind not in FRONT_MATTER

    def set_caret(self, cursor: QTextCursor | None) -> None:
        """Reveals the markers that the caret touches and hides the others; None hides all."""
        sheet = self._sheet
        rows = sheet.rows
        old, was_folded = self.near, self.folded
        old_number = old.blockNumber() if old is not None else -1
        self.near = QTextCursor(cursor) if cursor is not None else None
        number = cursor.blockNumber() if cursor is not None else -1
        edited, self.edited = self.edited, False
        before = (self.revealed, self._shown)
        self.revealed, self._shown = frozenset(), False
        if cursor is not None and number < len(rows):
            line = rows[number].line
            self.revealed = touched(line, cursor.positionInBlock())
            self._shown = prefix_shown(line, cursor.positionInBlock())
        if sheet.formats.look.markers is not Markers.NEAR_CARET:
            return
        if old_number != number and 0 <= old_number < len(rows):
            sheet.dress_line(old_number)
        changed = old_number != number or before != (self.revealed, self._shown)
        if 0 <= number < len(rows) and (changed or rows[number].grid is not None):
            self._reveal(number, edited=edited)
        if was_folded != self.folded:
            self._fold()

    def _reveal(self, number: int, *, edited: bool) -> None:
        """Shows markers, unless that makes a line more or less: text below must not jump because a caret moved."""
        layout = self._sheet.document.findBlockByNumber(number).layout()
        lines = layout.lineCount()
        self._sheet.dress_line(number)
        if not edited and lines and layout.lineCount() != lines and self.revealed:
            self.revealed = frozenset()
            self._sheet.dress_line(number)

    def _fold(self) -> None:
        numbers = []
        for number, row in enumerate(self._sheet.rows):
            if row.line.kind not in FRONT_MATTER:
                break
            numbers.append(number)
        self._sheet.refold(numbers)
