"""Paints a table's grid behind its text, row by row."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QTextBlock

from notesapp.ui.editor.blocks import Kind
from notesapp.ui.editor.geometry import line_cell
from notesapp.ui.editor.rows import Row
from notesapp.ui.editor.sheet import Sheet
from notesapp.ui.editor.tables import lead


def paint(painter: QPainter, sheet: Sheet, block: QTextBlock, row: Row, number: int) -> None:
    """Paints one row of a table; its neighbours paint the rest of the frame."""
    look = sheet.formats.look
    grid = row.grid
    assert grid is not None  # the caller looked
    # the letters stand low in a line of fixed height: the row is drawn around them
    cell = line_cell(block, block.layout().lineAt(0), row).translated(0, round(look.scaled(5)))
    left = cell.left() - lead(row.cells, grid)
    rows = sheet.rows
    last = number + 1 >= len(rows) or rows[number + 1].line.kind not in (Kind.TABLE_LINE, Kind.TABLE_ROW)
    rect = QRectF(left, cell.top(), grid.width, cell.height())
    pen = QPen(look.tokens.line_strong, 1)
    radius = look.scaled(8)
    painter.setPen(Qt.PenStyle.NoPen)
    if row.line.kind is Kind.TABLE_HEAD:
        painter.setBrush(look.tokens.code_bg)
        painter.save()
        painter.setClipRect(rect.adjusted(-1, -1, 1, 0), Qt.ClipOperation.IntersectClip)
        painter.drawRoundedRect(rect.adjusted(0, 0, 0, radius), radius, radius)
        painter.restore()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen)
    frame = rect.translated(0.5, 0.5)
    painter.save()
    painter.setClipRect(rect.adjusted(-1, 0, 2, 1 if last else 0), Qt.ClipOperation.IntersectClip)
    top_grow = 0 if row.line.kind is Kind.TABLE_HEAD else -2 * radius
    painter.drawRoundedRect(frame.adjusted(0, top_grow, 0, 0 if last else 2 * radius), radius, radius)
    painter.restore()
    if not last and row.line.kind is not Kind.TABLE_LINE:
        pen.setColor(look.tokens.line_strong if row.line.kind is Kind.TABLE_HEAD else look.tokens.line)
        painter.setPen(pen)
        y = round(rect.bottom()) - 0.5
        painter.drawLine(QPointF(left + 1, y), QPointF(left + grid.width, y))
    painter.setPen(QPen(look.tokens.line, 1))
    for edge in grid.edges[1:-1]:
        x = round(left + edge) + 0.5
        painter.drawLine(QPointF(x, rect.top() + 1), QPointF(x, rect.bottom()))
