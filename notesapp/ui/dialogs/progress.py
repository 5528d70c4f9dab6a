"""A card for work that takes a while: what is being done, how far it is, and a button that really cancels."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget
from shiboken6 import isValid

from notesapp.ui.dialogs.sheet import Sheet
from notesapp.ui.parts import button, words
from notesapp.ui.style.theme import Theme

T = TypeVar("T")
Progress = Callable[[int, int, str], None]


class _Working(Sheet[None]):
    def __init__(self, theme: Theme, over: QWidget, title: str, cancel: Callable[[], object]) -> None:
        super().__init__(theme, over, width=420)
        self.setAccessibleName(title)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 0)
        self._what = words("", 12, tone="2")
        self.column.addWidget(words(title, 16, 600, wrap=True))
        self.column.addWidget(self._bar)
        self.column.addWidget(self._what)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(button(QCoreApplication.translate("Ask", "Cancel"), pressed=cancel))
        self.column.addLayout(row)
        self._cancel = cancel

    def tell(self, done: int, total: int, what: str) -> None:
        if self.has_ended:
            return  # the window closes; the work comes to its end without being watched
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        text = what if total <= 0 else f"{done} / {total}  {what}"
        metrics = self._what.fontMetrics()
        self._what.setText(metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, 370))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._cancel()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # a click beside it must not end the work


async def work(theme: Theme, over: QWidget, title: str, run: Callable[[Progress], Awaitable[T]]) -> T | None:
    """The result of `run(progress)`; None when the person cancelled it. Quick work shows no card at all."""

    def tell(done: int, total: int, what: str) -> None:
        if isValid(sheet):
            sheet.tell(done, total, what)

    task: asyncio.Future[T] = asyncio.ensure_future(run(tell))
    sheet = _Working(theme, over, title, task.cancel)
    try:
        await asyncio.wait([task], timeout=0.25)
        if not task.done() and isValid(sheet):  # the window may have closed meanwhile; the work goes on to its end
            sheet.open()
        return await task
    except asyncio.CancelledError:
        running = asyncio.current_task()
        if running is not None and running.cancelling():
            task.cancel()
            raise
        return None
    finally:
        if isValid(sheet):
            sheet.finish(None)
