"""Tells keyboard from mouse: a focus ring is drawn only for who moves by keys (like CSS :focus-visible)."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QAbstractItemView


class KeyboardMark(QObject):
    """Sets the dynamic property `keyboard` on a view: True after a key or Tab, False after a click."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view
        view.setProperty("keyboard", False)
        view.installEventFilter(self)
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event.type():
            case QEvent.Type.KeyPress:
                self._set(True)
            case QEvent.Type.MouseButtonPress:
                self._set(False)
            case _:
                pass
        return False

    def _set(self, on: bool) -> None:
        if self._view.property("keyboard") != on:
            self._view.setProperty("keyboard", on)
            self._view.viewport().update()
