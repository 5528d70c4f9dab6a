"""The settings window: a list of pages at the left, the page at the right. Not modal: notes go on beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QStackedWidget, QWidget

from notesapp.ui.parts import rule
from notesapp.ui.style.theme import Theme
from notesapp.ui.toast import Toast


class SettingsWindow(QDialog):
    """Pages are built when they are first shown; `pages` maps a stable name to (title, icon, builder)."""

    def __init__(
        self,
        theme: Theme,
        parent: QWidget,
        pages: Mapping[str, tuple[str, str, Callable[[], QWidget]]],
        fleeting: Iterable[str] = (),
    ) -> None:
        """`fleeting`: pages whose values commands change too; they are built anew when shown."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings – Notesapp"))
        self.setModal(False)
        self.resize(820, 600)
        self._theme, self._pages = theme, dict(pages)
        self._built: dict[str, QWidget] = {}
        self._fleeting = frozenset(fleeting)
        self._list = QListWidget()
        self._list.setObjectName("plain")
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setIconSize(QSize(16, 16))
        self._list.setAccessibleName(self.tr("Pages"))
        for name, (title, _, _) in self._pages.items():
            item = QListWidgetItem(title)
            item.setData(Qt.ItemDataRole.UserRole, name)
            self._list.addItem(item)
        self._list.setFixedWidth(max(200, self._list.sizeHintForColumn(0) + 48))  # and the icons, which come later
        self._stack = QStackedWidget()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        side = QWidget()
        side.setObjectName("sidebar")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        inner = QHBoxLayout(side)
        inner.setContentsMargins(2, 12, 2, 8)
        inner.addWidget(self._list)
        line.addWidget(side)
        line.addWidget(rule(vertical=True))
        line.addWidget(self._stack, 1)
        self._list.currentRowChanged.connect(self._row)
        theme.changed.connect(self._colour)
        theme.changed.connect(self.refresh)
        self._colour()
        self._toast = Toast(self, self._stack.geometry, QRect)

    def say(self, sentence: str, act: str = "", run: Callable[[], object] | None = None) -> None:
        """Shows a sentence here as well, while the person looks at this window and not at the one behind it."""
        if self.isActiveWindow():
            self._toast.say(sentence, act, run)

    def show_page(self, name: str) -> None:
        """Opens the window at a page."""
        row = list(self._pages).index(name)
        self._list.setCurrentRow(row)
        self._row(row)
        self.show()
        self.raise_()
        self.activateWindow()
        page = self.page(name)
        (page if page.focusProxy() is not None else self._list).setFocus()

    def page(self, name: str) -> QWidget:
        """A page's widget, built if need be."""
        if name not in self._built:
            self._built[name] = self._pages[name][2]()
            self._stack.addWidget(self._built[name])
        return self._built[name]

    def forget(self, name: str) -> None:
        """Builds a page anew the next time, because what it shows has changed."""
        old = self._built.pop(name, None)
        if old is not None:
            shown = self._stack.currentWidget() is old
            self._stack.removeWidget(old)
            old.deleteLater()
            if shown:
                self._stack.setCurrentWidget(self.page(name))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        elif event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)

    def _row(self, row: int) -> None:
        if row >= 0:
            name = list(self._pages)[row]
            if name in self._fleeting:
                self.forget(name)
            self._stack.setCurrentWidget(self.page(name))

    def refresh(self) -> None:
        """Shows what commands changed meanwhile; a page in which the person is choosing is left alone."""
        here = QApplication.focusWidget()
        for name in self._fleeting & self._built.keys():
            if here is None or not self._built[name].isAncestorOf(here):
                self.forget(name)

    def _colour(self) -> None:
        for number, (_, icon, _) in enumerate(self._pages.values()):
            item = self._list.item(number)
            if item is not None:
                item.setIcon(self._theme.icon(icon))
