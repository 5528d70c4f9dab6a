"""Readies and lays out a long note bit by bit, so that it shows at once and never stops a key.

Qt lays a long document out lazily too, but the first change made meanwhile ends that for good (6.11, 6.12: the rest of
the note is then never laid out). So it is done here: a slice of lines at a time, or up to a line that is asked for.
"""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QTextDocument

from notesapp.ui.editor.sheet import Sheet

SLICE_LINES = 24
SLICE_S = 0.006


class LayingOut(QObject):
    """Works on one sheet at a time, the one on the screen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sheet: Sheet | None = None
        self._document: QTextDocument | None = None
        self._next = 0
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._tick)

    def start(self, sheet: Sheet) -> None:
        """Begins anew: another document is on the screen, or its width has changed."""
        self._sheet, self._document, self._next = sheet, sheet.document, 0
        self._timer.start()

    def stop(self) -> None:
        """There is nothing on the screen."""
        self._timer.stop()
        self._sheet = self._document = None

    def ensure(self, number: int) -> None:
        """Readies and lays out everything up to line `number`, at once."""
        while self._timer.isActive() and self._next <= number:
            self._slice()

    def _tick(self) -> None:
        until = time.perf_counter() + SLICE_S
        while self._timer.isActive() and time.perf_counter() < until:
            self._slice()

    def _slice(self) -> None:
        sheet = self._sheet
        if sheet is None or sheet.document is not self._document:
            self._timer.stop()
            return
        document = sheet.document
        block = document.findBlockByNumber(self._next)
        while block.isValid() and block.layout().lineCount() and self._next < sheet.ready:
            block = block.next()
            self._next += 1
        if not block.isValid():
            self._timer.stop()
            sheet.restyled.emit()
            return
        last = min(self._next + SLICE_LINES, document.blockCount()) - 1
        sheet.prepare(last + 1)
        start = block.position()
        end = document.findBlockByNumber(last)
        document.markContentsDirty(start, end.position() + end.length() - start)
        self._next = last + 1
