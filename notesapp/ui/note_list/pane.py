"""The list's widgets: header with name, count, order and “new”, search field, the rows, and what stands there if empty.
Tells what was asked; acts on nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from notesapp.ui.focus import KeyboardMark
from notesapp.ui.note_list.painter import NotePainter
from notesapp.ui.note_list.rows import NoteRows, Row
from notesapp.ui.parts import Empty, IconButton, words
from notesapp.ui.style.theme import Theme
from notesapp.ui.style.tokens import SMALL_PX

_EXTENDING = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def wall_ms() -> int:
    """Now, in ms since 1970."""
    return int(time.time() * 1000)


class NoteListView(QListView):
    """The rows. Enter opens with the caret in the text; Delete moves to the trash."""

    menu_asked = Signal(QPoint)
    entered_note = Signal()
    delete_asked = Signal()

    def __init__(self, theme: Theme, model: NoteRows, now_ms: Callable[[], int]) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(NotePainter(theme, now_ms, self))
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(30)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setAccessibleName(self.tr("Notes"))
        self.extending = False
        KeyboardMark(self)
        theme.changed.connect(self.viewport().update)

    def event(self, event: QEvent) -> bool:
        return self._watched(event, super().event)

    def viewportEvent(self, event: QEvent) -> bool:
        return self._watched(event, super().viewportEvent)

    def _watched(self, event: QEvent, pass_on: Callable[[QEvent], bool]) -> bool:
        """Whoever holds Ctrl or Shift adds to the choice: that is no wish to read another note."""
        if not isinstance(event, QMouseEvent | QKeyEvent):
            return pass_on(event)
        before, self.extending = self.extending, bool(event.modifiers() & _EXTENDING)
        try:
            return pass_on(event)
        finally:
            self.extending = before

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.menu_asked.emit(self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).center()))
        elif self.indexAt(event.pos()).isValid():
            self.menu_asked.emit(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.entered_note.emit()
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
                self.delete_asked.emit()
            case _:
                super().keyPressEvent(event)


class NoteListPane(QWidget):
    """The whole pane. `note_chosen(note_id)`: show it; `search_changed(text)`; `asked(command name)`."""

    note_chosen = Signal(bytes)
    note_entered = Signal()
    search_changed = Signal(str)
    search_left = Signal()
    asked = Signal(str)
    menu_asked = Signal(QPoint)
    sort_asked = Signal(QPoint)

    def __init__(self, theme: Theme, now_ms: Callable[[], int] = wall_ms) -> None:
        super().__init__()
        self.setObjectName("noteList")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self.rows = NoteRows(now_ms, self)
        self.view = NoteListView(theme, self.rows, now_ms)
        self.empty = Empty(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header())
        column.addWidget(self._search_row())
        self._body = QStackedWidget()
        self._body.addWidget(self.view)
        self._body.addWidget(self.empty)
        column.addWidget(self._body, 1)
        self._quiet = False
        self._open: bytes | None = None
        self.view.selectionModel().currentChanged.connect(self._current_changed)
        self.view.entered_note.connect(self.note_entered)
        self.view.menu_asked.connect(self.menu_asked)
        self.view.delete_asked.connect(lambda: self.asked.emit("note.trash"))

    # -- what it shows

    def show_rows(self, rows: Sequence[Row], current: bytes | None) -> None:
        """Shows rows and marks the note that is open, without choosing anything anew."""
        chosen = self.selected_ids()
        scroll = self.view.verticalScrollBar().value()
        self._quiet = True
        self.view.setAutoScroll(False)
        try:
            was_empty = not self.rows.rowCount()
            if self.rows.show(rows) or was_empty:
                there = (self.rows.index_of(note_id) for note_id in chosen[:500])
                self._choose([index for index in there if index.isValid()])
                self.view.doItemsLayout()  # else the scroll bar has no range yet
            if current != self._open or len(self.view.selectionModel().selectedIndexes()) < 2:
                self._mark(current)
            self.view.verticalScrollBar().setValue(scroll)
        finally:
            self.view.setAutoScroll(True)
            self._quiet = False
        self._count.setText(f"{len(rows)}" if rows else "")
        self._body.setCurrentWidget(self.view if rows else self.empty)

    def show_title(self, title: str) -> None:
        """The place's name in the header."""
        self._title.setText(title)

    def show_current(self, note_id: bytes | None) -> None:
        """Marks another note as the open one."""
        self._quiet = True
        self._open = note_id
        try:
            self._mark(note_id, alone=True)
        finally:
            self._quiet = False

    def show_search(self, text: str | None) -> None:
        """Opens the search field with a text, or closes it with None."""
        shown = text is not None
        self._search_box.setVisible(shown)
        self._sort.setVisible(not shown)
        if text is not None and text != self.search.text():
            self._quiet = True
            self.search.setText(text)
            self._quiet = False

    def show_narrow(self, narrow: bool) -> None:
        """In one column, a button leads back to the sidebar."""
        self._menu.setVisible(narrow)

    def selected_ids(self) -> list[bytes]:
        """The chosen notes from the top down."""
        indexes = sorted(self.view.selectionModel().selectedIndexes(), key=lambda index: index.row())
        return [self.rows.note_at(index).note_id for index in indexes]

    def focus_search(self) -> None:
        """Puts the caret into the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    # -- parts

    def _header(self) -> QWidget:
        header = QWidget()
        header.setFixedHeight(56)
        line = QHBoxLayout(header)
        line.setContentsMargins(22, 0, 14, 0)
        line.setSpacing(4)
        self._menu = IconButton(self._theme, "panel-left", self.tr("Show the sidebar"))
        self._menu.clicked.connect(lambda: self.asked.emit("view.sidebar"))
        self._menu.hide()
        self._title = words("", 15, 700)
        self._title.setSizePolicy(self._title.sizePolicy().Policy.Maximum, self._title.sizePolicy().Policy.Fixed)
        self._title.setMinimumWidth(40)
        self._count = words("", SMALL_PX, tone="3")
        self._sort = IconButton(self._theme, "arrow-up-down", self.tr("Sort the list"))
        self._sort.clicked.connect(lambda: self.sort_asked.emit(self._sort.mapToGlobal(QPoint(0, self._sort.height()))))
        self._new = IconButton(self._theme, "square-pen", self.tr("New note"), token="accent")
        self._new.clicked.connect(lambda: self.asked.emit("note.new"))
        line.addWidget(self._menu)
        line.addWidget(self._title)
        line.addSpacing(4)
        line.addWidget(self._count)
        line.addStretch()
        line.addWidget(self._sort)
        line.addWidget(self._new)
        return header

    def _search_row(self) -> QWidget:
        self._search_box = QWidget()
        line = QHBoxLayout(self._search_box)
        line.setContentsMargins(12, 0, 12, 10)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search all notes"))
        self.search.setAccessibleName(self.tr("Search all notes"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._typed)
        self.search.returnPressed.connect(self.note_entered)
        self.search.installEventFilter(_SearchKeys(self))
        line.addWidget(self.search)
        self._search_box.hide()
        return self._search_box

    # -- what it tells

    def _typed(self, text: str) -> None:
        if not self._quiet:
            self.search_changed.emit(text)

    def _current_changed(self, now: QModelIndex, before: QModelIndex) -> None:
        if not self._quiet and not self.view.extending and now.isValid():
            self.note_chosen.emit(self.rows.note_at(now).note_id)

    def _mark(self, note_id: bytes | None, *, alone: bool = False) -> None:
        selection = self.view.selectionModel()
        index = self.rows.index_of(note_id) if note_id is not None else QModelIndex()
        if not index.isValid():
            selection.clear()
            return
        if index == selection.currentIndex() and selection.isSelected(index) and not alone:
            return
        several = not alone and len(selection.selectedIndexes()) > 1 and selection.isSelected(index)
        flag = QItemSelectionModel.SelectionFlag
        selection.setCurrentIndex(index, flag.NoUpdate if several else flag.ClearAndSelect)

    def _choose(self, indexes: Sequence[QModelIndex]) -> None:
        if len(indexes) > 1:
            for index in indexes:
                self.view.selectionModel().select(index, QItemSelectionModel.SelectionFlag.Select)


class _SearchKeys(QObject):
    """Down goes from the search field into the rows, Escape leaves the search."""

    def __init__(self, pane: NoteListPane) -> None:
        super().__init__(pane)
        self._pane = pane

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        match event.key():
            case Qt.Key.Key_Down:
                view = self._pane.view
                if not view.currentIndex().isValid() and self._pane.rows.rowCount():
                    view.setCurrentIndex(self._pane.rows.index(0))
                view.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
            case Qt.Key.Key_Escape:
                self._pane.search_left.emit()
                return True
            case _:
                return False
