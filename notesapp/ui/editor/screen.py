"""Paints one frame of the editor: decorations, selection, found places, text, carets, mine and others'.

Knows the sheet and where carets are; decides nothing about them.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPalette,
    QTextBlock,
    QTextCursor,
)

from notesapp.ui.editor.decorations import Decorations
from notesapp.ui.editor.geometry import line_cell, stretches, text_cell, visible_blocks, x_of
from notesapp.ui.editor.rows import Row
from notesapp.ui.editor.sheet import Sheet
from notesapp.ui.style.fonts import ui_font

CARET_PX, FLAG_PX, NAME_PX = 2, 17, 150


@dataclass(frozen=True)
class Found:
    """Places that a search has found, as UTF-16 (start, end), and which of them is the current one."""

    places: tuple[tuple[int, int], ...] = ()
    current: int = -1


@dataclass(frozen=True)
class PeerCaret:
    """Somebody's caret: UTF-16 positions, a name, a colour; `flag` shows the name, `anchor` begins a selection."""

    name: str
    colour: QColor
    position: int
    anchor: int
    flag: bool


def draw_text(painter: QPainter, sheet: Sheet, area: QRectF) -> None:
    """Draws the letters of a sheet that lie in `area`, without selection and caret."""
    context = QAbstractTextDocumentLayout.PaintContext()
    context.clip = area
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Text, sheet.formats.look.tokens.text)
    context.palette = palette
    sheet.document.documentLayout().draw(painter, context)


