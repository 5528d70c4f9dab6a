"""The two small questions: yes or no, and a line of text."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from notesapp.ui.dialogs.sheet import Sheet
from notesapp.ui.parts import button, words
from notesapp.ui.style.theme import Theme


def _tr(text: str) -> str:
    return QCoreApplication.translate("Ask", text)


async def confirm(theme: Theme, over: QWidget, title: str, sentence: str, yes: str, *, danger: bool = False) -> bool:
    """True if the person pressed the button named `yes`."""
    sheet: Sheet[bool] = Sheet(theme, over, width=400)
    sheet.setAccessibleName(title)
    sheet.column.addWidget(words(title, 16, 600, wrap=True))
    sheet.column.addWidget(words(sentence, tone="2", wrap=True))
    row = QHBoxLayout()
    row.addStretch()
    no = button(_tr("Cancel"), pressed=lambda: sheet.finish(False))
    row.addWidget(no)
    act = button(yes, "danger" if danger else "primary", lambda: sheet.finish(True))
    row.addWidget(act)
    sheet.column.addSpacing(6)
    sheet.column.addLayout(row)
    return bool(await sheet.ask(no if danger else act))


class TextSheet(Sheet[str]):
    """Asks for one line of text, e.g. a name; the button works once `check` finds nothing wrong."""

    def __init__(
        self,
        theme: Theme,
        over: QWidget,
        title: str,
        yes: str,
        text: str = "",
        *,
        check: Callable[[str], str] = lambda _: "",
        hidden: bool = False,
    ) -> None:
        """`check` returns what is wrong with a text, or an empty text."""
        super().__init__(theme, over, width=400)
        self.setAccessibleName(title)
        self._check = check
        self.line = QLineEdit(text)
        self.line.setAccessibleName(title)
        if hidden:
            self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.selectAll()
        self._wrong = words("", 12, tone="err", wrap=True)
        self._wrong.hide()
        self.column.addWidget(words(title, 16, 600, wrap=True))
        self.column.addWidget(self.line)
        self.column.addWidget(self._wrong)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(button(_tr("Cancel"), pressed=lambda: self.finish(None)))
        self._yes = button(yes, "primary", self._accept)
        row.addWidget(self._yes)
        self.column.addSpacing(4)
        self.column.addLayout(row)
        self.line.textChanged.connect(self._typed)
        self.line.returnPressed.connect(self._accept)
        self._typed(text)

    def _typed(self, text: str) -> None:
        wrong = self._check(text.strip()) if text.strip() else ""
        self._wrong.setText(wrong)
        self._wrong.setVisible(bool(wrong))
        self._yes.setEnabled(bool(text.strip()) and not wrong)

    def _accept(self) -> None:
        if self._yes.isEnabled():
            self.finish(self.line.text().strip())


async def ask_text(
    theme: Theme,
    over: QWidget,
    title: str,
    yes: str,
    text: str = "",
    *,
    check: Callable[[str], str] = lambda _: "",
) -> str | None:
    """The text, stripped and not empty; None if the person left."""
    sheet = TextSheet(theme, over, title, yes, text, check=check)
    return await sheet.ask(sheet.line)
