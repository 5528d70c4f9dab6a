"""Where things stand in a laid-out document: lines, stretches of characters, the cells of a line's height.

All rectangles are in document coordinates, in pixels.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QTextBlock, QTextDocument, QTextLine

from notesapp.ui.editor.rows import Row
from notesapp.ui.editor.sheet import Sheet


def lay_out(document: QTextDocument) -> None:
    """Lays out all of a document that is not on the screen; until then its size is only what is done."""
    document.documentLayout().blockBoundingRect(document.lastBlock())


def x_of(line: QTextLine, at: int) -> float:
    """The x of a position in its line, from the block's left."""
    found: object = line.cursorToX(at)
    if isinstance(found, tuple):  # (x, position), though the stubs promise a number
        found = found[0]
    return float(found)  # type: ignore[arg-type] # a number now


def baseline(block: QTextBlock, line: QTextLine) -> float:
    """The y of a line's baseline."""
    return block.layout().position().y() + line.y() + line.ascent()


def line_cell(block: QTextBlock, line: QTextLine, row: Row) -> QRectF:
    """The full height that a line has, over its whole width: Qt puts the baseline at four fifths of a fixed height."""
    height = row.box.height if row.box is not None else line.height()
    top = baseline(block, line) - height * 4 / 5
    left = block.layout().position().x() + line.x()
    return QRectF(left, top, line.width(), height)


def text_cell(block: QTextBlock, line: QTextLine) -> QRectF:
    """The height of a line's letters, with a little air: what pills and highlights cover."""
    y = baseline(block, line)
    ascent, descent = line.ascent(), line.descent()
    left = block.layout().position().x() + line.x()
    return QRectF(left, y - ascent * 0.98, line.naturalTextWidth(), ascent + descent)


def _mixed(text: str) -> bool:
    return not text.isascii() and any(unicodedata.bidirectional(char) in ("R", "AL") for char in text)


def stretches(
    block: QTextBlock, start: int, end: int, *, trim: bool = True
) -> Iterator[tuple[QTextLine, float, float]]:
    """The stretches (line, left x, right x) that characters `start` to `end` of a block cover on the screen.

    `trim` leaves out the space at which a line is broken.
    """
    layout = block.layout()
    text = block.text()
    mixed = _mixed(text)
    x0 = layout.position().x()
    for number in range(layout.lineCount()):
        line = layout.lineAt(number)
        low, high = max(start, line.textStart()), min(end, line.textStart() + line.textLength())
        if low >= high and not (low == high == start == end):
            continue
        if trim and high == line.textStart() + line.textLength() and text.isascii():
            while high - 1 > low and text[high - 1] == " ":
                high -= 1
        if not mixed or low == high:
            yield line, x0 + x_of(line, low), x0 + x_of(line, high)
            continue
        # In bidirectional text a stretch of characters is several stretches of the screen.
        edges = [x_of(line, at) for at in range(low, high + 1)]
        parts = sorted((min(a, b), max(a, b)) for a, b in pairwise(edges))
        left, right = parts[0]
        for more_left, more_right in parts[1:]:
            if more_left > right + 0.5:
                yield line, x0 + left, x0 + right
                left = more_left
            right = max(right, more_right)
        yield line, x0 + left, x0 + right


def visible_blocks(sheet: Sheet, area: QRectF) -> Iterator[tuple[QTextBlock, Row, int]]:
    """The blocks that show in `area` of the document, with their rows and numbers."""
    document = sheet.document
    layout = document.documentLayout()
    at = layout.hitTest(QPointF(area.left(), max(0.0, area.top() - 1)), Qt.HitTestAccuracy.FuzzyHit)
    block = document.findBlock(max(0, at))
    # A picture hangs below its line, a box begins above its first line: start a little earlier.
    for _ in range(2):
        if block.previous().isValid():
            block = block.previous()
    number = block.blockNumber()
    while block.isValid() and number < len(sheet.rows):
        row = sheet.rows[number]
        box = row.box
        if block.layout().lineCount():
            top = baseline(block, block.layout().lineAt(0)) - (box.height if box else 0) - (box.above if box else 0)
            if top > area.bottom():
                return
            yield block, row, number
        block, number = block.next(), number + 1


def block_top(block: QTextBlock, row: Row) -> float:
    """The top of a block's first line cell."""
    return line_cell(block, block.layout().lineAt(0), row).top()


def block_bottom(block: QTextBlock, row: Row) -> float:
    """The bottom of a block's last line cell."""
    layout = block.layout()
    return line_cell(block, layout.lineAt(layout.lineCount() - 1), row).bottom()
