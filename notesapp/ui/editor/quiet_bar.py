"""The editor's scroll bar."""

from __future__ import annotations

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QScrollBar


class QuietBar(QScrollBar):
    """A scroll bar that always has its room, so that no text moves when it comes, and is seen only if it is of use."""

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.maximum() > self.minimum():
            super().paintEvent(event)
