"""The window instead of the window: says in one sentence why the notes could not be opened, with one button."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout

from notesapp.ui.parts import button, words
from notesapp.ui.sayings import said
from notesapp.ui.window import app_icon


class Sorry(QDialog):
    """Enter, Escape and the button close it."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        sentence = said(sentence)
        self.setWindowTitle("Notesapp")
        self.setWindowIcon(app_icon())
        self.setObjectName("notePane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(460)
        title = self.tr("Your notes could not be opened")
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
        picture = QLabel()
        picture.setPixmap(app_icon().pixmap(48, 48))
        self.said = words(sentence, wrap=True)
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.close_button = button(self.tr("Close"), "primary", self.accept)
        self.close_button.setDefault(True)
        text = QVBoxLayout()
        text.setSpacing(6)
        text.addWidget(words(title, 16, 600, wrap=True))
        text.addWidget(self.said)
        across = QHBoxLayout()
        across.setSpacing(18)
        across.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        across.addLayout(text, 1)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(26, 26, 22, 20)
        column.setSpacing(18)
        column.addLayout(across)
        column.addLayout(row)
