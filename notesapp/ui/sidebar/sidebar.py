"""The sidebar's widgets: profile row, search pill, the tree, the foot. Tells what was asked; acts on nothing."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QModelIndex, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from notesapp.ui.focus import KeyboardMark
from notesapp.ui.parts import Elided, IconButton, plain_tip, rule, words
from notesapp.ui.places import Place, to_word
from notesapp.ui.sidebar.painter import SidebarPainter, chevron_rect, plus_rect
from notesapp.ui.sidebar.tree import Census, Role, SidebarModel
from notesapp.ui.style.fonts import ui_font
from notesapp.ui.style.theme import Theme
from notesapp.ui.style.tokens import META_PX, SMALL_PX, UI_PX


class Monogram(QWidget):
    """A rounded square in a person's colour with the first letter of the name."""

    def __init__(self, theme: Theme, side: int = 28) -> None:
        super().__init__()
        self._theme, self._name, self._colour, self._side = theme, "", -1, side
        self.setFixedSize(side, side)
        theme.changed.connect(self.update)

    def show_person(self, name: str, colour: int) -> None:
        """An empty name shows an N on the accent; `colour` below 0 means the accent."""
        if (name, colour) == (self._name, self._colour):
            return
        self._name, self._colour = name, colour
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._theme.tokens
        painter.setBrush(tokens.accent if self._colour < 0 else self._theme.person(self._colour))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(QRectF(self.rect()), self._side * 0.28, self._side * 0.28)
        painter.setPen(tokens.on_accent)
        painter.setFont(ui_font(self._side * 0.46, 700))
        letter = (self._name.strip() or "N")[0].upper()
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), letter)
        painter.end()


class Dot(QWidget):
    """The status dot; its tone is also said in words beside it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._tone = theme, "ok"
        self.setFixedSize(10, 10)
        theme.changed.connect(self.update)

    def show_tone(self, tone: str) -> None:
        """`tone` is a token's name: ok, warn, err, text3."""
        if tone != self._tone:
            self._tone = tone
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.tokens.colour(self._tone))
        painter.drawEllipse(QRectF(1, 1, 8, 8))
        painter.end()


