"""The page of all keys: find a command, give it other keys, or its own ones back."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QKeySequenceEdit,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from notesapp.ui.commands import Command, Commands
from notesapp.ui.dialogs.form import Page
from notesapp.ui.fuzzy import fold
from notesapp.ui.parts import button, words
from notesapp.ui.style.fonts import ui_font
from notesapp.ui.style.theme import Theme
from notesapp.ui.style.tokens import META_PX, SMALL_PX, UI_PX

_NAME = Qt.ItemDataRole.UserRole
_TITLE = Qt.ItemDataRole.UserRole + 1
ROW_PX = 30


def _tr(text: str) -> str:
    return QCoreApplication.translate("Settings", text)


def types_text(keys: str) -> bool:
    """Whether these keys, as portable text, are wanted for writing: a letter, Return, an arrow without Ctrl or Alt."""
    return re.search(r"(?:Ctrl|Alt|Meta)\+|\bF\d{1,2}$", keys) is None


class _Painter(QStyledItemDelegate):
    """A row: the command at the left, its keys as caps at the right. A row without a name is a group's title."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, ROW_PX)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        tokens = self._theme.tokens
        box = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        if not index.data(_NAME):
            painter.setFont(ui_font(META_PX, 600))
            painter.setPen(tokens.text3)
            painter.drawText(box.adjusted(10, 4, -10, 0), middle, str(index.data(_TITLE)).upper())
            painter.restore()
            return
        current = bool(option.state & QStyle.StateFlag.State_Selected)
        if current or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.sel_note if current else tokens.hover)
            painter.drawRoundedRect(box.adjusted(2, 1, -2, -1), 7, 7)
        right = self._caps(painter, str(index.sibling(index.row(), 1).data() or ""), box)
        painter.setFont(ui_font(UI_PX))
        painter.setPen(tokens.text)
        room = right - box.left() - 18
        title = QFontMetricsF(painter.font()).elidedText(index.data(_TITLE), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(box.left() + 10, box.top(), room, box.height()), middle, title)
        painter.restore()

    def _caps(self, painter: QPainter, keys: str, box: QRectF) -> float:
        tokens, right = self._theme.tokens, box.right() - 10
        painter.setFont(ui_font(SMALL_PX, 500))
        metrics = QFontMetricsF(painter.font())
        for cap in reversed([part for part in keys.split(", ") if part]):
            width = metrics.horizontalAdvance(cap) + 14
            rect = QRectF(right - width, box.center().y() - 10, width, 20)
            painter.setPen(tokens.line_strong)
            painter.setBrush(tokens.elev)
            painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
            painter.setPen(tokens.text2)
            painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), cap)
            right -= width + 6
        return right


class ShortcutsPage(Page):
    """A filter, the list, and the keys of the chosen command."""

    def __init__(self, commands: Commands, changed: Callable[[str], object], theme: Theme) -> None:
        super().__init__(_tr("Keyboard shortcuts"))
        self._commands, self._changed = commands, changed
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(_tr("Find a command"))
        self.filter.setAccessibleName(_tr("Find a command"))
        self.filter.setClearButtonEnabled(True)
        self.setFocusProxy(self.filter)
        self.add(self.filter)
        self.tree = QTreeWidget()
        self.tree.setObjectName("plain")
        self.tree.setColumnCount(2)
        self.tree.setColumnHidden(1, True)
        self.tree.setItemDelegate(_Painter(theme, self.tree))
        self.tree.setHeaderHidden(True)
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self.tree.setMouseTracking(True)
        self.tree.setMinimumHeight(13 * ROW_PX)
        self.tree.setAccessibleName(_tr("Commands and their keys"))
        self.add(self.tree)
        self.keys = QKeySequenceEdit()
        self.keys.setMaximumSequenceLength(1)
        self.keys.setClearButtonEnabled(True)
        self.keys.setFixedWidth(200)
        self.keys.setAccessibleName(_tr("Keys of the chosen command"))
        self._note = words("", 12, tone="warn", wrap=True)
        self.add(self._bar())
        self.add(self._note)
        self._fill()
        self.filter.textChanged.connect(self._filter)
        self.tree.currentItemChanged.connect(lambda *_: self._chosen())
        self.keys.editingFinished.connect(self._typed)
        first = next((item for item in self._items() if item.data(0, _NAME)), None)
        if first is not None:
            self.tree.setCurrentItem(first)

    def _bar(self) -> QWidget:
        bar = QWidget()
        line = QHBoxLayout(bar)
        line.setContentsMargins(0, 4, 0, 0)
        line.setSpacing(10)
        line.addWidget(words(_tr("Keys")))
        line.addWidget(self.keys)
        line.addWidget(button(_tr("Default"), pressed=self._default))
        line.addStretch()
        return bar

    def _fill(self) -> None:
        groups: dict[str, list[Command]] = {}
        for command in self._commands:
            groups.setdefault(command.group, []).append(command)
        for group, held in groups.items():
            head = QTreeWidgetItem()
            head.setData(0, _TITLE, group)
            head.setFlags(Qt.ItemFlag.NoItemFlags)
            self.tree.addTopLevelItem(head)
            for command in held:
                text = f"{group}: {command.title}" if group else command.title
                item = QTreeWidgetItem([text, self._shown(command.name)])
                item.setData(0, _NAME, command.name)
                item.setData(0, _TITLE, command.title)
                self.tree.addTopLevelItem(item)

    def _items(self) -> list[QTreeWidgetItem]:
        found = (self.tree.topLevelItem(number) for number in range(self.tree.topLevelItemCount()))
        return [item for item in found if item is not None]

    def _shown(self, name: str) -> str:
        native = QKeySequence.SequenceFormat.NativeText
        return ", ".join(QKeySequence(key).toString(native) for key in self._commands.keys(name))

    def _filter(self, typed: str) -> None:
        wanted = fold(typed.strip())
        head: QTreeWidgetItem | None = None
        for item in self._items():
            if not item.data(0, _NAME):
                head = item
                head.setHidden(True)
                continue
            item.setHidden(wanted not in fold(f"{item.text(0)} {item.text(1)}"))
            if head is not None and not item.isHidden():
                head.setHidden(False)

    def _name(self) -> str | None:
        item = self.tree.currentItem()
        return item.data(0, _NAME) if item is not None else None

    def _chosen(self) -> None:
        name = self._name()
        keys = self._commands.keys(name) if name is not None else ()
        self.keys.setKeySequence(QKeySequence(keys[0]) if keys else QKeySequence())
        self._note.setText("")

    def _typed(self) -> None:
        name = self._name()
        if name is not None:
            keys = self.keys.keySequence().toString(QKeySequence.SequenceFormat.PortableText)
            if keys not in self._commands.keys(name):
                self._give(name, keys)

    def _default(self) -> None:
        name = self._name()
        if name is not None:
            self._commands.remap(name, None)
            self._tell(name)
            self._chosen()

    def _give(self, name: str, keys: str) -> None:
        holder = self._commands.holder(keys, but=name) if keys else None
        if holder is not None:
            taken = _tr("“%1” has these keys already.").replace("%1", self._commands[holder].title)
            self._chosen()
            self._note.setText(taken)
            return
        if keys and types_text(keys):
            self._chosen()
            self._note.setText(_tr("That key writes; take it together with Ctrl or Alt."))
            return
        self._commands.remap(name, keys)
        self._tell(name)

    def _tell(self, name: str) -> None:
        item = self.tree.currentItem()
        if item is not None:
            item.setText(1, self._shown(name))
        self._changed("shortcuts")
