"""The window before the window: asks for the passphrase, or for the words of the recovery kit."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from notesapp.errors import KeyLost, KeyringSilent, NotesError, PassphraseNeeded, WrongPassphrase
from notesapp.node.home import Unlock
from notesapp.ui.parts import button, words
from notesapp.ui.sayings import said
from notesapp.ui.style.theme import Theme
from notesapp.ui.window import app_icon


class UnlockWindow(QWidget):
    """`await ask()` gives what the person typed; None when the window was closed."""

    def __init__(self, theme: Theme, error: NotesError) -> None:
        super().__init__()
        self.setWindowTitle("Notesapp")
        self.setWindowIcon(app_icon())
        self.setObjectName("notePane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(420)
        self._future: asyncio.Future[Unlock | None] | None = None
        self._with_kit = isinstance(error, KeyLost)
        picture = QLabel()
        picture.setPixmap(app_icon().pixmap(64, 64))
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._title = words("", 18, 700)
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._passphrase = QLineEdit()
        self._passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self._passphrase.setPlaceholderText(self.tr("Passphrase"))
        self._passphrase.setAccessibleName(self.tr("Passphrase"))
        self._passphrase.returnPressed.connect(self._go)
        self._kit = QPlainTextEdit()
        self._kit.setPlaceholderText(self.tr("The 24 words of the recovery kit"))
        self._kit.setAccessibleName(self.tr("The 24 words of the recovery kit"))
        self._kit.setFixedHeight(96)
        self._kit.setTabChangesFocus(True)
        self._wrong = words("", 12, tone="err", wrap=True)
        self._other = button("", "link", self._switch)
        self._yes = button(self.tr("Open"), "primary", self._go)
        row = QHBoxLayout()
        row.addWidget(self._other)
        row.addStretch()
        row.addWidget(self._yes)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 32, 32, 24)
        column.setSpacing(12)
        for widget in (picture, self._title, self._passphrase, self._kit, self._wrong):
            column.addWidget(widget)
        column.addLayout(row)
        self._wrong.hide()
        self._show_fields()
        if not isinstance(error, PassphraseNeeded):
            self._say(self._why(error))

    def _say(self, sentence: str) -> None:
        """What went wrong, below the fields; the window grows for it."""
        self._wrong.setText(sentence)
        self._wrong.setVisible(bool(sentence))
        self.adjustSize()

    def _why(self, error: NotesError) -> str:
        """The sentence for who has a button here, where others would need a command."""
        match error:
            case KeyLost():
                return self.tr("The key to these notes is gone from this computer; the recovery kit opens them.")
            case KeyringSilent():
                return self.tr("This computer’s keyring gives no key; log in to it and start again, or use the kit.")
            case WrongPassphrase():
                return self.tr("That passphrase doesn’t open these notes; try again, or use the recovery kit.")
            case _:
                return said(error.sentence)

    async def ask(self) -> Unlock | None:
        """Shows the window until something was typed."""
        self._future = asyncio.get_running_loop().create_future()
        self.setEnabled(True)
        self.show()
        self.raise_()
        self.activateWindow()
        (self._kit if self._with_kit else self._passphrase).setFocus()
        return await self._future

    def refuse(self, error: NotesError) -> None:
        """That did not open the notes."""
        self._say(self._why(error))
        self._passphrase.selectAll()

    def _go(self) -> None:
        kit = self._kit.toPlainText().strip() if self._with_kit else None
        typed = self._passphrase.text()
        if self._future is None or self._future.done() or not (kit or (typed and not self._with_kit)):
            return
        self._say("")
        self.setEnabled(False)
        self._future.set_result(Unlock(passphrase=typed or None, kit=kit))

    def _switch(self) -> None:
        self._with_kit = not self._with_kit
        self._show_fields()

    def _show_fields(self) -> None:
        self._kit.setVisible(self._with_kit)
        self._passphrase.setVisible(True)
        if self._with_kit:
            self._title.setText(self.tr("Recover your notes"))
            self._passphrase.setPlaceholderText(self.tr("A new passphrase, if you want one"))
            self._other.setText(self.tr("I know the passphrase"))
        else:
            self._title.setText(self.tr("Your notes are locked"))
            self._passphrase.setPlaceholderText(self.tr("Passphrase"))
            self._other.setText(self.tr("Use the recovery kit"))
        self.adjustSize()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._future is not None and not self._future.done():
            self._future.set_result(None)
        super().closeEvent(event)
