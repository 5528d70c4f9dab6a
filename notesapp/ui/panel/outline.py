"""The headings of the open note; a click goes there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStackedWidget

from notesapp.ui.editor.outline import OutlineEntry
from notesapp.ui.parts import Empty
from notesapp.ui.style.fonts import ui_font
from notesapp.ui.style.theme import Theme
from notesapp.ui.style.tokens import UI_PX


class Outline(QStackedWidget):
    """The list of headings."""

    heading_chosen = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._rows: tuple[OutlineEntry, ...] = ()
        self._list = QListWidget()
        self._list.setObjectName("plain")
        self._list.setAccessibleName(self.tr("Outline"))
        self._list.itemActivated.connect(self._chosen)
        self._list.itemClicked.connect(self._chosen)
        empty = Empty(theme)
        empty.say("list-tree", self.tr("No headings yet"), self.tr("A line that begins with # becomes a heading."))
        self.addWidget(self._list)
        self.addWidget(empty)

    def show_rows(self, rows: Sequence[OutlineEntry]) -> None:
        """Shows these headings; nothing happens when they are the same."""
        if tuple(rows) == self._rows and self._list.count() == len(rows):
            self.setCurrentIndex(0 if rows else 1)
            return
        self._rows = tuple(rows)
        self._list.clear()
        top = min((row.level for row in rows), default=1)
        for row in rows:
            item = QListWidgetItem("    " * (row.level - top) + (row.text or self.tr("Untitled")))
            item.setFont(ui_font(UI_PX, 600 if row.level == top else 400))
            item.setData(Qt.ItemDataRole.UserRole, row.at)
            item.setData(
                Qt.ItemDataRole.AccessibleTextRole,
                self.tr("%1, level %2").replace("%1", row.text).replace("%2", str(row.level)),
            )
            self._list.addItem(item)
        self.setCurrentIndex(0 if rows else 1)

    def _chosen(self, item: QListWidgetItem) -> None:
        self.heading_chosen.emit(item.data(Qt.ItemDataRole.UserRole))
