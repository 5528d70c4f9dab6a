"""A field above a list: type, choose, Enter. The switcher, the command palette and “move to” are all this one sheet.

What fits the typed text is the caller's answer; here it is only shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from notesapp.ui.dialogs.sheet import Sheet
from notesapp.ui.parts import IconLabel, rule, words
from notesapp.ui.style.fonts import ui_font
from notesapp.ui.style.icons import paint_icon
from notesapp.ui.style.theme import Theme
from notesapp.ui.style.tokens import META_PX, SMALL_PX

ROW_PX, SHOWN_ROWS = 38, 9
AnyIndex = QModelIndex | QPersistentModelIndex
_CHOICE = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class Choice:
    """One row: `value` is what choosing it means; `marks` are the code points of `text` that were typed."""

    text: str
    value: object
    icon: str = "file-text"
    detail: str = ""
    keys: str = ""
    marks: tuple[int, ...] = ()


class _Choices(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.choices: Sequence[Choice] = ()

    def show(self, choices: Sequence[Choice]) -> None:
        self.beginResetModel()
        self.choices = choices
        self.endResetModel()

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.choices)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        choice = self.choices[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return choice.text
            case Qt.ItemDataRole.AccessibleTextRole:
                return ", ".join(part for part in (choice.text, choice.detail, choice.keys) if part)
            case _ if role == _CHOICE:
                return choice
            case _:
                return None


class _Painter(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(200, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        choice = index.data(_CHOICE)
        tokens = self._theme.tokens
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect).adjusted(8, 1, -8, -1)
        current = bool(option.state & QStyle.StateFlag.State_Selected)
        if current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.sel_note)
            painter.drawRoundedRect(box, 7, 7)
        middle = box.center().y()
        ink = tokens.accent if current else tokens.text2
        paint_icon(painter, choice.icon, QPointF(box.left() + 10, middle - 8), ink, 16)
        right = box.right() - 12
        right = self._aside(painter, choice, box, right, current)
        self._name(painter, choice, QRectF(box.left() + 38, box.top(), right - box.left() - 46, box.height()))
        painter.restore()

    def _aside(self, painter: QPainter, choice: Choice, box: QRectF, right: float, current: bool) -> float:
        painter.setFont(ui_font(META_PX if choice.keys else SMALL_PX))
        painter.setPen(self._theme.tokens.text2 if current else self._theme.tokens.text3)
        metrics = QFontMetricsF(painter.font())
        text = metrics.elidedText(choice.keys or choice.detail, Qt.TextElideMode.ElideLeft, box.width() * 0.4)
        width = metrics.horizontalAdvance(text)
        painter.drawText(
            QRectF(right - width - 1, box.top(), width + 2, box.height()), int(Qt.AlignmentFlag.AlignVCenter), text
        )
        return right - width - 8

    def _name(self, painter: QPainter, choice: Choice, box: QRectF) -> None:
        plain, strong = ui_font(14), ui_font(14, 700)
        marks = set(choice.marks)
        text = QFontMetricsF(strong).elidedText(choice.text, Qt.TextElideMode.ElideRight, box.width())
        painter.setPen(self._theme.tokens.text)
        x, at = box.left(), 0
        while at < len(text):
            marked, end = at in marks, at
            while end < len(text) and (end in marks) == marked:
                end += 1
            font = strong if marked else plain
            painter.setFont(font)
            painter.drawText(
                QRectF(x, box.top(), box.right() - x + 4, box.height()),
                int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine),
                text[at:end],
            )
            x += QFontMetricsF(font).horizontalAdvance(text[at:end])
            at = end


class Picker(Sheet[object]):
    """The sheet; `find(typed)` gives the rows, best first."""

    def __init__(
        self,
        theme: Theme,
        over: QWidget,
        prompt: str,
        find: Callable[[str], Sequence[Choice]],
        *,
        nothing: str = "",
        hint: str = "",
    ) -> None:
        """`prompt` stands in the empty field; `nothing` where nothing fits; `hint` is the line at the foot."""
        super().__init__(theme, over, width=600, top=96)
        self.setAccessibleName(prompt)
        self._find = find
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.field = QLineEdit()
        self.field.setProperty("bare", True)
        self.field.setFont(ui_font(16))
        self.field.setPlaceholderText(prompt)
        self.field.setAccessibleName(prompt)
        top = QHBoxLayout()
        top.setContentsMargins(18, 15, 18, 15)
        top.setSpacing(12)
        top.addWidget(IconLabel(theme, "search", side=18))
        top.addWidget(self.field)
        self.column.addLayout(top)
        self.column.addWidget(rule())
        self._choices = _Choices()
        self.list = QListView()
        self.list.setModel(self._choices)
        self.list.setItemDelegate(_Painter(theme, self.list))
        self.list.setUniformItemSizes(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setAccessibleName(prompt)
        self.list.entered.connect(self.list.setCurrentIndex)
        self.list.clicked.connect(lambda _: self._take())
        self._nothing = words(nothing, tone="2")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setFixedHeight(64)
        self.column.addSpacing(6)
        self.column.addWidget(self.list)
        self.column.addWidget(self._nothing)
        self.column.addSpacing(6)
        if hint:
            self.column.addWidget(rule())
            foot = words(hint, META_PX, tone="3")
            foot.setContentsMargins(18, 8, 18, 9)
            self.column.addWidget(foot)
        self.field.textChanged.connect(self._typed)
        self.field.installEventFilter(self)
        self._typed("")

    async def pick(self) -> object | None:
        """The value of the chosen row; None when the person left."""
        return await self.ask(self.field)

    def eventFilter(self, watched: QObject, event: object) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.KeyPress:
            return self._key(event)
        return super().eventFilter(watched, event)  # type: ignore[arg-type] # Qt only passes events

    def _key(self, event: QKeyEvent) -> bool:
        here = self.list.currentIndex().row()
        match event.key():
            case Qt.Key.Key_Down | Qt.Key.Key_Up:
                self._go(here + (1 if event.key() == Qt.Key.Key_Down else -1), around=True)
            case Qt.Key.Key_PageDown | Qt.Key.Key_PageUp:
                self._go(here + (SHOWN_ROWS if event.key() == Qt.Key.Key_PageDown else -SHOWN_ROWS))
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._take()
            case _:
                return False
        return True

    def _go(self, row: int, *, around: bool = False) -> None:
        count = self._choices.rowCount()
        if count:
            self.list.setCurrentIndex(self._choices.index(row % count if around else max(0, min(count - 1, row))))

    def _typed(self, text: str) -> None:
        self._choices.show(self._find(text))
        count = self._choices.rowCount()
        self.list.setVisible(count > 0)
        self._nothing.setVisible(count == 0)
        self.list.setFixedHeight(ROW_PX * min(count, SHOWN_ROWS) or 1)
        self._go(0)

    def _take(self) -> None:
        index = self.list.currentIndex()
        if index.isValid():
            self.finish(self._choices.choices[index.row()].value)
