"""Previous versions of the open note: one row for each stretch of work, the newest first. Choosing one previews it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStackedWidget

from notesapp.node.history import SOMEBODY, YOU, Version
from notesapp.ui.parts import Empty
from notesapp.ui.sayings import said
from notesapp.ui.style.theme import Theme
from notesapp.ui.when import long_time


class Versions(QStackedWidget):
    """The list of stretches of work; the newest is what is on the screen."""

    version_chosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._list = QListWidget()
        self._list.setObjectName("plain")
        self._list.setAccessibleName(self.tr("Previous versions"))
        self._list.itemActivated.connect(self._chosen)
        self._list.itemClicked.connect(self._chosen)
        empty = Empty(theme)
        empty.say(
            "history", self.tr("No earlier versions"), self.tr("Every change is kept; they appear here as you write.")
        )
        self.addWidget(self._list)
        self.addWidget(empty)
        self.setCurrentIndex(1)

    def show_versions(self, rows: Sequence[Version]) -> None:
        """Shows these; the newest is what is on the screen now."""
        self._list.clear()
        for number, row in enumerate(rows):
            head = self.tr("Now") if number == 0 else long_time(row.at_ms)
            who = said(row.author) if row.author in (YOU, SOMEBODY) else row.author
            item = QListWidgetItem(f"{head}\n{who} · +{row.inserted}  −{row.removed}")
            spoken = self.tr("%1, %2 characters added, %3 removed")
            spoken = spoken.replace("%2", str(row.inserted)).replace("%3", str(row.removed))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken.replace("%1", f"{head}, {who}"))
            item.setData(Qt.ItemDataRole.UserRole, None if number == 0 else row)
            self._list.addItem(item)
        self.setCurrentIndex(0 if len(rows) > 1 else 1)

    def _chosen(self, item: QListWidgetItem) -> None:
        self.version_chosen.emit(item.data(Qt.ItemDataRole.UserRole))
