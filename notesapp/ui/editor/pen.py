"""Writes into the document for commands: one change at a time, with the caret where it belongs afterwards.

Positions are UTF-16, texts of lines are `units` (as long as Qt says they are). What is moved is read back from Qt, so
that placeholders never get into the text.
"""

from __future__ import annotations

from PySide6.QtGui import QTextBlock, QTextCursor
from PySide6.QtWidgets import QTextEdit

from notesapp.ui.editor.inline import units

SEPARATOR = "\u2029"


class Pen:
    """The hand of the commands on one editor."""

    def __init__(self, edit: QTextEdit) -> None:
        self._edit = edit

    @property
    def cursor(self) -> QTextCursor:
        """A copy of the caret."""
        return self._edit.textCursor()

    @property
    def block(self) -> QTextBlock:
        """The caret's block."""
        return self._edit.textCursor().block()

    def text(self, start: int, end: int) -> str:
        """The text between two positions, with \\n between lines."""
        cursor = QTextCursor(self._edit.document())
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        return cursor.selectedText().replace(SEPARATOR, "\n")

    def selected(self) -> str:
        """The selected text."""
        return self._edit.textCursor().selectedText().replace(SEPARATOR, "\n")

    def replace(self, start: int, end: int, text: str, *, caret: int | None = None, anchor: int | None = None) -> None:
        """Puts `text` in place of what is between `start` and `end`; `caret` and `anchor` are positions afterwards."""
        cursor = self._edit.textCursor()
        cursor.beginEditBlock()
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(text)
        cursor.endEditBlock()
        where = start + len(units(text)) if caret is None else caret
        self.put_caret(where, anchor)

    def put_caret(self, position: int, anchor: int | None = None) -> None:
        """Sets the caret and keeps it in sight."""
        cursor = self._edit.textCursor()
        cursor.setPosition(position if anchor is None else anchor)
        if anchor is not None:
            cursor.setPosition(position, QTextCursor.MoveMode.KeepAnchor)
        self._edit.setTextCursor(cursor)
        self._edit.ensureCursorVisible()

    def lines(self) -> tuple[QTextBlock, QTextBlock]:
        """The first and the last block of the selection; one ending at a line's start doesn't count that line."""
        cursor = self._edit.textCursor()
        document = self._edit.document()
        first = document.findBlock(cursor.selectionStart())
        last = document.findBlock(cursor.selectionEnd())
        if cursor.hasSelection() and last.position() == cursor.selectionEnd() and last != first:
            last = last.previous()
        return first, last
