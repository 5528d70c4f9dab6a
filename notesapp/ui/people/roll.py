"""The part of a card that scrolls when the window is too low for all of it. As high as its content if there is room."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from notesapp.ui.parts import words
from notesapp.ui.style.tokens import META_PX

LEAST_PX = 160


class Roll(QScrollArea):
    """Fill `column`; the scroll bar appears only when it is needed."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._inside = QWidget()
        self.column = QVBoxLayout(self._inside)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(8)
        self.setWidget(self._inside)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if self.column.hasHeightForWidth():
            return self.column.totalHeightForWidth(width)
        return self.column.totalSizeHint().height()  # without a line that wraps, a layout knows no height for a width

    def sizeHint(self) -> QSize:
        width = self.width() if self.isVisible() else 300
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, min(LEAST_PX, self.heightForWidth(max(200, self.width()))))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._bar()
        super().resizeEvent(event)

    def _bar(self) -> None:
        """A bar that came while the card was lower takes width, and Qt keeps it for the lines that this width costs."""
        fits = self.heightForWidth(self.width()) <= self.height()
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if fits else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        if policy != self.verticalScrollBarPolicy():
            self.setVerticalScrollBarPolicy(policy)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._inside and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
            self._bar()
        return super().eventFilter(watched, event)


def section(title: str) -> QWidget:
    """A small title above a group of rows."""
    label = words(title.upper(), META_PX, 600, "3")
    label.setContentsMargins(0, 10, 0, 0)
    return label


class Rows(QWidget):
    """Rows that are made anew only when what they show differs: a menu that is open must not lose its row."""

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(2)
        self._shown: object = None

    def differs(self, shown: object) -> bool:
        """Whether this is something else than what is shown; then all rows are gone and new ones can be added."""
        if shown == self._shown:
            return False
        self._shown = shown
        while (item := self.column.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        return True
