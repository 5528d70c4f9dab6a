"""Draws one note in the list: title, two lines of snippet without marks, time, tags. Reads rows; changes nothing.

Breaking a snippet into lines is the expensive part (about 60 µs), so the lines are kept per text and width.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from notesapp.ui.faces.avatar import paint_faces
from notesapp.ui.note_list.rows import ROW, Row
from notesapp.ui.style.fonts import ui_font
from notesapp.ui.style.icons import paint_icon
from notesapp.ui.style.theme import Theme
from notesapp.ui.style.tokens import META_PX, UI_PX
from notesapp.ui.when import short_time

ROW_PX, FACE_PX = 94, 18
_MARGIN, _INSET, _RADIUS = 8, 14, 8
_LINE_PX = 18
_SNIPPET_LIMIT = 400  # two lines of 420 px never hold more


@lru_cache(maxsize=1)
def _fonts() -> tuple[QFont, QFont, QFont]:
    return ui_font(14, 600), ui_font(UI_PX), ui_font(META_PX)


@lru_cache(maxsize=4096)
def _lines(text: str, width: int) -> tuple[tuple[int, str], ...]:
    """The first two lines of a snippet as (start in code points of the BMP-safe text, line); the last one elided."""
    if not text.strip():
        return ()
    font = _fonts()[1]
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    found: list[tuple[int, str]] = []
    units = text.encode("utf-16-le", "surrogatepass")
    for number in range(2):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        start, length = line.textStart(), line.textLength()
        if number == 1:
            length = len(units) // 2 - start
        piece = units[start * 2 : (start + length) * 2].decode("utf-16-le", "replace")
        before = len(units[: start * 2].decode("utf-16-le", "replace"))
        if number == 1:
            piece = QFontMetricsF(font).elidedText(piece, Qt.TextElideMode.ElideRight, width)
        found.append((before, piece.rstrip()))
    layout.endLayout()
    return tuple(found)


class NotePainter(QStyledItemDelegate):
    """The delegate of the list."""

    def __init__(self, theme: Theme, now_ms: Callable[[], int], parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._now_ms = now_ms

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, ROW_PX)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row = index.data(ROW)
        if not isinstance(row, Row):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect).adjusted(_MARGIN, 2, -_MARGIN, -2)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        self._ground(painter, option, box, selected)
        left, right = box.left() + _INSET, box.right() - _INSET
        if row.unread:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.tokens.accent)
            painter.drawEllipse(QPointF(box.left() + 7, box.top() + 19), 3.2, 3.2)
        self._title(painter, row, left, right, box.top() + 9)
        lines = self._snippet(painter, row, left, right, box.top() + 30)
        # A short snippet pulls the time up to it; the row keeps its height.
        self._meta(painter, row, left, right, box.top() + 32 + lines * _LINE_PX, selected)
        if row.people:
            tokens = self._theme.tokens
            rim = tokens.sel_note if selected else tokens.list_bg
            paint_faces(painter, self._theme, row.people, QPointF(right + 2, box.bottom() - 15), FACE_PX, rim)
        painter.restore()

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem, box: QRectF, selected: bool) -> None:
        tokens = self._theme.tokens
        ground: QColor | None = None
        if selected:
            ground = tokens.sel_note
        elif option.state & QStyle.StateFlag.State_MouseOver:
            ground = tokens.hover
        if ground is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(box, _RADIUS, _RADIUS)
        if not selected:
            painter.setPen(QPen(tokens.line, 1))
            y = option.rect.bottom() + 0.5
            painter.drawLine(QPointF(box.left() + _INSET - 3, y), QPointF(box.right() - _INSET + 3, y))
        view = option.widget
        focused = option.state & QStyle.StateFlag.State_HasFocus
        if focused and isinstance(view, QAbstractItemView) and view.property("keyboard"):
            painter.setPen(QPen(tokens.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), _RADIUS - 1, _RADIUS - 1)

    def _title(self, painter: QPainter, row: Row, left: float, right: float, top: float) -> None:
        tokens = self._theme.tokens
        edge = right
        if row.favourite:
            edge -= 15
            paint_icon(painter, "star", QPointF(edge, top + 3), tokens.warn, 13, fill=True)
            edge -= 4
        if row.note.pinned:
            edge -= 15
            paint_icon(painter, "pin", QPointF(edge, top + 3), tokens.text2, 13)
            edge -= 4
        font = _fonts()[0]
        painter.setFont(font)
        title = row.note.title
        painter.setPen(tokens.text if title else tokens.text2)
        shown = QFontMetricsF(font).elidedText(title or self.tr("Untitled"), Qt.TextElideMode.ElideRight, edge - left)
        painter.drawText(QRectF(left, top, edge - left, 20), int(Qt.AlignmentFlag.AlignVCenter), shown)

    def _snippet(self, painter: QPainter, row: Row, left: float, right: float, top: float) -> int:
        """Draws the snippet; how many lines it took."""
        tokens = self._theme.tokens
        font = _fonts()[1]
        text = row.text[:_SNIPPET_LIMIT]
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        lines = _lines(text, int(right - left))
        for number, (start, piece) in enumerate(lines):
            y = top + number * _LINE_PX
            for begin, end in row.marks:
                lo, hi = max(begin - start, 0), min(end - start, len(piece))
                if lo < hi:
                    x = left + metrics.horizontalAdvance(piece[:lo])
                    mark = QRectF(x - 1, y + 1, metrics.horizontalAdvance(piece[lo:hi]) + 2, _LINE_PX - 2)
                    painter.setPen(Qt.PenStyle.NoPen)
                    painter.setBrush(tokens.highlight)
                    painter.drawRoundedRect(mark, 3, 3)
            painter.setPen(tokens.text2)
            box = QRectF(left, y, right - left + 2, _LINE_PX)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), piece)
        return len(lines)

    def _meta(self, painter: QPainter, row: Row, left: float, right: float, top: float, selected: bool) -> None:
        tokens = self._theme.tokens
        font = _fonts()[2]
        painter.setFont(font)
        painter.setPen(tokens.text2 if selected else tokens.text3)
        parts = [short_time(row.note.edited_ms, self._now_ms())]
        if row.home:
            parts.append(row.home)
        parts += [f"#{tag}" for tag in row.note.tags[:4]]
        room = right - left - (FACE_PX * min(len(row.people), 4) + 6 if row.people else 0)
        shown = QFontMetricsF(font).elidedText("   ".join(parts), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(left, top, right - left, 16), int(Qt.AlignmentFlag.AlignVCenter), shown)
