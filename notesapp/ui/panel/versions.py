"""Previous versions of the open note: one row for each sitting, the newest first. Choosing one previews it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStackedWidget

from notesapp.ui.parts import Empty
from notesapp.ui.style.theme import Theme
from notesapp.ui.when import long_time

SITTING_GAP_MS = 5 * 60_000  # who pauses longer has begun anew


@dataclass(frozen=True, slots=True)
class Sitting:
    """What was written without a long pause: the state at its end, and how much came and went (code points)."""

    heads: tuple[bytes, ...]
    at_ms: int
    author: str
    inserted: int
    deleted: int


def sittings(steps: Sequence[Sitting]) -> list[Sitting]:
    """Joins steps (oldest first) of one author that follow each other closely; the newest sitting comes first."""
    joined: list[Sitting] = []
    for step in steps:
        last = joined[-1] if joined else None
        if last is not None and last.author == step.author and step.at_ms - last.at_ms <= SITTING_GAP_MS:
            joined[-1] = Sitting(
                step.heads, step.at_ms, step.author, last.inserted + step.inserted, last.deleted + step.deleted
            )
        else:
            joined.append(step)
    return joined[::-1]


class Versions(QStackedWidget):
    """The list of sittings."""

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

    def show_sittings(self, rows: Sequence[Sitting]) -> None:
        """Shows these; the newest is what is on the screen now."""
        self._list.clear()
        for number, row in enumerate(rows):
            head = self.tr("Now") if number == 0 else long_time(row.at_ms)
            who = f"{row.author} · " if row.author else ""
            item = QListWidgetItem(f"{head}\n{who}+{row.inserted}  −{row.deleted}")
            spoken = self.tr("%1, %2 characters added, %3 removed")
            item.setData(
                Qt.ItemDataRole.AccessibleTextRole,
                spoken.replace("%1", head).replace("%2", str(row.inserted)).replace("%3", str(row.deleted)),
            )
            item.setData(Qt.ItemDataRole.UserRole, None if number == 0 else row)
            self._list.addItem(item)
        self.setCurrentIndex(0 if len(rows) > 1 else 1)

    def _chosen(self, item: QListWidgetItem) -> None:
        self.version_chosen.emit(item.data(Qt.ItemDataRole.UserRole))