class SidebarTree(QTreeView):
    """The tree of places; one click goes there, the chevron opens a branch."""

    add_asked = Signal(str)
    menu_asked = Signal(object, QPoint)

    def __init__(self, theme: Theme, model: SidebarModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(SidebarPainter(theme, self))
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDropIndicatorShown(False)
        self.setExpandsOnDoubleClick(True)
        self.setAccessibleName(self.tr("Notebooks and tags"))
        KeyboardMark(self)
        theme.changed.connect(self.viewport().update)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        index = self.indexAt(at)
        row = self.visualRect(index)
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            if index.data(Role.ADD) and plus_rect(row).contains(at):
                self.add_asked.emit(index.data(Role.ADD))
                return
            if self.model().hasChildren(index) and chevron_rect(row, index.data(Role.LEVEL)).contains(at):
                self.setExpanded(index, not self.isExpanded(index))
                return
        super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.indexAt(event.pos())
        if index.isValid():
            self.menu_asked.emit(index.data(Role.PLACE), event.globalPos())


class Sidebar(QWidget):
    """The whole pane. `place_chosen(place)`, `asked(command name)`, `menu_asked(place, where)`."""

    place_chosen = Signal(object)
    asked = Signal(str)
    menu_asked = Signal(object, QPoint)

    def __init__(self, theme: Theme, search_keys: str = "Ctrl+K") -> None:
        super().__init__()
        self.setObjectName("sidebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self.model = SidebarModel(self)
        self.tree = SidebarTree(theme, self.model)
        self._open: set[str] = set()
        self._place: Place | None = None
        self._standing = ("", "", "")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._profile_row())
        column.addWidget(self._search_row(search_keys))
        column.addSpacing(13)
        column.addWidget(self.tree, 1)
        column.addWidget(rule())
        column.addWidget(self._foot())
        self.tree.add_asked.connect(self.asked)
        self.tree.menu_asked.connect(self.menu_asked)
        self.tree.selectionModel().currentChanged.connect(self._current_changed)
        self.tree.expanded.connect(lambda index: self._remember(index, True))
        self.tree.collapsed.connect(lambda index: self._remember(index, False))
        theme.changed.connect(self._colour)
        self._colour()

    # -- what it shows

    def show_census(self, census: Census) -> None:
        """New counts and rows; what was open and current stays so."""
        self.tree.selectionModel().blockSignals(True)
        try:
            if not self.model.show(census):
                return  # an edit changes no count: nothing to be drawn anew
            for index in self.model.walk():
                place = index.data(Role.PLACE)
                if place is not None and to_word(place) in self._open:
                    self.tree.setExpanded(index, True)
            self._select()
        finally:
            self.tree.selectionModel().blockSignals(False)
        self.tree.viewport().update()

    def show_place(self, place: Place) -> None:
        """Marks the row of the place where the person is; none for a search."""
        self._place = place
        self.tree.selectionModel().blockSignals(True)
        try:
            self._select()
        finally:
            self.tree.selectionModel().blockSignals(False)
        self.tree.viewport().update()

    def show_person(self, name: str, colour: int) -> None:
        """The profile row; without a name it is simply “My notes”."""
        self._monogram.show_person(name, colour)
        self._name.show_text(self.tr("%1’s notes").replace("%1", name) if name else self.tr("My notes"))

    def show_status(self, tone: str, title: str, detail: str) -> None:
        """The foot: one of the five states in words, and one line on where the text is."""
        if (tone, title, detail) == self._standing:
            return
        self._standing = (tone, title, detail)
        self._dot.show_tone(tone)
        self._status.show_text(title)
        self._detail.show_text(detail)
        self.status.setToolTip(plain_tip(f"{title}\n{detail}"))
        self.status.setAccessibleName(self.tr("People and status: %1. %2").replace("%1", title).replace("%2", detail))

    def show_search_keys(self, keys: str) -> None:
        """The shortcut that the search pill names."""
        self._keys.setText(keys)

    @property
    def open_branches(self) -> list[str]:
        """Which notebooks, folders and tags are open, for the settings."""
        return sorted(self._open)

    def open_these(self, words: Iterable[str]) -> None:
        """Opens branches at the next `show_census`."""
        self._open = set(words)

    # -- parts

    def _profile_row(self) -> QWidget:
        row = QWidget()
        row.setFixedHeight(56)
        line = QHBoxLayout(row)
        line.setContentsMargins(14, 0, 12, 0)
        line.setSpacing(10)
        self._monogram = Monogram(self._theme)
        line.addWidget(self._monogram)
        lines = QVBoxLayout()
        lines.setSpacing(0)
        self._name = Elided(UI_PX, 600)
        lines.addStretch()
        lines.addWidget(self._name)
        lines.addWidget(words(self.tr("This computer"), META_PX, tone="2"))
        lines.addStretch()
        line.addLayout(lines, 1)
        line.addWidget(self._button("panel-left", "view.sidebar", self.tr("Hide the sidebar")))
        self.show_person("", -1)
        return row

    def _search_row(self, keys: str) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(12, 0, 12, 0)
        self._search = QPushButton("\N{EN SPACE}" + self.tr("Search"))  # the style puts the icon too near
        self._search.setObjectName("searchPill")
        self._search.setIconSize(QSize(16, 16))
        self._search.setAccessibleName(self.tr("Search and go to a note"))
        self._search.clicked.connect(lambda: self.asked.emit("go.switcher"))
        inner = QHBoxLayout(self._search)
        inner.setContentsMargins(0, 0, 10, 0)
        self._keys = words(keys, META_PX, tone="3")
        self._keys.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        inner.addStretch()
        inner.addWidget(self._keys)
        line.addWidget(self._search)
        return row

    def _foot(self) -> QWidget:
        foot = QWidget()
        foot.setFixedHeight(46)
        line = QHBoxLayout(foot)
        line.setContentsMargins(6, 0, 12, 0)
        line.setSpacing(4)
        self.status = QPushButton()
        self.status.setObjectName("footStatus")
        self.status.clicked.connect(lambda: self.asked.emit("people.popover"))
        inner = QHBoxLayout(self.status)
        inner.setContentsMargins(11, 0, 6, 0)
        inner.setSpacing(9)
        self._dot = Dot(self._theme)
        inner.addWidget(self._dot)
        lines = QVBoxLayout()
        lines.setSpacing(0)
        self._status, self._detail = Elided(SMALL_PX, 500), Elided(META_PX, tone="2")
        lines.addStretch()
        lines.addWidget(self._status)
        lines.addWidget(self._detail)
        lines.addStretch()
        inner.addLayout(lines, 1)
        for part in (self._dot, self._status, self._detail):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        line.addWidget(self.status, 1)
        line.addWidget(self._button("settings", "settings.open", self.tr("Settings")))
        return foot

    def _button(self, icon: str, command: str, name: str) -> IconButton:
        made = IconButton(self._theme, icon, name)
        made.clicked.connect(lambda: self.asked.emit(command))
        return made

    def _colour(self) -> None:
        self._search.setIcon(self._theme.icon("search"))

    # -- what it tells

    def _current_changed(self, now: QModelIndex, before: QModelIndex) -> None:
        place = now.data(Role.PLACE)
        if place is not None and place != self._place:
            self._place = place
            self.place_chosen.emit(place)

    def _select(self) -> None:
        index = self.model.index_of(self._place) if self._place is not None else QModelIndex()
        if index.isValid():
            above = index.parent()
            while above.isValid():
                self.tree.expand(above)
                above = above.parent()
            self.tree.setCurrentIndex(index)
        else:
            self.tree.setCurrentIndex(QModelIndex())
            self.tree.clearSelection()

    def _remember(self, index: QModelIndex, is_open: bool) -> None:
        word = to_word(index.data(Role.PLACE))
        if is_open:
            self._open.add(word)
        else:
            self._open.discard(word)
