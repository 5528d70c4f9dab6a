"""Commands in tables: Tab goes from cell to cell and aligns the source, Enter goes to the row below.

A table can also be typed by hand: a pipe goes to the next cell instead of making one more.
"""

from __future__ import annotations

from PySide6.QtGui import QTextBlock

from notesapp.ui.editor.blocks import TABLE, Kind, cells
from notesapp.ui.editor.inline import units
from notesapp.ui.editor.pen import Pen
from notesapp.ui.editor.rows import Row
from notesapp.ui.editor.tables import columns_of, realigned


class TableKeys:
    """Table commands; `rows` are the sheet's."""

    def __init__(self, pen: Pen) -> None:
        self._pen = pen
        self._begun = -1  # where the row without text stands whose first pipe was typed

    def _table(self, rows: list[Row], number: int) -> range | None:
        if number >= len(rows) or rows[number].line.kind not in TABLE or rows[number].grid is None:
            return None
        if rows[number].line.quote or rows[number].line.level:  # its lines begin with markers that aren't cells
            return None
        first = last = number
        while first > 0 and rows[first].line.kind is not Kind.TABLE_HEAD:
            first -= 1
        while last + 1 < len(rows) and rows[last + 1].line.kind in (Kind.TABLE_LINE, Kind.TABLE_ROW):
            last += 1
        return range(first, last + 1)

    def tab(self, rows: list[Row], *, back: bool) -> bool:
        """To the next or the previous cell; behind the last one a row is added. False outside tables."""
        block = self._pen.block
        table = self._table(rows, block.blockNumber())
        if table is None:
            return False
        row = block.blockNumber() - table.start
        column = self._column(block)
        count = columns_of(self._lines(table))
        at = row * count + min(column, count - 1) + (-1 if back else 1)
        if at // count == 1:  # the line of dashes is no place to be
            at += -count if back else count
        self._go(table, max(0, at // count), max(0, at) % count)
        return True

    def enter(self, rows: list[Row]) -> bool:
        """To the same column of the row below, or to the first of a new row; an empty last row ends the table. False
        outside tables."""
        block = self._pen.block
        table = self._table(rows, block.blockNumber())
        if table is None or self._pen.cursor.hasSelection():
            return False
        row, column = block.blockNumber() - table.start, self._column(block)
        text = block.text()
        if row == 1 or row == len(table) - 1:
            column = 0
        if row == len(table) - 1 and row > 1 and not text.replace("|", "").strip():
            start = block.position()
            # What stands right below a table is a row of it to every reader of Markdown: an empty line parts them.
            self._pen.replace(start, start + block.length() - 1, "\n")
            return True
        self._go(table, max(2, row + 1), column)
        return True

    def align(self, rows: list[Row]) -> bool:
        """Writes the table with its pipes below each other. False outside tables."""
        block = self._pen.block
        table = self._table(rows, block.blockNumber())
        if table is None:
            return False
        self._go(table, block.blockNumber() - table.start, self._column(block))
        return True

    def pipe(self, rows: list[Row]) -> bool:
        """A typed pipe: past the one that ends the caret's cell. False where there is none; then it is text."""
        cursor = self._pen.cursor
        block, at = cursor.block(), cursor.positionInBlock()
        if cursor.hasSelection() or self._table(rows, block.blockNumber()) is None:
            return False
        text = units(block.text())
        if rows[block.blockNumber()].line.kind is not Kind.TABLE_ROW or text[:at].endswith("\\"):
            return False
        ends = [end for start, end in cells(text) if start <= at <= end < len(text)]
        if not ends:
            return False
        begun, self._begun = self._begun, -1
        if begun != block.position() and self._column(block) == 0 and not text.replace("|", "").strip():
            self._begun = block.position()
            return True
        following = text[ends[0] + 1 :]
        skipped = len(following) - len(following.lstrip())
        if following.lstrip()[:1] in ("", "|"):  # nothing is written there: one space behind the pipe
            skipped = min(skipped, 1)
        self._pen.put_caret(block.position() + ends[0] + 1 + skipped)
        return True

    def _column(self, block: QTextBlock) -> int:
        at = self._pen.cursor.positionInBlock()
        found = 0
        for number, (start, _end) in enumerate(cells(units(block.text()))):
            if at >= start:
                found = number
        return found

    def _reach(self, table: range) -> tuple[int, int]:
        document = self._pen.block.document()
        first, last = document.findBlockByNumber(table.start), document.findBlockByNumber(table[-1])
        return first.position(), last.position() + last.length() - 1

    def _lines(self, table: range) -> list[str]:
        return self._pen.text(*self._reach(table)).split("\n")

    def _go(self, table: range, row: int, column: int) -> None:
        """Re-aligns the table and selects a cell; adds the row if there is none."""
        start, end = self._reach(table)
        lines = self._lines(table)
        if row >= len(lines):
            lines.append("|" * (len(cells(lines[0])) + 1))
        made = realigned(lines)
        at = start + sum(len(units(line)) + 1 for line in made[:row])
        line = units(made[row])
        found = cells(line)
        low, high = found[min(column, len(found) - 1)]  # a row may have more cells than its table
        inner = line[low:high]
        left = low + len(inner) - len(inner.lstrip()) if inner.strip() else low + 1
        right = low + len(inner.rstrip()) if inner.strip() else left
        self._pen.replace(start, end, "\n".join(made), anchor=at + left, caret=at + right)
        self._begun = -1

    def insert(self, columns: int = 3, body_rows: int = 2) -> None:
        """Writes an empty table below the caret's line."""
        block = self._pen.block
        at = block.position() + block.length() - 1
        head = "|" + "|".join(f" {letter} " for letter in "ABCDEFGH"[:columns]) + "|"
        rows = [head, "|" + " --- |" * columns, *["|" + "   |" * columns] * body_rows]
        lead = "\n\n" if block.text().strip() else ""
        text = lead + "\n".join(realigned(rows)) + "\n"
        first = at + len(lead) + 2
        self._pen.replace(at, at, text, anchor=first, caret=first + 1)
