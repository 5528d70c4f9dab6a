"""Offers notes while `[[` is being typed and tags after `#`. Asks callables for what there is; inserts the choice."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from notesapp.ui.announce import announce
from notesapp.ui.editor.blocks import CODE, FRONT_MATTER
from notesapp.ui.editor.inline import Mark, units
from notesapp.ui.editor.note_edit import NoteEdit
from notesapp.ui.style.fonts import ui_font
from notesapp.ui.style.icons import paint_icon

SHOWN, ROW_PX, WIDTH_PX = 8, 34, 320
_WIKI = re.compile(r"!?\[\[([^\[\]|\n]*)$")
_TAG = re.compile(r"(?<![^\s(\[{,;])#([^\s#.,;:!?()\[\]{}]*)$")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One offer: `insert` is what will stand in the text, `title` what is shown, `detail` where it is."""

    title: str
    insert: str
    detail: str = ""


Source = Callable[[str], Sequence[Suggestion]]


class _Rows(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.found: list[Suggestion] = []

    def put(self, found: list[Suggestion]) -> None:
        self.beginResetModel()
        self.found = found
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.found)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self.found):
            return None
        one = self.found[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{one.title}, {one.detail}" if one.detail else one.title
        return one if role == Qt.ItemDataRole.UserRole else None


class _Delegate(QStyledItemDelegate):
    def __init__(self, owner: Completion) -> None:
        super().__init__(owner)
        self._owner = owner

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(WIDTH_PX - 12, ROW_PX)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        one = index.data(Qt.ItemDataRole.UserRole)
        tokens = self._owner.edit.theme.tokens
        rect = option.rect
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.sel_note)
            painter.drawRoundedRect(rect.adjusted(0, 1, 0, -1), 6, 6)
        icon = "hash" if self._owner.mark is Mark.TAG else "file-text"
        paint_icon(painter, icon, QPoint(rect.left() + 9, rect.center().y() - 7).toPointF(), tokens.text3, 15)
        painter.setFont(ui_font(13, 500))
        painter.setPen(tokens.text)
        font = painter.fontMetrics()
        detail = QFontMetrics(ui_font(11)).horizontalAdvance(one.detail) if one.detail else 0
        room = rect.width() - 42 - (detail + 12 if detail else 0)
        title = font.elidedText(one.title, Qt.TextElideMode.ElideRight, room)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(rect.adjusted(32, 0, 0, 0), int(middle), title)
        if one.detail:
            painter.setFont(ui_font(11))
            painter.setPen(tokens.text3)
            painter.drawText(rect.adjusted(0, 0, -10, 0), int(middle | Qt.AlignmentFlag.AlignRight), one.detail)


