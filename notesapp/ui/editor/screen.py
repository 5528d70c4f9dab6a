"""Paints one frame of the editor: decorations, selection, found places, text, carets, mine and others'.

Knows the sheet and where carets are; decides nothing about them.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    QTextLine,
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
        self._others(painter, area, caret)

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

    def _others(self, painter: QPainter, area: QRectF, caret: QTextCursor) -> None:
        """Everybody's caret with a name or a dot. Where names go is decided for all of them whatever is repainted,
        so that no two parts of the window are painted with names at different places."""
        font, most_px = ui_font(self.sheet.formats.look.scaled(11), 600), self.sheet.formats.look.scaled(NAME_PX)
        metrics, mine, taken = QFontMetricsF(font), self._line_of(caret), list[QRectF]()
        for peer in self.peers:
            block = self.sheet.document.findBlock(peer.position)
            bar = self.caret_rect(block, peer.position - block.position()) if block.isValid() else None
            if bar is None:
                continue
            flag, name = None, metrics.elidedText(peer.name, Qt.TextElideMode.ElideRight, most_px)
            if peer.flag:
                letters = _beside(block, block.layout().lineForTextPosition(peer.position - block.position()))
                flag = flag_place(bar, metrics.horizontalAdvance(name) + 12, mine, taken, letters)
            if flag is not None:
                taken.append(flag)
            if not area.intersects(bar.adjusted(-4, -4, 4, 4) if flag is None else bar.united(flag)):
                continue
            painter.fillRect(bar, peer.colour)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(peer.colour)
            if flag is None:
                painter.drawEllipse(QPointF(bar.center().x(), bar.top()), 3.5, 3.5)
            else:
                self._flag(painter, name, flag, font, above=flag.top() < bar.top())

    def _flag(self, painter: QPainter, name: str, flag: QRectF, font: QFont, *, above: bool) -> None:
        painter.drawRoundedRect(flag, 4, 4)
        corner = flag.bottom() - 5 if above else flag.top() - 1  # no round corner at the bar
        painter.drawRect(QRectF(flag.left(), corner, CARET_PX, 6))
        painter.setFont(font)
        painter.setPen(self.sheet.formats.look.tokens.on_accent)
        painter.drawText(flag, int(Qt.AlignmentFlag.AlignCenter), name)

    def _line_of(self, caret: QTextCursor) -> QRectF:
        """The letters of the line that is being written here, in document coordinates; empty if not laid out."""
        line = caret.block().layout().lineForTextPosition(caret.positionInBlock())
        return text_cell(caret.block(), line) if line.isValid() else QRectF()


def _beside(block: QTextBlock, line: QTextLine) -> list[QRectF]:
    """The letters of the lines above and below one, in document coordinates."""
    found: list[QRectF] = []
    for step, neighbour in ((-1, block.previous()), (1, block.next())):
        number, lines = line.lineNumber() + step, block.layout().lineCount()
        where, there = (block, number) if 0 <= number < lines else (neighbour, -1 if step < 0 else 0)
        if not where.isValid() or not where.isVisible() or not (count := where.layout().lineCount()):
            continue
        other = where.layout().lineAt(there % count)
        if other.naturalTextWidth() > 0:
            found.append(text_cell(where, other))
    return found


def flag_place(
    bar: QRectF, width: float, mine: QRectF, taken: Sequence[QRectF] = (), letters: Sequence[QRectF] = ()
) -> QRectF | None:
    """Where a name goes beside its caret: above or below, rather where it covers none of the `letters`, and to the
    right of the names that are `taken`; nowhere if it could only cover the line `mine`."""
    # The lines stand close: a flag may reach by a pixel into the next one.
    line = mine.adjusted(0, 2, 0, -2)
    above = QRectF(bar.left(), bar.top() - FLAG_PX, width, FLAG_PX)
    below = QRectF(bar.left(), bar.bottom(), width, FLAG_PX)
    free = [place for place in (above, below) if not place.intersects(line)]
    free.sort(key=lambda place: any(place.intersects(cell) for cell in letters))
    for place in free:
        if not any(place.intersects(other) for other in taken):
            return place
    if not free:
        return None
    place = free[0]
    while others := [other for other in taken if place.intersects(other)]:
        place.moveLeft(max(other.right() for other in others) + 1)
    return place
