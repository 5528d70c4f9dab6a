"""Paints what lies under single words: highlights, inline code, tags, link underlines, attachments' chips."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QTextBlock

from notesapp.ui.editor.blocks import Kind
from notesapp.ui.editor.formats import AIR_PX, CHIP_ROOM
from notesapp.ui.editor.geometry import baseline, stretches, text_cell
from notesapp.ui.editor.inline import Mark, Span
from notesapp.ui.editor.rows import Row
from notesapp.ui.editor.sheet import Sheet
from notesapp.ui.style.icons import paint_icon


def rounded(rect: QRectF, radius: float) -> QPainterPath:
    """A rounded rectangle as a path."""
    path = QPainterPath()
    path.addRoundedRect(rect, radius, radius)
    return path


def paint(painter: QPainter, sheet: Sheet, block: QTextBlock, row: Row) -> None:
    """Paints what lies under the constructs of one block."""
    tokens, scaled = sheet.formats.look.tokens, sheet.formats.look.scaled
    for order, span in enumerate(row.line.spans):
        match span.mark:
            case Mark.HIGHLIGHT:
                _fill(painter, block, span, order, sheet, tokens.highlight, (scaled(2), scaled(3)))
            case Mark.CODE:
                _fill(painter, block, span, order, sheet, tokens.inline_code, (scaled(AIR_PX), scaled(5)))
            case Mark.TAG:
                _fill(painter, block, span, order, sheet, tokens.tag_bg, (scaled(AIR_PX), scaled(8)))
            case Mark.LINK | Mark.URL:
                _underline(painter, block, span, order, sheet)
            case Mark.FILE | Mark.IMAGE | Mark.EMBED if row.line.kind is not Kind.PICTURE:
                _chip(painter, block, span, order, sheet)


def _inside(span: Span, order: int, sheet: Sheet, block: QTextBlock) -> tuple[int, int]:
    """What of a construct is seen: all of it while its markers are revealed."""
    near = sheet.near
    if near is not None and near.blockNumber() == block.blockNumber() and order in sheet.revealed:
        return span.start, span.end
    return span.start + span.opening, span.end - span.closing


def _fill(
    painter: QPainter,
    block: QTextBlock,
    span: Span,
    order: int,
    sheet: Sheet,
    colour: QColor,
    shape: tuple[float, float],
) -> None:
    pad, radius = shape
    start, end = _inside(span, order, sheet, block)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    for line, left, right in stretches(block, start, end):
        if span.mark is Mark.TAG and line.textStart() + line.textLength() >= end:
            right -= pad  # the room behind its last letter
        cell = text_cell(block, line)
        rect = QRectF(left - pad, cell.top() - 1, right - left + 2 * pad, cell.height() + 2)
        painter.drawRoundedRect(rect, radius, radius)


def _chip(painter: QPainter, block: QTextBlock, span: Span, order: int, sheet: Sheet) -> None:
    """An attachment: its name with an icon before it, which stands where the marker keeps room for it."""
    look = sheet.formats.look
    start, end = _inside(span, order, sheet, block)
    shown = (start, end) == (span.start, span.end)
    room = 0.0 if shown else look.scaled(CHIP_ROOM)
    painter.setPen(QPen(look.tokens.line_strong, 1))
    painter.setBrush(look.tokens.code_bg)
    for number, (line, left, right) in enumerate(stretches(block, start, end)):
        cell = text_cell(block, line)
        first = 0.0 if number else room
        rect = QRectF(left - first - 2, cell.top() - 1, right - left + first + look.scaled(5), cell.height() + 2)
        painter.drawRoundedRect(rect, look.scaled(6), look.scaled(6))
        if first:
            size = round(look.scaled(13))
            name = "paperclip" if span.mark is Mark.FILE else "image" if span.mark is Mark.IMAGE else "file-text"
            corner = QPointF(rect.left() + look.scaled(5), rect.center().y() - size / 2)
            paint_icon(painter, name, corner, look.tokens.text3, size)


def _underline(painter: QPainter, block: QTextBlock, span: Span, order: int, sheet: Sheet) -> None:
    look = sheet.formats.look
    colour = QColor(look.tokens.link)
    colour.setAlphaF(0.55)
    painter.setPen(QPen(colour, max(1.0, look.scaled(1))))
    for line, left, right in stretches(block, span.start + span.opening, span.end - span.closing):
        y = round(baseline(block, line) + look.scaled(3)) + 0.5
        painter.drawLine(QPointF(left, y), QPointF(right, y))
