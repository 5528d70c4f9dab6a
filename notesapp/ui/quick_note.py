"""The small window for a thought in between: type, Ctrl+Enter or close, and it is kept."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QTextEdit, QVBoxLayout, QWidget

from notesapp.ui.parts import button, words
from notesapp.ui.style.fonts import body_font
from notesapp.ui.style.theme import Theme
from notesapp.ui.style.tokens import META_PX
from notesapp.ui.window import app_icon


class QuickNote(QWidget):
    """`written(text)` comes once when it is closed with something in it; Escape throws it away."""

    written = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Quick note"))
        self.setWindowIcon(app_icon())
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
        self.resize(460, 260)
        self.setObjectName("notePane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._text = QTextEdit()
        self._text.setAcceptRichText(False)
        self._text.setFrameShape(QFrame.Shape.NoFrame)
        self._text.setFont(body_font(theme.body_px))
        self._text.setPlaceholderText(self.tr("What is on your mind?"))
        self._text.setAccessibleName(self.tr("Text of the quick note"))
        self._text.installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 14, 12)
        column.addWidget(self._text)
        row = QHBoxLayout()
        row.addWidget(words(self.tr("Ctrl+Enter keeps it · Esc throws it away"), META_PX, tone="3"))
        row.addStretch()
        row.addWidget(button(self.tr("Keep"), "primary", self.close))
        column.addLayout(row)

    def appear(self) -> None:
        """Shows itself in the middle of the screen with the caret in it."""
        screen = QGuiApplication.screenAt(self.cursor().pos()) or QGuiApplication.primaryScreen()
        if screen is not None:
            self.move(screen.availableGeometry().center() - self.rect().center())
        self.show()
        self.raise_()
        self.activateWindow()
        self._text.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._key(event)

    def eventFilter(self, watched: object, event: object) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.KeyPress:
            return self._key(event)
        return False

    def _key(self, event: QKeyEvent) -> bool:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.close()
            return True
        if event.key() == Qt.Key.Key_Escape:
            self._text.clear()
            self.close()
            return True
        return False

    def closeEvent(self, event: QCloseEvent) -> None:
        text = self._text.toPlainText().strip()
        self._text.clear()
        if text:
            self.written.emit(text)
        super().closeEvent(event)
