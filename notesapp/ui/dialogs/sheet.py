"""A card above the window: dims what is below, keeps the Tab key inside, ends with a result. Blocks nothing.

`await sheet.ask()` shows it and gives the result, None when it was left. There is never a nested event loop.
"""

from __future__ import annotations

import asyncio
from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QCloseEvent, QColor, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget
from shiboken6 import isValid

from notesapp.ui.style.theme import Theme

Result = TypeVar("Result")


class Sheet(QWidget, Generic[Result]):
    """The base of all cards; subclasses fill `column` and call `finish`."""

    ended = Signal()

    def __init__(self, theme: Theme, over: QWidget, *, width: int = 440, top: int | None = None) -> None:
        """`over`: any widget of the window; `top`: distance of the card from the window's top, None = in the middle."""
        super().__init__(over.window())
        self._theme, self._width, self._top = theme, width, top
        self._before: QWidget | None = None
        self._future: asyncio.Future[Result | None] | None = None
        self.outcome: Result | None = None
        self._ended = False
        self.card = QFrame(self)
        self.card.setObjectName("card")
        self.column = QVBoxLayout(self.card)
        self.column.setContentsMargins(20, 18, 20, 18)
        self.column.setSpacing(10)
        over.window().installEventFilter(self)
        self.hide()

    # -- life

    def open(self, focus: QWidget | None = None) -> None:
        """Shows the card and puts the focus into it; not once it has ended, as when the window closes meanwhile."""
        if self._ended:
            return
        self._before = QApplication.focusWidget()
        self._cover()
        self.show()
        self.raise_()
        if focus is None or not (focus.isVisibleTo(self) and focus.isEnabled()):
            focus = self.card  # what can't have it leaves it to the editor below, and Escape with it
        focus.setFocus(Qt.FocusReason.PopupFocusReason)

    @property
    def has_ended(self) -> bool:
        """Whether a result was given, or the card was left; its widgets may be gone then."""
        return self._ended

    async def ask(self, focus: QWidget | None = None) -> Result | None:
        """Shows the card and returns what the person chose; None when it was left."""
        self._future = asyncio.get_running_loop().create_future()
        self.open(focus)
        try:
            return await self._future
        finally:
            self.finish(None)

    def finish(self, result: Result | None) -> None:
        """Ends the card; the focus goes back to where it was. A second call does nothing."""
        if self._ended:
            return
        self._ended = True
        self.outcome = result
        future, self._future = self._future, None
        self.hide()
        if self._before is not None and isValid(self._before) and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.window().removeEventFilter(self)
        self.ended.emit()
        self.deleteLater()
        if future is not None and not future.done():
            future.set_result(result)

    # -- Qt

    def closeEvent(self, event: QCloseEvent) -> None:
        self.finish(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.finish(None)
        event.accept()  # nothing below the card hears keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.card.geometry().contains(event.position().toPoint()):
            self.finish(None)

    def focusNextPrevChild(self, forward: bool) -> bool:
        stops = [
            child
            for child in self.card.findChildren(QWidget)
            if child.isVisible() and child.isEnabled() and child.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        if not stops:
            return True
        here = QApplication.focusWidget()
        at = stops.index(here) if here in stops else -1
        stops[(at + (1 if forward else -1)) % len(stops)].setFocus(
            Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        )
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._cover()
        return False

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            event.setAccepted(not event.matches(QKeySequence.StandardKey.Quit))  # no command runs below the card
            return True
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self._place()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(0, 0, 0, 110 if self._theme.tokens.dark else 50))
        self.paint_shadow(painter)
        painter.end()

    def paint_shadow(self, painter: QPainter) -> None:
        """A soft shadow of the card, without an effect that renders it twice."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 5))
        for spread in range(18, 0, -2):
            box = QRectF(self.card.geometry()).adjusted(-spread, -spread + 6, spread, spread + 6)
            painter.drawRoundedRect(box, 12 + spread, 12 + spread)

    def _cover(self) -> None:
        self.setGeometry(self.window().rect())
        self._place()

    def _place(self) -> None:
        width = min(self._width, self.width() - 32)
        self.card.setFixedWidth(width)
        layout = self.card.layout()
        frame = self.card.width() - self.card.contentsRect().width()  # the border takes room from what is in it
        needs = layout.heightForWidth(width - frame) + frame if layout is not None and layout.hasHeightForWidth() else 0
        height = min(max(needs, self.card.sizeHint().height()), self.height() - 32)
        top = (self.height() - height) // 2 if self._top is None else min(self._top, self.height() - height - 16)
        self.card.setGeometry((self.width() - width) // 2, max(16, top), width, height)
        self.update()  # the shadow of a card that was larger lies outside of the card
