"""Draws the sidebar's rows: icon, name, count, chevron, section titles. Reads the model; changes nothing."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView

from notesapp.ui.sidebar.tree import Kind, Role
from notesapp.ui.style.fonts import ui_font
from notesapp.ui.style.icons import paint_icon
from notesapp.ui.style.theme import Theme
from notesapp.ui.style.tokens import META_PX, UI_PX

ROW_PX, SECTION_PX, GAP_PX = 31, 38, 12
MARGIN, INSET, INDENT, ICON = 8, 12, 18, 16
_RADIUS = 7


def plus_rect(row: QRect) -> QRect:
    """Where a section's plus is."""
    return QRect(row.right() - 36, row.bottom() - 27, 24, 24)


def chevron_rect(row: QRect, level: int) -> QRect:
    """Where a branch is opened and closed with the mouse."""
    return QRect(row.left() + MARGIN - 2 + level * INDENT, row.top(), 15, row.height())


class SidebarPainter(QStyledItemDelegate):
    """The delegate of the sidebar's tree."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        match index.data(Role.KIND):
            case Kind.SECTION:
                height = SECTION_PX
            case Kind.GAP:
                height = GAP_PX
            case _:
                height = ROW_PX
        return QSize(80, height)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        kind = index.data(Role.KIND)
        if kind is Kind.GAP:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if kind is Kind.SECTION:
            self._section(painter, option, index)
        else:
            self._row(painter, option, index)
        painter.restore()

    def _section(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        tokens, rect = self._theme.tokens, option.rect
        font = ui_font(META_PX, 600)
        font.setLetterSpacing(font.SpacingType.AbsoluteSpacing, 0.5)
        painter.setFont(font)
        painter.setPen(tokens.text3)
        text = index.data(Qt.ItemDataRole.DisplayRole).upper()
        where = rect.adjusted(MARGIN + INSET, 10, -40, 0)
        painter.drawText(where, int(Qt.AlignmentFlag.AlignVCenter), text)
        if index.data(Role.ADD):
            box = plus_rect(rect)
            view = option.widget
            pointed = isinstance(view, QTreeView) and box.contains(view.viewport().mapFromGlobal(view.cursor().pos()))
            if pointed and option.state & QStyle.StateFlag.State_MouseOver:
                painter.setBrush(tokens.hover)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.drawRoundedRect(QRectF(box), 6, 6)
            paint_icon(painter, "plus", QPointF(box.x() + 4, box.y() + 4), tokens.text3, ICON)

    def _row(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        tokens = self._theme.tokens
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        box = QRectF(option.rect).adjusted(MARGIN, 0.5, -MARGIN, -0.5)
        self._ground(painter, option, box, selected)
        level = index.data(Role.LEVEL) or 0
        left = box.left() + INSET + level * INDENT
        middle = box.center().y()
        self._chevron(painter, option, index, level)
        ink = tokens.accent if selected else tokens.text2
        paint_icon(painter, index.data(Role.ICON), QPointF(left, middle - ICON / 2), ink, ICON)
        right = box.right() - INSET
        count = index.data(Role.COUNT)
        if count is not None:
            painter.setFont(ui_font(META_PX))
            painter.setPen(tokens.text2 if selected else tokens.text3)
            where = QRectF(right - 60, box.top(), 60, box.height())
            painter.drawText(where, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), f"{count}")
            right -= QFontMetrics(painter.font()).horizontalAdvance(f"{count}") + 8
        font = ui_font(UI_PX, 600 if selected else 400)
        painter.setFont(font)
        painter.setPen(tokens.text)
        where = QRectF(left + ICON + 10, box.top(), right - left - ICON - 10, box.height())
        name = QFontMetrics(font).elidedText(
            index.data(Qt.ItemDataRole.DisplayRole), Qt.TextElideMode.ElideRight, int(where.width())
        )
        painter.drawText(where, int(Qt.AlignmentFlag.AlignVCenter), name)

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem, box: QRectF, selected: bool) -> None:
        tokens = self._theme.tokens
        ground: QColor | None = None
        if selected:
            ground = tokens.sel
        elif option.state & QStyle.StateFlag.State_MouseOver:
            ground = tokens.hover
        if ground is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(box, _RADIUS, _RADIUS)
        view = option.widget
        if option.state & QStyle.StateFlag.State_HasFocus and isinstance(view, QTreeView) and _by_keyboard(view):
            painter.setPen(QPen(tokens.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), _RADIUS - 1, _RADIUS - 1)

    def _chevron(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
        level: int,
    ) -> None:
        view = option.widget
        if not isinstance(view, QTreeView) or not index.model().hasChildren(index):
            return
        name = "chevron-down" if option.state & QStyle.StateFlag.State_Open else "chevron-right"
        box = chevron_rect(option.rect, level)
        paint_icon(painter, name, QPointF(box.x(), box.center().y() - 5), self._theme.tokens.text3, 11)


def _by_keyboard(view: QTreeView) -> bool:
    return bool(view.property("keyboard"))