class Screen:
    """What is painted over and under a sheet's text."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.decorations = Decorations(sheet)
        self.found = Found()
        self.peers: tuple[PeerCaret, ...] = ()
        self.focused = False

    def paint(self, painter: QPainter, area: QRectF, caret: QTextCursor, selection: tuple[int, int]) -> None:
        """Paints the part of the document that lies in `area`; the painter is in document coordinates."""
        look = self.sheet.formats.look
        self.decorations.paint(painter, area)
        blocks = list(visible_blocks(self.sheet, area))
        painter.setPen(Qt.PenStyle.NoPen)
        for peer in self.peers:
            if peer.anchor != peer.position:
                tint = QColor(peer.colour)
                tint.setAlphaF(0.2)
                self._range(painter, blocks, sorted((peer.anchor, peer.position)), tint, letters=True)
        for number, place in enumerate(self.found.places):
            if number != self.found.current:
                self._range(painter, blocks, place, look.tokens.highlight, letters=True)
        if selection[0] != selection[1]:
            self._range(painter, blocks, selection, look.tokens.selection, letters=False)
        if 0 <= self.found.current < len(self.found.places):  # over the selection, which is the same place
            tint = QColor(look.tokens.accent)
            tint.setAlphaF(0.5)
            self._range(painter, blocks, self.found.places[self.found.current], tint, letters=True)
        draw_text(painter, self.sheet, area)
        if self.focused:
            self._dim(painter, area, blocks, caret)
        for peer in self.peers:
            self._peer(painter, blocks, peer, caret)

    def _range(
        self,
        painter: QPainter,
        blocks: list[tuple[QTextBlock, Row, int]],
        place: tuple[int, int] | list[int],
        colour: QColor,
        *,
        letters: bool,
    ) -> None:
        """Fills what lies between two positions; `letters` keeps to the letters' height, else whole lines."""
        start, end = place
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        for block, row, _number in blocks:
            first = block.position()
            last = first + block.length() - 1
            if first > end or last < start:
                continue
            low, high = max(0, start - first), min(last, end) - first
            goes_on = end > last and not letters
            for line, left, right in stretches(block, low, high, trim=letters):
                cell = text_cell(block, line) if letters else line_cell(block, line, row)
                ends = goes_on and line.textStart() + line.textLength() >= block.length() - 1
                rect = QRectF(left, cell.top(), right - left + (7 if ends else 0), cell.height())
                if letters:
                    rect.adjust(-1, -1, 1, 1)
                    painter.drawRoundedRect(rect, 3, 3)
                else:
                    painter.drawRect(rect)
            if low == high and goes_on and block.layout().lineCount():
                cell = line_cell(block, block.layout().lineAt(0), row)
                painter.drawRect(QRectF(cell.left(), cell.top(), 7, cell.height()))

    def _dim(
        self, painter: QPainter, area: QRectF, blocks: list[tuple[QTextBlock, Row, int]], caret: QTextCursor
    ) -> None:
        veil = QColor(self.sheet.formats.look.tokens.bg)
        veil.setAlphaF(0.68)
        here = caret.blockNumber()
        top, bottom = area.top(), area.top()
        for block, row, number in blocks:
            if number == here:
                lines = block.layout()
                top = line_cell(block, lines.lineAt(0), row).top()
                bottom = line_cell(block, lines.lineAt(lines.lineCount() - 1), row).bottom()
                bottom += row.box.below if row.box else 0
        painter.fillRect(QRectF(area.left(), area.top(), area.width(), top - area.top()), veil)
        painter.fillRect(QRectF(area.left(), bottom, area.width(), area.bottom() - bottom), veil)

    def caret_rect(self, block: QTextBlock, at: int) -> QRectF | None:
        """The bar of a caret at a position in a block, in document coordinates; None while nothing is laid out."""
        line = block.layout().lineForTextPosition(at)
        if not line.isValid():
            return None
        cell = text_cell(block, line)
        x = block.layout().position().x() + x_of(line, at)
        return QRectF(x - CARET_PX / 2, cell.top() - 1, CARET_PX, cell.height() + 2)

    def _peer(
        self, painter: QPainter, blocks: list[tuple[QTextBlock, Row, int]], peer: PeerCaret, caret: QTextCursor
    ) -> None:
        for block, _row, _number in blocks:
            at = peer.position - block.position()
            if not 0 <= at < block.length():
                continue
            bar = self.caret_rect(block, at)
            if bar is None:
                return
            painter.fillRect(bar, peer.colour)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(peer.colour)
            font = ui_font(self.sheet.formats.look.scaled(11), 600)
            metrics, most_px = QFontMetricsF(font), self.sheet.formats.look.scaled(NAME_PX)
            name = metrics.elidedText(peer.name, Qt.TextElideMode.ElideRight, most_px)
            width = metrics.horizontalAdvance(name) + 12
            flag = flag_place(bar, width, self._line_of(blocks, caret)) if peer.flag else None
            if flag is None:
                painter.drawEllipse(QPointF(bar.center().x(), bar.top()), 3.5, 3.5)
            else:
                self._flag(painter, name, flag, font, above=flag.top() < bar.top())
            return

    def _flag(self, painter: QPainter, name: str, flag: QRectF, font: QFont, *, above: bool) -> None:
        painter.drawRoundedRect(flag, 4, 4)
        corner = flag.bottom() - 5 if above else flag.top() - 1  # no round corner at the bar
        painter.drawRect(QRectF(flag.left(), corner, CARET_PX, 6))
        painter.setFont(font)
        painter.setPen(self.sheet.formats.look.tokens.on_accent)
        painter.drawText(flag, int(Qt.AlignmentFlag.AlignCenter), name)

    def _line_of(self, blocks: list[tuple[QTextBlock, Row, int]], caret: QTextCursor) -> QRectF:
        """The letters of the line that is being written here, in document coordinates; empty if not in sight."""
        for block, _row, number in blocks:
            if number == caret.blockNumber():
                line = block.layout().lineForTextPosition(caret.positionInBlock())
                if line.isValid():
                    return text_cell(block, line)
        return QRectF()


def flag_place(bar: QRectF, width: float, mine: QRectF) -> QRectF | None:
    """Where a name goes beside its caret: above it, below it, or nowhere, so that it never covers the line `mine`."""
    above = QRectF(bar.left(), bar.top() - FLAG_PX, width, FLAG_PX)
    below = QRectF(bar.left(), bar.bottom(), width, FLAG_PX)
    # The lines stand close: a flag may reach by a pixel into the next one.
    line = mine.adjusted(0, 2, 0, -2)
    return next((place for place in (above, below) if not place.intersects(line)), None)
