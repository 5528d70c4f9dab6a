"""Commands on whole lines: move, duplicate, delete."""

from __future__ import annotations

from notesapp.ui.editor.inline import units
from notesapp.ui.editor.pen import Pen


class Lines:
    """Line commands on one editor."""

    def __init__(self, pen: Pen) -> None:
        self._pen = pen

    def move(self, *, down: bool) -> None:
        """Swaps the selected lines with the one below or above; caret and selection go along."""
        pen = self._pen
        first, last = pen.lines()
        other = last.next() if down else first.previous()
        if not other.isValid():
            return
        cursor = pen.cursor
        start, end = first.position(), last.position() + last.length() - 1
        mine = pen.text(start, end)
        theirs = pen.text(other.position(), other.position() + other.length() - 1)
        by = len(units(theirs)) + 1
        if down:
            low, high, text = start, other.position() + other.length() - 1, f"{theirs}\n{mine}"
        else:
            low, high, text, by = other.position(), end, f"{mine}\n{theirs}", -by
        anchor = cursor.anchor() + by if cursor.hasSelection() else None
        pen.replace(low, high, text, caret=cursor.position() + by, anchor=anchor)

    def duplicate(self) -> None:
        """Writes the selected lines once more below; the caret goes to the copy."""
        pen = self._pen
        first, last = pen.lines()
        cursor = pen.cursor
        start, end = first.position(), last.position() + last.length() - 1
        text = pen.text(start, end)
        by = len(units(text)) + 1
        anchor = cursor.anchor() + by if cursor.hasSelection() else None
        pen.replace(end, end, "\n" + text, caret=cursor.position() + by, anchor=anchor)

    def delete(self) -> None:
        """Removes the selected lines; the caret keeps its column on the line that follows."""
        pen = self._pen
        first, last = pen.lines()
        column = pen.cursor.positionInBlock()
        start, end = first.position(), last.position() + last.length() - 1
        following = last.next()
        if following.isValid():
            room = following.length() - 1
            pen.replace(start, end + 1, "", caret=start + min(column, room))
        elif start > 0:
            above = first.previous()
            caret = above.position() + min(column, above.length() - 1)
            pen.replace(start - 1, end, "", caret=caret)
        else:
            pen.replace(start, end, "")
