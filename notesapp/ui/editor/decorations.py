"""Paints what stands behind and beside the text: boxes, bars, bullets, task boxes, tables, pictures, pills.

Used alike for the screen and for paper: it takes a painter in document coordinates and the area to paint.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QTextBlock

from notesapp.ui.editor import picture_paint, pills, table_paint
from notesapp.ui.editor.blocks import CODE, FRONT_MATTER, TABLE, Kind, Line
from notesapp.ui.editor.geometry import baseline, block_bottom, block_top, line_cell, visible_blocks, x_of
from notesapp.ui.editor.rows import Row
from notesapp.ui.editor.runs import SEMIBOLD
from notesapp.ui.editor.sheet import Sheet
from notesapp.ui.style.fonts import ui_font
from notesapp.ui.style.icons import paint_icon

CALLOUTS = {
    "note": ("pencil", "accent"),
    "info": ("info", "accent"),
    "todo": ("circle-check", "accent"),
    "tip": ("sparkles", "ok"),
    "success": ("check", "ok"),
    "question": ("info", "warn"),
    "warning": ("triangle-alert", "warn"),
    "caution": ("triangle-alert", "warn"),
    "important": ("circle-alert", "warn"),
    "danger": ("circle-alert", "err"),
    "failure": ("x", "err"),
    "bug": ("bug", "err"),
    "example": ("list", "syn_kw"),
    "quote": ("quote", "text3"),
    "abstract": ("list-tree", "syn_str"),
}


def callout_look(name: str) -> tuple[str, str]:
    """The icon and the colour token of a callout; unknown kinds look like notes."""
    return CALLOUTS.get(name, CALLOUTS["note"])


class Decorations:
    """The decorations of one sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    def paint(self, painter: QPainter, area: QRectF) -> None:
        """Paints everything behind the text that shows in `area`."""
        if self.sheet.formats.look.source:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        blocks = list(visible_blocks(self.sheet, area))
        self._boxes(painter, blocks)
        for block, row, number in blocks:
            self._block(painter, block, row, number)
            pills.paint(painter, self.sheet, block, row)

    # -- boxes that span several lines

    def _boxes(self, painter: QPainter, blocks: list[tuple[QTextBlock, Row, int]]) -> None:
        tokens, scaled = self.sheet.formats.look.tokens, self.sheet.formats.look.scaled
        start = 0
        while start < len(blocks):
            line = blocks[start][1].line
            group = _group(line)
            end = start + 1
            while (
                end < len(blocks) and group and _group(blocks[end][1].line) == group and not _opens(blocks[end][1].line)
            ):
                end += 1
            first, last = blocks[start], blocks[end - 1]
            if group:
                top, bottom = block_top(first[0], first[1]), block_bottom(last[0], last[1])
                left = self._left() + (first[1].box.left if first[1].box else 0)
                if group == "code":
                    left += -scaled(20) if first[1].box else 0
                    rect = QRectF(left, top, self._right() + scaled(4) - left, bottom - top)
                    painter.setPen(Qt.PenStyle.NoPen)
                    painter.setBrush(tokens.code_bg)
                    painter.drawRoundedRect(rect, scaled(9), scaled(9))
                elif group.startswith("callout"):
                    self._callout(painter, group.split(":")[1], top, bottom)
            start = end

    def _right(self) -> float:
        return self.sheet.document.textWidth() - self.sheet.right

    def _left(self) -> float:
        return self.sheet.gutter

    def _callout(self, painter: QPainter, name: str, top: float, bottom: float) -> None:
        look = self.sheet.formats.look
        tone = look.tokens.colour(callout_look(name)[1])
        fill = QColor(tone)
        fill.setAlphaF(0.12 if look.tokens.dark else 0.075)
        pad = look.scaled(8)
        rect = QRectF(self._left() - look.scaled(4), top - pad, 0, bottom - top + 2 * pad)
        rect.setRight(self._right() + look.scaled(4))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(rect, look.scaled(9), look.scaled(9))

    # -- one block

    def _block(self, painter: QPainter, block: QTextBlock, row: Row, number: int) -> None:
        line = row.line
        if line.quote and not line.callout:
            self._quote(painter, block, row)
        match line.kind:
            case Kind.BULLET:
                self._bullet(painter, block, row)
            case Kind.TASK:
                self._task(painter, block, row)
            case Kind.RULE:
                self._rule(painter, block, row)
            case Kind.FENCE:
                self._language(painter, block, row)
            case Kind.PICTURE:
                picture_paint.paint(painter, self.sheet, block, row)
            case Kind.CALLOUT:
                self._callout_head(painter, block, row)
            case Kind.FRONT:
                self._front(painter, block, row)
        if line.kind in TABLE and row.grid is not None and not row.grid.too_wide:
            table_paint.paint(painter, self.sheet, block, row, number)

    def _shown(self, number: int) -> bool:
        """Whether the line's own marker is seen now, so that nothing must be painted over it."""
        near = self.sheet.near
        if near is None or near.blockNumber() != number:
            return False
        line = self.sheet.rows[number].line
        return near.positionInBlock() < line.prefix

    def _start_x(self, block: QTextBlock, row: Row) -> float:
        """The x where a line's text begins, behind its marker."""
        first = block.layout().lineAt(0)
        return block.layout().position().x() + x_of(first, min(row.line.prefix, first.textLength()))

    def _middle(self, block: QTextBlock) -> float:
        """The y of the middle of the small letters of the first line."""
        return baseline(block, block.layout().lineAt(0)) - self.sheet.formats.look.scaled(5.6)

    def _rtl(self, row: Row) -> bool:
        return row.box is not None and row.box.rtl

    def _bullet(self, painter: QPainter, block: QTextBlock, row: Row) -> None:
        if self._shown(block.blockNumber()):
            return
        look = self.sheet.formats.look
        side = -1 if self._rtl(row) else 1
        x = self._start_x(block, row) - side * look.scaled(10)
        centre = QPointF(x, self._middle(block))
        radius = look.scaled(2.6)
        painter.setBrush(look.tokens.text3)
        painter.setPen(Qt.PenStyle.NoPen)
        match row.line.level % 3:
            case 1:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(look.tokens.text3, look.scaled(1.2)))
                painter.drawEllipse(centre, radius, radius)
            case 2:
                side_px = radius * 0.9
                painter.drawRect(QRectF(x - side_px, centre.y() - side_px, 2 * side_px, 2 * side_px))
            case _:
                painter.drawEllipse(centre, radius, radius)

    def task_box(self, block: QTextBlock, row: Row) -> QRectF:
        """Where a task's box is painted and clicked."""
        size = self.sheet.formats.look.scaled(16)
        side = self.sheet.formats.look.scaled(22)
        x = self._start_x(block, row)
        left = x + side - size if self._rtl(row) else x - side
        return QRectF(left, self._middle(block) - size / 2 - 0.5, size, size)

    def _task(self, painter: QPainter, block: QTextBlock, row: Row) -> None:
        if self._shown(block.blockNumber()):
            return
        look = self.sheet.formats.look
        rect = self.task_box(block, row).adjusted(0.5, 0.5, -0.5, -0.5)
        radius = look.scaled(4.5)
        if not row.line.done:
            painter.setBrush(look.tokens.bg)
            painter.setPen(QPen(look.tokens.marker, look.scaled(1.4)))
            painter.drawRoundedRect(rect, radius, radius)
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.tokens.accent)
        painter.drawRoundedRect(rect.adjusted(-0.5, -0.5, 0.5, 0.5), radius, radius)
        pen = QPen(look.tokens.on_accent, look.scaled(1.9))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        w, h = rect.width(), rect.height()
        tick = ((0.26, 0.53), (0.43, 0.7), (0.75, 0.33))
        painter.drawPolyline(QPolygonF([rect.topLeft() + QPointF(a * w, b * h) for a, b in tick]))

    def _quote(self, painter: QPainter, block: QTextBlock, row: Row) -> None:
        scaled = self.sheet.formats.look.scaled
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.sheet.formats.look.tokens.quote)
        top, bottom = block_top(block, row), block_bottom(block, row)
        following = block.next()
        rows = self.sheet.rows
        number = block.blockNumber()
        goes_on = following.isValid() and number + 1 < len(rows) and rows[number + 1].line.quote
        goes_back = number > 0 and rows[number - 1].line.quote
        inset = scaled(5)
        for depth in range(row.line.quote):
            x = self._left() + depth * scaled(20) + scaled(2)
            low = top + (0 if goes_back else inset)
            high = bottom + (2 if goes_on else -inset + scaled(3))
            painter.drawRoundedRect(QRectF(x, low, scaled(3), high - low), 1.5, 1.5)

    def _rule(self, painter: QPainter, block: QTextBlock, row: Row) -> None:
        near = self.sheet.near
        if near is not None and near.blockNumber() == block.blockNumber():
            return
        look = self.sheet.formats.look
        y = round(line_cell(block, block.layout().lineAt(0), row).center().y()) + 0.5
        painter.setPen(QPen(look.tokens.line_strong, 1))
        painter.drawLine(QPointF(self._left(), y), QPointF(self._right(), y))

    def _label(self, painter: QPainter, rect: QRectF, text: str, colour: QColor, px: float, weight: int = 500) -> None:
        painter.setFont(ui_font(self.sheet.formats.look.scaled(px), weight))
        painter.setPen(colour)
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text)

    def _language(self, painter: QPainter, block: QTextBlock, row: Row) -> None:
        near = self.sheet.near
        if not row.line.info or (near is not None and near.blockNumber() == block.blockNumber()):
            return
        look = self.sheet.formats.look
        cell = line_cell(block, block.layout().lineAt(0), row)
        rect = QRectF(cell.left(), cell.top() + look.scaled(3), self._right() - look.scaled(10) - cell.left(), 22)
        self._label(painter, rect, row.line.info, look.tokens.text3, 11)

    def _callout_head(self, painter: QPainter, block: QTextBlock, row: Row) -> None:
        if self._shown(block.blockNumber()):
            return
        look = self.sheet.formats.look
        drawing, token = callout_look(row.line.info)
        tone = look.tokens.colour(token)
        x = self._start_x(block, row)
        middle = self._middle(block)
        size = round(look.scaled(16))
        paint_icon(painter, drawing, QPointF(x - look.scaled(24), middle - size / 2), tone, size)
        if row.line.prefix >= row.line.length:
            painter.setFont(self.sheet.formats.font(SEMIBOLD))
            painter.setPen(tone)
            painter.drawText(QPointF(x, baseline(block, block.layout().lineAt(0))), row.line.info.capitalize())

    def _front(self, painter: QPainter, block: QTextBlock, row: Row) -> None:
        if not self.sheet.folded or self.sheet.paper:
            return
        look = self.sheet.formats.look
        rect = self.front_chip(block, row)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.tokens.code_bg)
        painter.drawRoundedRect(rect, look.scaled(6), look.scaled(6))
        size = round(look.scaled(13))
        paint_icon(
            painter,
            "sliders-horizontal",
            QPointF(rect.left() + look.scaled(8), rect.center().y() - size / 2),
            look.tokens.text3,
            size,
        )
        self._label(painter, rect.adjusted(0, 0, -look.scaled(10), 0), self._front_text(), look.tokens.text3, 12)

    def _front_text(self) -> str:
        count = 0
        for row in self.sheet.rows[1:]:
            if row.line.kind is not Kind.FRONT_MATTER:
                break
            count += 1
        return self.sheet.tr("Properties · %n", "", count)

    def front_chip(self, block: QTextBlock, row: Row) -> QRectF:
        """Where the folded front matter shows, and is clicked."""
        look = self.sheet.formats.look
        cell = line_cell(block, block.layout().lineAt(0), row)
        return QRectF(self._left(), cell.top(), look.scaled(124), look.scaled(24))


def _group(line: Line) -> str:
    """Lines with an equal group stand in one box."""
    if line.kind in CODE:
        return "code"
    if line.kind in FRONT_MATTER:
        return ""
    return f"callout:{line.callout}" if line.callout else ""


def _opens(line: Line) -> bool:
    return line.kind in (Kind.FENCE, Kind.CALLOUT)