class Completion(QObject):
    """The popup of one editor. `notes` and `tags` answer with offers for what has been typed, best first."""

    def __init__(self, edit: NoteEdit, notes: Source, tags: Source) -> None:
        super().__init__(edit)
        self.edit = edit
        self.mark = Mark.WIKI
        self._sources = {Mark.WIKI: notes, Mark.TAG: tags}
        self._typed_from = 0
        self._dismissed = -1
        self._last_length = 0
        self.frame = QFrame(edit.viewport())
        self.frame.setObjectName("completion")
        self.frame.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.frame.hide()
        self.view = QListView(self.frame)
        self.view.setAccessibleName(self.tr("Suggestions"))
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setUniformItemSizes(True)
        self.view.setMouseTracking(True)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.model = _Rows(self)
        self.view.setModel(self.model)
        self.view.setItemDelegate(_Delegate(self))
        self.view.clicked.connect(lambda index: self.accept())
        edit.installEventFilter(self)
        edit.caret_changed.connect(self._look)
        edit.textChanged.connect(self._look)
        edit.theme.changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        tokens = self.edit.theme.tokens
        self.frame.setStyleSheet(
            f"#completion {{ background: {tokens.elev.name()}; border: 1px solid {tokens.line_strong.name()};"
            " border-radius: 9px; } QListView { background: transparent; border: none; outline: none; }"
        )

    @property
    def open(self) -> bool:
        """Whether the popup is on the screen."""
        return self.frame.isVisible()

    def _typed(self) -> tuple[Mark, int, str] | None:
        """What is being typed at the caret: the kind, where it begins, what there is of it."""
        edit = self.edit
        cursor = edit.textCursor()
        if cursor.hasSelection() or edit.isReadOnly() or not edit.hasFocus() or edit.sheet is None:
            return None
        if edit.kind_at_caret() in CODE or edit.kind_at_caret() in FRONT_MATTER:
            return None
        before = units(cursor.block().text())[: cursor.positionInBlock()]
        for mark, pattern in ((Mark.WIKI, _WIKI), (Mark.TAG, _TAG)):
            if found := pattern.search(before):
                start = cursor.block().position() + found.start(1)
                return mark, start, edit.keys.pen.text(start, cursor.position())
        return None

    def _look(self) -> None:
        typed = self._typed()
        length = self.edit.document().characterCount()
        grew, self._last_length = length != self._last_length, length
        if typed is None or typed[1] == self._dismissed:
            self.close()
            return
        mark, start, text = typed
        if not self.open and not grew:  # a caret that only passes by asks for nothing
            return
        self.mark, self._typed_from = mark, start
        found = list(self._sources[mark](text))[:40]
        if not found or (len(found) == 1 and found[0].insert == text):
            self.close()
            return
        self.model.put(found)
        # a tag is whole as soon as it is typed: Enter ends the line, unless an offer was chosen
        self.view.setCurrentIndex(self.model.index(-1 if mark is Mark.TAG else 0, 0))
        self._place(min(len(found), SHOWN))

    def _place(self, rows: int) -> None:
        height = rows * ROW_PX + 12
        caret = self.edit.cursorRect()
        area = self.edit.viewport().rect()
        x = max(4, min(caret.left() - 30, area.width() - WIDTH_PX - 4))
        y = caret.bottom() + 6
        if y + height > area.height() and caret.top() - height - 6 > 0:
            y = caret.top() - height - 6
        self.frame.setGeometry(x, y, WIDTH_PX, height)
        self.view.setGeometry(6, 6, WIDTH_PX - 12, height - 12)
        if not self.open:
            self.frame.show()
            self.frame.raise_()
            announce(self.edit, self.tr("%n suggestion(s)", "", self.model.rowCount()))

    def close(self) -> None:
        """Takes the popup away."""
        if self.open:
            self.frame.hide()

    def accept(self) -> None:
        """Writes the chosen offer."""
        chosen = self.view.currentIndex() if self.view.currentIndex().isValid() else self.model.index(0, 0)
        one = chosen.data(Qt.ItemDataRole.UserRole)
        if one is None:
            self.close()
            return
        cursor = self.edit.textCursor()
        end = cursor.position()
        text = one.insert
        if self.mark is Mark.WIKI:
            after = units(cursor.block().text())[cursor.positionInBlock() :]
            text += "" if after.startswith("]]") else "]]"
            caret = self._typed_from + len(units(one.insert)) + 2
        else:
            text += " "
            caret = self._typed_from + len(units(text))
        self.close()
        self.edit.keys.pen.replace(self._typed_from, end, text, caret=caret)
        self.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.close()
        if not self.open or not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        match event.key():
            case Qt.Key.Key_Down | Qt.Key.Key_Up:
                step = 1 if event.key() == Qt.Key.Key_Down else -1
                now = self.view.currentIndex().row()
                row = (now + step if now >= 0 or step > 0 else -1) % max(1, self.model.rowCount())
                index = self.model.index(row, 0)
                self.view.setCurrentIndex(index)
                announce(self.edit, str(index.data()), at_once=True)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if not self.view.currentIndex().isValid():
                self.close()
                return False
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Tab:
                self.accept()
            case Qt.Key.Key_Escape:
                self._dismissed = self._typed_from
                self.close()
            case _:
                return False
        return True
