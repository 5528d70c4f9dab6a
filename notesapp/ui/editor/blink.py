"""Makes the caret blink at the system's pace, or stand still for pictures in tests."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget


class Blink:
    """The blinking of one widget's caret. `seen` says whether it is to be painted now."""

    def __init__(self, owner: QWidget, repaint: Callable[[], None]) -> None:
        self._owner = owner
        self._repaint = repaint
        self.seen = True
        self._steady = False
        self._timer = QTimer(owner)
        self._timer.timeout.connect(self._toggle)

    def set_steady(self, steady: bool) -> None:
        """A caret that doesn't blink."""
        self._steady = steady
        self.restart()

    def restart(self, *, seen: bool = True) -> None:
        """Begins anew, because the caret has moved or the focus has."""
        self.seen = seen or self.seen
        time_ms = QGuiApplication.styleHints().cursorFlashTime()
        if not self._steady and self._owner.hasFocus() and time_ms > 0:
            self._timer.start(time_ms // 2)
        else:
            self._timer.stop()

    def _toggle(self) -> None:
        self.seen = not self.seen
        self._repaint()
