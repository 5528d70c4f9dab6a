"""The icon beside the clock: open, quick note, quit. Absent where the system has no such place."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from notesapp.ui.window import app_icon


class Tray(QObject):
    """`open_asked`, `quick_note_asked`, `quit_asked`."""

    open_asked = Signal()
    quick_note_asked = Signal()
    quit_asked = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._icon: QSystemTrayIcon | None = None
        self._menu: QMenu | None = None

    @property
    def shown(self) -> bool:
        """Whether the program can be reached there."""
        return self._icon is not None and self._icon.isVisible()

    def show(self, on: bool) -> None:
        """Shows the icon where there is a tray; nothing happens where there is none."""
        if not on or not QSystemTrayIcon.isSystemTrayAvailable():
            if self._icon is not None:
                self._icon.hide()
            return
        if self._icon is None:
            self._build()
        if self._icon is not None:
            self._icon.show()

    def _build(self) -> None:
        self._menu = QMenu()
        self._menu.addAction(self.tr("Open Notesapp")).triggered.connect(self.open_asked)
        self._menu.addAction(self.tr("Quick note")).triggered.connect(self.quick_note_asked)
        self._menu.addSeparator()
        self._menu.addAction(self.tr("Quit")).triggered.connect(self.quit_asked)
        self._icon = QSystemTrayIcon(app_icon(), self)
        self._icon.setToolTip("Notesapp")
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._activated)

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason == QSystemTrayIcon.ActivationReason.Trigger:
            self.open_asked.emit()
