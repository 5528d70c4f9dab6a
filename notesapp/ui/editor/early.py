"""Keeps what is typed while a note is still being read, and types it once it is there: never into the one before."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QTextEdit

_COMMANDS = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)  # left to the window: they don't write


class EarlyKeys(QObject):
    """What was typed too early for one editor. Filters its events only while it holds."""

    def __init__(self, editor: QTextEdit) -> None:
        super().__init__(editor)
        self._editor = editor
        self._held: list[QKeyEvent | QInputMethodEvent] = []
        self._holding = False

    def hold(self) -> None:
        """From now on keys wait; what waited for a note that nobody will see is gone."""
        self._held.clear()
        if not self._holding:
            self._holding = True
            self._editor.installEventFilter(self)

    def end(self, type_them: bool) -> None:
        """Types what waited, or forgets it; what an editor that takes nothing gets is lost, as ever."""
        held, self._held = self._held, []
        if self._holding:
            self._holding = False
            self._editor.removeEventFilter(self)
        if type_them:
            for event in held:
                QCoreApplication.sendEvent(self._editor, event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.modifiers() & _COMMANDS:
                return False
            self._held.append(event.clone())
            return True
        if isinstance(event, QInputMethodEvent) and event.commitString():
            self._held.append(event.clone())
            return True
        return False
